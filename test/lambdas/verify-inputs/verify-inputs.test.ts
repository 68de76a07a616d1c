import { describe, expect, test } from 'vitest';
import { FUNCTIONS } from '../../../contracts/functions.ts';
import { verifyInputs } from '../../../lambdas/verify-inputs/verify-inputs.ts';
import { lineageRecord } from '../memory-lineage.ts';
import { ARTIFACT, KEYS, oneRun } from '../run-fixture.ts';

type Run = Awaited<ReturnType<typeof oneRun>>;
const verify = ({ lake, lineage }: Run, run = 'r-1') =>
  verifyInputs({ model: 'flights', execution: 'e-1', run }, { platform: 'acme', bucket: 'lake', lake, lineage });

describe('what a run was made from', () => {
  test('is unchanged: the recipe and the channels of the first job come back, under a new name', async () => {
    const result = await verify(await oneRun());
    expect(FUNCTIONS['verify-inputs'].output.parse(result)).toEqual(result);
    expect(result).toMatchObject({
      recipe: { imageUri: 'xgboost:3.0-5', hyperparameters: { eta: '0.1' }, instanceType: 'ml.m5.xlarge' },
      snapshot: {
        trainUri: 's3://lake/snapshots/flights/s-1/train/',
        validationUri: 's3://lake/snapshots/flights/s-1/validation/',
        configUri: 's3://lake/snapshots/flights/s-1/config/',
      },
      verdict: null,
    });
    expect(result.codeUri).toMatch(/^s3:\/\/lake\/code\/flights\/[0-9a-f]{64}\.tar\.gz$/);
    expect(result.snapshot.jobName).toMatch(/^acme-flights-[0-9a-f]{16}$/);
  });

  test.each([
    ['a row of the training set', KEYS.train, 'data'],
    ['the test set', KEYS.testFeatures, 'data'],
    ['the seed or the features', KEYS.config, 'parameters'],
  ])('is told when %s changed', async (_, key, kind) => {
    const run = await oneRun();
    run.lake.objects.set(key, Buffer.from('changed'));
    const { verdict } = await verify(run);
    expect(verdict?.outcome).toBe('not-reproduced');
    expect(verdict?.differed.map((difference) => [difference.kind, difference.what])).toEqual([[kind, key]]);
  });

  test('is told when the code changed below its name, and when a file is gone', async () => {
    const run = await oneRun();
    run.lake.objects.set(run.code, Buffer.from('another bundle'));
    run.lake.objects.delete(KEYS.validation);
    const { verdict } = await verify(run);
    expect(verdict?.differed.map(({ kind, what, again }) => [kind, what, again === null])).toEqual([
      ['data', KEYS.validation, true],
      ['code', run.code, false],
    ]);
  });
});

test('a model that is not stored any more is told before anything is trained', async () => {
  const run = await oneRun();
  run.lake.objects.delete(ARTIFACT);
  const { verdict } = await verify(run);
  expect(verdict?.differed.map(({ kind, what, again }) => [kind, what, again])).toEqual([
    ['artifact', `s3://lake/${ARTIFACT}`, null],
  ]);
  expect(verdict?.summary).toMatch(
    /^not reproduced: what is stored of the first model .* is gone\); nothing was trained$/,
  );
});

describe('a run that cannot be run again', () => {
  test('is refused when nobody knows it', async () => {
    await expect(verify(await oneRun(), 'r-2')).rejects.toThrow(/not-reproducible.*no such run of flights.*r-2/);
  });

  test.each(['codeHash', 'hyperparameters', 'instanceType', 'filesHash'] as const)(
    'is refused when its record has no %s',
    async (name) => {
      await expect(verify(await oneRun({ [name]: undefined }))).rejects.toThrow(/was recorded without/);
    },
  );

  test('is refused when its code does not lie below its own hash, or outside the model’s folder', async () => {
    await expect(verify(await oneRun({ codeUri: 's3://lake/code/flights/x.tar.gz' }))).rejects.toThrow(/not frozen/);
    await expect(verify(await oneRun({ codeUri: 's3://elsewhere/x.tar.gz' }))).rejects.toThrow(/foreign-object/);
  });

  test('is refused when its snapshot is not on record, or was recorded without its files', async () => {
    const run = await oneRun();
    const bare = lineageRecord('flights', { kind: 'snapshot', id: 's-1', at: 'x', detail: { snapshotId: 's-1' } });
    run.lineage.records.set('model#flights|snapshot#s-1', bare);
    await expect(verify(run)).rejects.toThrow(/whose files were not recorded/);
    run.lineage.records.delete('model#flights|snapshot#s-1');
    await expect(verify(run)).rejects.toThrow(/no snapshot on record/);
  });

  test('fails as it is, rather than as changed data, when the lake cannot be read', async () => {
    const run = await oneRun();
    const denied = Object.assign(new Error('no'), { name: 'AccessDenied' });
    const lake = {
      ...run.lake,
      stream: () => {
        throw denied;
      },
    };
    await expect(verify({ ...run, lake })).rejects.toBe(denied);
    // For what is gone, S3 answers the same where the right to list is bound to a folder; a listing tells.
    const { verdict } = await verify({ ...run, lake: { ...lake, exists: async () => false } });
    expect(verdict?.differed.every(({ again }) => again === null)).toBe(true);
  });
});
