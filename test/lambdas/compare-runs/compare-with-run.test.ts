import { describe, expect, test } from 'vitest';
import { FUNCTIONS } from '../../../contracts/functions.ts';
import { compareWithRun } from '../../../lambdas/compare-runs/compare-with-run.ts';
import { MODEL_FILES, modelArchive, oneRun } from '../run-fixture.ts';

const recipe = { imageUri: 'xgboost:3.0-5', hyperparameters: { eta: '0.1' }, instanceType: 'ml.m5.xlarge' };
const AGAIN = 'training/flights/second/output/model.tar.gz';

async function compare(again: Uint8Array, artifact = `s3://lake/${AGAIN}`) {
  const { lake, lineage } = await oneRun();
  lake.objects.set(AGAIN, again);
  const compared = await compareWithRun(
    { model: 'flights', run: 'r-1', artifact, recipe },
    { bucket: 'lake', lake, lineage },
  );
  expect(lake.writes).toEqual([]);
  expect(FUNCTIONS['compare-runs'].output.parse(compared)).toEqual(compared);
  return compared;
}

describe('a rebuilt model', () => {
  test('is reproduced when it holds the same files, in whatever order', async () => {
    const again = modelArchive(Object.fromEntries(Object.entries(MODEL_FILES).reverse()));
    const { verdict, comparePredictions } = await compare(again);
    expect(verdict).toMatchObject({ outcome: 'reproduced', filesCompared: 2 });
    expect(comparePredictions).toBe(false);
  });

  test('with another environment is told by the package that differs', async () => {
    const again = modelArchive({
      ...MODEL_FILES,
      'environment.json': '{"python": "3.11.7", "packages": {"numpy": "2.2.0"}}',
    });
    expect((await compare(again)).verdict.differed).toEqual([
      { kind: 'environment', what: 'packages.numpy', original: '2.1.0', again: '2.2.0' },
    ]);
  });

  test('that is no archive, or belongs to another model, is refused', async () => {
    await expect(compare(Buffer.from('hello'))).rejects.toThrow(/unreadable-archive/);
    await expect(compare(modelArchive({}), 's3://lake/training/others/model.tar.gz')).rejects.toThrow(/foreign-object/);
  });
});
