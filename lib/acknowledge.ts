import { CfnResource, type Stack, Validations } from 'aws-cdk-lib';
import { CfnManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { ACKNOWLEDGEMENTS, type Acknowledgement } from './acknowledgements.ts';
import { wildcardFindings } from './wildcard-findings.ts';

/** Set in the app's context, it leaves everything unacknowledged, for who wants to see all findings. */
export const SHOW_ALL_FINDINGS = 'modelway:show-all-findings';

/** The finding of cdk-nag that names each wildcard of a policy by itself. */
const WILDCARD_RULE = 'AwsSolutions-IAM5';

/** Does an acknowledgement speak of this resource? Its path is that of the construct tree, below the stack. */
export function appliesTo(acknowledgement: Acknowledgement, resource: CfnResource): boolean {
  const path = resource.node.path.slice(resource.stack.node.path.length + 1);
  return (
    (acknowledgement.type === undefined || acknowledgement.type === resource.cfnResourceType) &&
    acknowledgement.resource.test(path)
  );
}

/** The ids under which a tool reports what an acknowledgement accepts on this resource. */
export function acceptedIds(acknowledgement: Acknowledgement, resource: CfnResource): readonly string[] {
  const { rule, finding } = acknowledgement;
  if (finding === undefined) return [rule];
  if (rule !== WILDCARD_RULE || !(resource instanceof CfnManagedPolicy)) return [];
  return wildcardFindings(resource.stack.resolve(resource.policyDocument))
    .filter((found) => finding.test(found))
    .map((found) => `${rule}[${found}]`);
}

/**
 * Writes the acknowledged findings where each tool looks for them: cdk-nag in the construct tree, checkov and cfn-lint in the
 * resource's metadata, with the reason beside.
 */
export function acknowledgeFindings(stack: Stack): void {
  if (stack.node.tryGetContext(SHOW_ALL_FINDINGS) !== undefined) return;
  for (const resource of stack.node.findAll().filter((child) => CfnResource.isCfnResource(child))) {
    const accepted = ACKNOWLEDGEMENTS.filter((acknowledgement) => appliesTo(acknowledgement, resource)).flatMap(
      (acknowledgement) => acceptedIds(acknowledgement, resource).map((id) => ({ ...acknowledgement, id })),
    );
    const of = (tool: Acknowledgement['tool']) => accepted.filter((acknowledgement) => acknowledgement.tool === tool);
    const nag = of('cdk-nag');
    if (nag.length > 0) Validations.of(resource).acknowledge(...nag.map(({ id, reason }) => ({ id, reason })));
    const checkov = of('checkov');
    if (checkov.length > 0)
      resource.addMetadata('checkov', { skip: checkov.map(({ id, reason }) => ({ id, comment: reason })) });
    const lint = of('cfn-lint');
    if (lint.length > 0) resource.addMetadata('cfn-lint', { config: { ignore_checks: lint.map(({ id }) => id) } });
  }
}
