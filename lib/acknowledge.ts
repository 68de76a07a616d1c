import { CfnResource, type Stack, Validations } from 'aws-cdk-lib';
import { ACKNOWLEDGEMENTS, type Acknowledgement } from './acknowledgements.ts';

/** Does an acknowledgement speak of this resource? Paths are those of the construct tree, below the stack. */
export function appliesTo(acknowledgement: Acknowledgement, resource: CfnResource): boolean {
  const path = resource.node.path.slice(resource.stack.node.path.length + 1);
  return (
    (acknowledgement.type === undefined || acknowledgement.type === resource.cfnResourceType) &&
    acknowledgement.resource.test(path)
  );
}

/**
 * Writes the acknowledged findings where each tool looks for them: cdk-nag in the construct tree, checkov and cfn-lint in the
 * resource's metadata, with the reason beside.
 */
export function acknowledgeFindings(stack: Stack): void {
  for (const resource of stack.node.findAll().filter((child) => CfnResource.isCfnResource(child))) {
    const own = ACKNOWLEDGEMENTS.filter((acknowledgement) => appliesTo(acknowledgement, resource));
    const of = (tool: Acknowledgement['tool']) => own.filter((acknowledgement) => acknowledgement.tool === tool);
    const nag = of('cdk-nag');
    if (nag.length > 0) Validations.of(resource).acknowledge(...nag.map(({ rule, reason }) => ({ id: rule, reason })));
    const checkov = of('checkov');
    if (checkov.length > 0)
      resource.addMetadata('checkov', { skip: checkov.map(({ rule, reason }) => ({ id: rule, comment: reason })) });
    const lint = of('cfn-lint');
    if (lint.length > 0) resource.addMetadata('cfn-lint', { config: { ignore_checks: lint.map(({ rule }) => rule) } });
  }
}
