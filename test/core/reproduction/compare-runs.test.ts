import { describe, expect, test } from 'vitest';
import { type Recipe, ReproductionVerdictSchema, type RunDetail } from '../../../contracts/reproduction.ts';
import { changedFiles } from '../../../core/reproduction/changed-files.ts';
import { compareRuns } from '../../../core/reproduction/compare-runs.ts';
import { readArchive } from '../../../core/reproduction/read-archive.ts';
import { verdictOf } from '../../../core/reproduction/verdict.ts';
import { chunks, handmade } from './tar-fixture.ts';

const ENVIRONMENT = { python: '3.11.7', packages: { numpy: '2.1.0', xgboost: '3.0.5' }, threads: { SM_NUM_CPUS: '8' } };
const FILES = { 'model.json': 'trees', 'code/inference.py': 'serve', 'environment.json': JSON.stringify(ENVIRONMENT) };
const RECIPE = {
  imageUri: 'xgboost:3.0-5',
  hyperparameters: { eta: '0.1', num_round: '150' },
  instanceType: 'ml.m5.2xlarge',
};

const archive = (files: Readonly<Record<string, string>>) =>
  readArchive(chunks(handmade(Object.entries(files).map(([name, body]) => ({ name, body })))), ['environment.json']);

/** Compares the run above with one that differs from it as given. */
async function compared(
  files: Readonly<Record<string, string>>,
  recipe: Recipe = RECIPE,
  recorded: Partial<RunDetail> = {},
) {
  const original = await archive(FILES);
  const detail = { ...RECIPE, codeUri: 'u', codeHash: 'h', artifact: 's3://lake/model.tar.gz', billableSeconds: 60 };
  return compareRuns({
    recorded: { ...detail, filesHash: original.filesHash, ...recorded },
    original,
    recipe,
    again: await archive(files),
  });
}

describe('two runs of one recipe', () => {
  test('are the same when every file of the model is', async () => {
    const verdict = await compared(FILES);
    expect(ReproductionVerdictSchema.parse(verdict)).toEqual(verdict);
    expect(verdict).toEqual({
      outcome: 'reproduced',
      summary: 'reproduced: all 3 files of the model are the same, byte for byte',
      differed: [],
      filesCompared: 3,
      predictions: null,
    });
  });

  test('whose models differ although all else is equal are told so', async () => {
    const verdict = await compared({ ...FILES, 'model.json': 'other trees' });
    expect(verdict.outcome).toBe('not-reproduced');
    expect(verdict.differed.map(({ kind, what }) => [kind, what])).toEqual([['model', 'model.json']]);
    expect(verdict.summary).toBe(
      'not reproduced: the model is another one (model.json); data, code, parameters and environment are the same',
    );
  });

  test('in different environments name the setting, and that the model is the same where it is', async () => {
    const environment = { ...ENVIRONMENT, packages: { numpy: '2.2.0', xgboost: '3.0.5', scipy: '1.14.0' } };
    const verdict = await compared({ ...FILES, 'environment.json': JSON.stringify(environment) });
    expect(verdict.differed).toEqual([
      { kind: 'environment', what: 'packages.numpy', original: '2.1.0', again: '2.2.0' },
      { kind: 'environment', what: 'packages.scipy', original: null, again: '1.14.0' },
    ]);
    expect(verdict.summary).toBe(
      'not reproduced: the environment is not what it was (packages.numpy: 2.1.0, now 2.2.0, packages.scipy is new); the model itself is the same, byte for byte',
    );
  });

  test('with another thread count and another model name the cause first', async () => {
    const environment = { ...ENVIRONMENT, threads: { SM_NUM_CPUS: '4' } };
    const { differed, summary } = await compared({
      'model.json': 'other trees',
      'code/inference.py': 'serve',
      'environment.json': JSON.stringify(environment),
    });
    expect(differed.map(({ kind }) => kind)).toEqual(['environment', 'model']);
    expect(summary).toBe(
      'not reproduced: the environment is not what it was (threads.SM_NUM_CPUS: 8, now 4); the model is another one (model.json)',
    );
  });

  test('with another image, instance type or hyperparameter name each', async () => {
    const recipe = {
      imageUri: 'xgboost:3.2-0',
      hyperparameters: { eta: '0.1', depth: '4' },
      instanceType: 'ml.c5.xlarge',
    };
    expect((await compared(FILES, recipe)).differed).toEqual([
      { kind: 'parameters', what: 'num_round', original: '150', again: null },
      { kind: 'parameters', what: 'image', original: 'xgboost:3.0-5', again: 'xgboost:3.2-0' },
      { kind: 'parameters', what: 'instance type', original: 'ml.m5.2xlarge', again: 'ml.c5.xlarge' },
      { kind: 'parameters', what: 'depth', original: null, again: '4' },
    ]);
  });

  test('that leave out or add a file, or serve with other code, are not the same', async () => {
    const { 'model.json': _gone, ...rest } = FILES;
    const verdict = await compared({ ...rest, 'code/inference.py': 'other', 'extra.bin': 'x' });
    expect(verdict.differed.map(({ kind, what, again }) => [kind, what, again === null])).toEqual([
      ['code', 'code/inference.py', false],
      ['model', 'model.json', true],
      ['model', 'extra.bin', false],
    ]);
    expect(verdict.filesCompared).toBe(4);
  });

  test('are not vouched for when the stored model is not what its run recorded', async () => {
    const { outcome, differed } = await compared(FILES, RECIPE, { filesHash: 'another hash' });
    expect(outcome).toBe('not-reproduced');
    expect(differed.map(({ kind, what }) => [kind, what])).toEqual([['artifact', 's3://lake/model.tar.gz']]);
  });

  test('blame the stored model when it was changed and the rebuilt one is as recorded', async () => {
    const [recorded, spoilt] = [await archive(FILES), await archive({ ...FILES, 'model.json': 'spoilt' })];
    const run = { codeUri: 'u', codeHash: 'h', artifact: 's3://lake/model.tar.gz', billableSeconds: 60 };
    const verdict = compareRuns({
      recorded: { ...RECIPE, ...run, filesHash: recorded.filesHash },
      original: spoilt,
      recipe: RECIPE,
      again: recorded,
    });
    expect(verdict.differed.map(({ kind }) => kind)).toEqual(['artifact']);
    expect(verdict.summary).toContain('what is stored of the first model is not what its run recorded');
  });

  test('with an environment nobody can read still differ by it', async () => {
    const { differed } = await compared({ ...FILES, 'environment.json': '{' });
    expect(differed.every(({ kind }) => kind === 'environment')).toBe(true);
    expect(differed.length).toBeGreaterThan(0);
  });
});

