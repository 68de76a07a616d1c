import { type LineageRecord, modelPartition, type RecordKind, recordSort } from '../../../contracts/records.ts';

const MODEL = 'flights';
export const PACKAGE = 'arn:aws:sagemaker:us-east-1:123456789012:model-package/modelway-flights/3';

const record = (
  kind: RecordKind,
  id: string,
  day: number,
  parents: readonly string[],
  detail: unknown,
): LineageRecord => ({
  pk: modelPartition(MODEL),
  sk: recordSort(kind, id),
  kind,
  id,
  at: `2001-02-${String(day).padStart(2, '0')}T10:00:00.000Z`,
  parents: [...parents],
  detail: JSON.stringify(detail),
});

const SOURCE = { key: 'inbox/flights/january.csv', versionId: 'v-1', sha256: 'ab'.repeat(32) };

/** An upload that became a live model and was watched once, and a refused run beside it. */
export const RECORDS: readonly LineageRecord[] = [
  record('intake', 'i-1', 1, [], { verdict: 'accepted' }),
  record('dataset', 'd-1', 1, ['intake#i-1'], { rows: 1000, schemaHash: 'ffee', sources: [SOURCE] }),
  record('decision', 'e-1', 2, ['dataset#d-1'], { decision: { decision: 'retrain', reason: 'first model' } }),
  record('snapshot', 's-1', 3, ['dataset#d-1'], { rows: { train: 700, validation: 100, test: 200 } }),
  record('run', 'e-1', 4, ['snapshot#s-1'], { decision: { passed: true }, artifact: 's3://lake/model.tar.gz' }),
  record('run', 'e-2', 5, ['snapshot#s-1'], { decision: { passed: false }, reason: 'shuffled' }),
  record('package', PACKAGE, 6, ['run#e-1'], { approval: 'automatic', metadata: { auc: '0.71' } }),
  record('deployment', 'p-1', 7, [`package#${PACKAGE}`], { outcome: 'live' }),
  record('window', '2001-02-12T01:00:00Z', 12, [], { verdict: 'drift', packageArn: PACKAGE, rows: 1100 }),
  record('failure', 'f-1', 13, ['run#gone'], 'not an object'),
];
export { MODEL };
