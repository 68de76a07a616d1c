import { expect, test } from 'vitest';
import { recordFacts } from '../../../core/lineage/record-facts.ts';
import { lineageRecord } from '../../lambdas/memory-lineage.ts';

const factsOf = (kind: 'run' | 'snapshot' | 'reproduction', detail: unknown) =>
  recordFacts(lineageRecord('late', { kind, id: '1', at: '2001-02-01T00:00:00Z', detail }));

test('a run shows its code, image, environment, hyperparameters and seed', () => {
  const { facts } = factsOf('run', {
    codeHash: 'c0de',
    imageUri: 'xgboost:3.0-5',
    instanceType: 'ml.m5.xlarge',
    environment: 'Python 3.11.7, 16 packages',
    hyperparameters: { eta: '0.1', num_round: '150', sagemaker_program: 'train.py' },
    seed: 7,
    files: { 'model.json': 'aa' },
    filesHash: 'ff',
  });
  expect(facts).toEqual({
    codeHash: 'c0de',
    imageUri: 'xgboost:3.0-5',
    instanceType: 'ml.m5.xlarge',
    environment: 'Python 3.11.7, 16 packages',
    filesHash: 'ff',
    seed: '7',
    hyperparameters: 'eta 0.1, num_round 150',
  });
});

test('a snapshot shows the SHA-256 of each of its files', () => {
  const { facts } = factsOf('snapshot', { files: [{ key: 'train/part-00000.parquet', sha256: 'aa', bytes: 9 }] });
  expect(facts).toEqual({ 'train/part-00000.parquet': 'SHA-256 aa' });
});

test('a reproduction says its verdict in a sentence', () => {
  expect(factsOf('reproduction', { outcome: 'reproduced', summary: 'reproduced: all 3 files' }).summary).toBe(
    'reproduced: all 3 files',
  );
});

test('a record of another shape shows what it has', () => {
  expect(factsOf('run', { hyperparameters: 'none', seed: 'x', files: 3, codeHash: 'c0de' }).facts).toEqual({
    codeHash: 'c0de',
  });
  expect(factsOf('run', null)).toMatchObject({ facts: {} });
});
