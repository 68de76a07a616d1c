import { expect, test } from 'vitest';
import type { RecordKind } from '../../../contracts/records.ts';
import { recordFacts } from '../../../core/lineage/record-facts.ts';
import { lineageRecord } from '../../lambdas/memory-lineage.ts';

const factsOf = (kind: RecordKind, detail: unknown) =>
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

test('a run shows its packages and what each gate said', () => {
  const gates = [{ name: 'auc', verdict: 'pass', reason: 'AUC 0.66 reaches 0.6', value: 0.66 }];
  const { facts } = factsOf('run', {
    packages: { numpy: '2.4.6', xgboost: '3.0.5' },
    decision: { passed: true, gates },
  });
  expect(facts).toEqual({ packages: 'numpy 2.4.6, xgboost 3.0.5', 'gate auc': 'pass: AUC 0.66 reaches 0.6' });
});

test.each([
  [
    { by: 'arn:aws:iam::1:user/ann', at: '2001-02-01', why: 'looks good' },
    'arn:aws:iam::1:user/ann, 2001-02-01, looks good',
  ],
  [{ by: null, at: '2001-02-01', why: null }, 'by a caller that SageMaker does not name, 2001-02-01'],
])('a deployment shows who approved its package and the digest of the image it runs (%j)', (approved, shown) => {
  const image = { specified: 'xgboost:3.0-5', digest: 'sha256:aa' };
  const { facts, live } = factsOf('deployment', { outcome: 'live', endpoint: 'e', approved, image });
  expect(facts).toEqual({ endpoint: 'e', approved: shown, imageDigest: 'sha256:aa' });
  expect(live).toBe(true);
});

test('a window shows its captured predictions and its report', () => {
  const window = { from: '2001-01-29', to: '2001-02-05' };
  const { facts } = factsOf('window', { window, rows: 647, files: { count: 5, bytes: 100 }, reportKey: 'r.json' });
  expect(facts).toEqual({
    reportKey: 'r.json',
    window: '2001-01-29 to 2001-02-05',
    'captured predictions': '647 rows in 5 files of 100 bytes',
  });
});

test('an intake shows the object version that came', () => {
  expect(factsOf('intake', { upload: { key: 'inbox/a.csv', versionId: 'v' } }).facts).toEqual({
    upload: 'inbox/a.csv, version v',
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
