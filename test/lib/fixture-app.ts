import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { FUNCTION_NAMES, type FunctionName } from '../../contracts/functions.ts';
import { type ModelConfigInput, parsePlatform } from '../../contracts/model-config.ts';
import { stackName } from '../../contracts/names.ts';
import { ModelStack } from '../../lib/model-stack.ts';
import { PlatformStack } from '../../lib/platform-stack.ts';

/** A small model; tests of templates change what they are about. */
export const fixtureModel: ModelConfigInput = {
  name: 'late',
  data: {
    columns: [
      { name: 'at', kind: 'timestamp' },
      { name: 'distance', kind: 'numeric' },
      { name: 'late', kind: 'boolean' },
    ],
    target: 'late',
    time: 'at',
  },
  training: { source: 'training', instances: ['ml.m5.xlarge'] },
  serving: {
    kind: 'realtime',
    instanceType: 'ml.m5.large',
    instanceCount: 2,
    strategy: { kind: 'canary', percent: 50, bakeSeconds: 600, keepOldSeconds: 300 },
    rollback: { errorShare: 0.05, latencyMilliseconds: 800, periodSeconds: 60 },
  },
};

export interface FixtureApp {
  readonly app: App;
  readonly platform: PlatformStack;
  readonly models: readonly ModelStack[];
}

/**
 * The two kinds of stacks as `ModelwayPlatform` makes them, with one-line functions and a one-line source bundle in `folder`:
 * template tests look at resources, not at what handlers do.
 */
export function fixtureApp(
  folder: string,
  models: readonly ModelConfigInput[] = [fixtureModel],
  context: Readonly<Record<string, unknown>> = {},
  platformName?: string,
): FixtureApp {
  mkdirSync(folder, { recursive: true });
  const app = new App({ analyticsReporting: false, outdir: join(folder, 'cdk.out'), context: { ...context } });
  const config = parsePlatform({ models, ...(platformName === undefined ? {} : { name: platformName }) });
  const name = stackName.platform(config.name);
  const [program, runtime] = [join(folder, 'program.js'), join(folder, 'runtime.tar.gz')];
  writeFileSync(program, '// the program');
  writeFileSync(runtime, 'an archive');
  const platform = new PlatformStack(app, name, {
    stackName: name,
    config,
    bundles: oneLineFunctions(folder),
    intakeProgram: { program, runtime: { path: runtime, name: 'runtime' } },
  });
  const sourceBundle = join(folder, 'source.tar.gz');
  writeFileSync(sourceBundle, 'a bundle');
  return {
    app,
    platform,
    models: config.models.map((model) => {
      if (model.serving.kind !== 'realtime') throw new Error('fixtures are served in real time');
      return new ModelStack(app, stackName.model(config.name, model.name), {
        platform: config.name,
        runbookUrl: config.runbookUrl,
        model,
        serving: model.serving,
        shared: platform.shared,
        sourceBundle,
      });
    }),
  };
}

/** A temporary folder for one test file, and what removes it. */
export function inNewFolder(): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'modelway-templates-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function oneLineFunctions(folder: string): ReadonlyMap<FunctionName, string> {
  return new Map(
    FUNCTION_NAMES.map((name) => {
      const bundle = join(folder, 'functions', name);
      mkdirSync(bundle, { recursive: true });
      writeFileSync(join(bundle, 'index.js'), `exports.handler = async () => '${name}';\n`);
      return [name, bundle];
    }),
  );
}
