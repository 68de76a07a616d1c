import { join, resolve } from 'node:path';
import { type StackProps, Stage } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { FUNCTION_NAMES } from '../contracts/functions.ts';
import { type ModelConfig, type PlatformConfigInput, parsePlatform } from '../contracts/model-config.ts';
import { fleetSpreadMinutes } from '../contracts/monitoring-schedule.ts';
import { stackName } from '../contracts/names.ts';
import { ModelwayError } from '../contracts/problems.ts';
import { platformProblems } from '../core/config/platform-problems.ts';
import { intakeProgramFiles } from './intake-program.ts';
import { bundleHandlers, PACKAGE_ROOT } from './lambda-assets.ts';
import { ModelStack } from './model-stack.ts';
import { PlatformStack } from './platform-stack.ts';
import { bundleEntries, sourceProblems, tarGz, writeBundle } from './source-bundle.ts';

export interface ModelwayPlatformProps {
  /** Platform settings and models, as `definePlatform` returns them. */
  readonly config: PlatformConfigInput;
  /** Folder that `training.source` of every model is relative to. Left out: the working directory. */
  readonly folder?: string;
  /** Account and region of all stacks. Left out: those of whoever deploys. */
  readonly env?: StackProps['env'];
}

/**
 * A whole platform: one stack that all models share, and one small stack per model.
 *
 * @example
 * const app = new App();
 * new ModelwayPlatform(app, 'Modelway', { config: definePlatform({ models: [flightDelay] }), folder: import.meta.dirname });
 *
 * @throws ModelwayError naming every problem of the config, its arithmetic and the models' source folders
 */
export class ModelwayPlatform extends Construct {
  readonly platform: PlatformStack;
  readonly models: readonly ModelStack[];

  constructor(scope: Construct, id: string, props: ModelwayPlatformProps) {
    super(scope, id);
    const config = parsePlatform(props.config);
    const sourceOf = (model: ModelConfig) => resolve(props.folder ?? '.', model.training.source);
    const problems = [
      ...platformProblems(config),
      ...config.models.flatMap((model, index) =>
        sourceProblems(sourceOf(model), model.training.entry, `models[${index}].training.source`),
      ),
    ];
    if (problems.length > 0) throw new ModelwayError('invalid-config', 'input', problems);
    const stage = Stage.of(this) ?? this;
    const stack = (name: string): StackProps => ({
      stackName: name,
      ...(props.env === undefined ? {} : { env: props.env }),
    });

    this.platform = new PlatformStack(stage, stackName.platform(config.name), {
      ...stack(stackName.platform(config.name)),
      description: `${config.name}: what all models share`,
      config,
      bundles: bundleHandlers(FUNCTION_NAMES),
      intakeProgram: intakeProgramFiles(),
    });
    this.models = config.models.map((model) => {
      if (model.serving.kind !== 'realtime') throw new Error('platformProblems lets no other serving pass');
      const name = stackName.model(config.name, model.name);
      const made = new ModelStack(stage, name, {
        ...stack(name),
        description: `${config.name}: model ${model.name}`,
        platform: config.name,
        runbookUrl: config.runbookUrl,
        dashboard: config.dashboards === 'per-model',
        spreadMinutes: fleetSpreadMinutes(config.models.length),
        model,
        serving: model.serving,
        shared: this.platform.shared,
        sourceBundle: sourceBundle(sourceOf(model)),
      });
      made.addStackDependency(this.platform);
      return made;
    });
  }
}

function sourceBundle(source: string): string {
  const entries = bundleEntries(join(PACKAGE_ROOT, 'container', 'modelway_container'), source);
  return writeBundle(join(PACKAGE_ROOT, '.build', 'sources'), tarGz(entries));
}
