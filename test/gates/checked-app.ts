import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CfnResource, type Stack } from 'aws-cdk-lib';
import { z } from 'zod';
import type { ModelConfigInput } from '../../contracts/model-config.ts';
import { acceptedIds, appliesTo, SHOW_ALL_FINDINGS } from '../../lib/acknowledge.ts';
import { ACKNOWLEDGEMENTS, type Acknowledgement } from '../../lib/acknowledgements.ts';
import config from '../../modelway.config.ts';
import { type FixtureApp, fixtureApp, fixtureModel } from '../lib/fixture-app.ts';

/** The models the gates look at: those of the app, and one that takes the other branch wherever a template has two. */
const CHECKED_MODELS: readonly ModelConfigInput[] = [
  ...config.models,
  {
    ...fixtureModel,
    training: { source: 'training', instances: ['ml.g5.xlarge', 'ml.m5.xlarge'] },
    serving: {
      kind: 'realtime',
      instanceType: 'ml.m5.large',
      instanceCount: 1,
      strategy: { kind: 'all-at-once', keepOldSeconds: 600 },
    },
    monitoring: { every: 'hour' },
    approval: 'manual',
  },
];

/** The app as it is deployed, or with every finding unacknowledged. */
export const checkedApp = (folder: string, show: 'as-deployed' | 'all-findings'): FixtureApp =>
  fixtureApp(folder, CHECKED_MODELS, show === 'all-findings' ? { [SHOW_ALL_FINDINGS]: true } : {});

export const stacksOf = ({ platform, models }: FixtureApp): readonly Stack[] => [platform, ...models];

/** Every resource of the app with its stack and logical id. */
export function resourcesOf(
  app: FixtureApp,
): readonly { readonly stack: string; readonly logicalId: string; readonly resource: CfnResource }[] {
  return stacksOf(app).flatMap((stack) =>
    stack.node
      .findAll()
      .filter((child) => CfnResource.isCfnResource(child))
      .map((resource) => ({
        stack: stack.stackName,
        logicalId: z.string().parse(stack.resolve(resource.logicalId)),
        resource,
      })),
  );
}

/** A finding as the tools report it. */
export interface Finding {
  readonly rule: string;
  readonly stack: string;
  readonly logicalId: string;
}

/** Acknowledgements of a tool that none of its findings needs any more. */
export function needless(
  tool: Acknowledgement['tool'],
  app: FixtureApp,
  findings: readonly Finding[],
): readonly string[] {
  const resources = resourcesOf(app);
  const reported = new Set(findings.map(({ rule, stack, logicalId }) => `${rule} ${stack} ${logicalId}`));
  return ACKNOWLEDGEMENTS.filter((acknowledgement) => acknowledgement.tool === tool)
    .filter(
      (acknowledgement) =>
        !resources
          .filter(({ resource }) => appliesTo(acknowledgement, resource))
          .flatMap(({ stack, logicalId, resource }) =>
            acceptedIds(acknowledgement, resource).map((id) => `${id} ${stack} ${logicalId}`),
          )
          .some((id) => reported.has(id)),
    )
    .map(({ rule, resource, finding }) => `${rule} ${resource}${finding === undefined ? '' : ` ${finding}`}`);
}

/** A tool of the lint environment. */
export function lintTool(name: string): string {
  const path = join(import.meta.dirname, '..', '..', '.venvs', 'lint', 'bin', name);
  if (!existsSync(path)) throw new Error(`${path} is missing; install test/gates/requirements.txt into .venvs/lint`);
  return path;
}

const TemplateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).optional() }),
  ),
});

/** A synthesized template, as it lies in the assembly. */
export function templateOf(folder: string, stack: string): z.infer<typeof TemplateSchema> {
  return TemplateSchema.parse(JSON.parse(readFileSync(join(folder, 'cdk.out', `${stack}.template.json`), 'utf8')));
}
