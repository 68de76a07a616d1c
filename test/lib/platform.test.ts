import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { afterAll, describe, expect, test } from 'vitest';
import { ModelwayError } from '../../contracts/problems.ts';
import { defineModel, definePlatform, ModelwayPlatform } from '../../lib/index.ts';
import { fixtureModel, inNewFolder } from './fixture-app.ts';

const { folder, remove } = inNewFolder();
afterAll(remove);
mkdirSync(join(folder, 'training'), { recursive: true });
for (const script of ['train.py', 'inference.py']) writeFileSync(join(folder, 'training', script), 'pass\n');

function problemsOf(config: ReturnType<typeof definePlatform>): readonly string[] {
  try {
    new ModelwayPlatform(new App({ outdir: join(folder, 'none') }), 'Modelway', { config, folder });
  } catch (error) {
    if (error instanceof ModelwayError) return error.problems.map(({ path }) => path);
    throw error;
  }
  return [];
}

describe('ModelwayPlatform', () => {
  test('makes one shared stack, one stack per model, and orders them', () => {
    const models = ['late', 'early'].map((name) => defineModel({ ...fixtureModel, name }));
    const app = new App({ outdir: join(folder, 'cdk.out'), analyticsReporting: false });
    new ModelwayPlatform(app, 'Modelway', { config: definePlatform({ name: 'acme', models }), folder });
    const assembly = app.synth();
    expect(assembly.stacks.map(({ stackName }) => stackName)).toEqual(['acme-platform', 'acme-early', 'acme-late']);
    expect(assembly.stacks.slice(1).map(({ dependencies }) => dependencies.map(({ id }) => id))).toEqual([
      expect.arrayContaining(['acme-platform']),
      expect.arrayContaining(['acme-platform']),
    ]);
  });

  test('leaves account and region to whoever deploys', () => {
    const app = new App({ outdir: join(folder, 'agnostic'), analyticsReporting: false });
    new ModelwayPlatform(app, 'Modelway', { config: definePlatform({ models: [fixtureModel] }), folder });
    for (const { environment } of app.synth().stacks)
      expect(environment).toMatchObject({ account: 'unknown-account', region: 'unknown-region' });
  });

  test('refuses at synthesis what a model would learn only from its first window or its first decision', () => {
    const business = [{ name: 'cost', unit: 'USD', expression: 'row.distnace * 2.0' }];
    const models = [
      {
        ...fixtureModel,
        monitoring: { every: 'day' as const, quality: { slices: ['nowhere'] }, business },
        retraining: { budgetPerMonthDollars: 0.01 },
      },
    ];
    expect(problemsOf(definePlatform({ models }))).toEqual([
      'models[0].monitoring.business[0].expression',
      'models[0].monitoring.quality.slices[0]',
      'models[0].retraining.budgetPerMonthDollars',
    ]);
  });

  test('names every problem of every model at once, its source folder included', () => {
    const models = [
      { ...fixtureModel, training: { ...fixtureModel.training, source: 'nowhere' } },
      {
        ...fixtureModel,
        name: 'platform',
        description: '{% $states.input %}',
        training: { ...fixtureModel.training, spot: { maxWaitSeconds: 60 } },
        serving: { kind: 'serverless', memoryMegabytes: 2048, maxConcurrency: 5 } as const,
      },
      { ...fixtureModel, name: 'a-very-long-name-for-a-model-indeed-yes' },
    ];
    expect(problemsOf(definePlatform({ models }))).toEqual(
      expect.arrayContaining([
        'models[0].training.source',
        'models[1].name',
        'models[1].serving.kind',
        'models[1].training.spot.maxWaitSeconds',
        'models[1].description',
        'models[2].name',
      ]),
    );
  });
});