describe('files that a run was made from', () => {
  const recorded = [
    { key: 'train', sha256: 'aa', bytes: 1 },
    { key: 'config', sha256: 'bb', bytes: 1 },
  ];
  const kindOf = (key: string) => (key === 'config' ? ('parameters' as const) : ('data' as const));

  test('are nothing to speak of when they are as they were', () => {
    const found = new Map([
      ['train', 'aa'],
      ['config', 'bb'],
    ]);
    expect(changedFiles(recorded, found, kindOf)).toEqual([]);
  });

  test('that changed or are gone are named, by what they are, and nothing is trained', () => {
    const differences = changedFiles(recorded, new Map([['config', 'cc']]), kindOf);
    expect(differences).toEqual([
      { kind: 'data', what: 'train', original: 'aa', again: null },
      { kind: 'parameters', what: 'config', original: 'bb', again: 'cc' },
    ]);
    expect(verdictOf(differences, 0).summary).toBe(
      'not reproduced: the data is not what it was (train is gone); the parameters are not what they were (config: bb, now cc); nothing was trained',
    );
  });

  test('with names and values of any length make a verdict that a state machine can carry', () => {
    const endless = { kind: 'model' as const, what: 'x'.repeat(60_000), original: null, again: 'y'.repeat(60_000) };
    const verdict = verdictOf(
      Array.from({ length: 500 }, () => endless),
      1,
    );
    expect(JSON.stringify(verdict).length).toBeLessThan(100_000);
    expect(verdict.differed[0]?.original).toBeNull();
  });

  test('a verdict keeps a hundred differences and its sentence names three', () => {
    const many = Array.from({ length: 300 }, (_, index) => ({
      kind: 'data' as const,
      what: `file ${index}`,
      original: 'a'.repeat(64),
      again: 'b'.repeat(64),
    }));
    const { differed, summary } = verdictOf(many, 0);
    expect(differed).toHaveLength(100);
    expect(summary).toContain('(file 0, file 1, file 2 and 297 more)');
  });
});
