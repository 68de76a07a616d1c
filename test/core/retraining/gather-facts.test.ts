import { expect, test } from 'vitest';
import { lineageRecord } from '../../../core/lineage/lineage-record.ts';
import { datasetsOf, runsOf } from '../../../core/retraining/gather-facts.ts';

const record = (kind: 'dataset' | 'run', id: string, at: string, detail: unknown) =>
  lineageRecord({ model: 'm', kind, id, at, parents: [], detail });

test('dataset versions of the present schema come oldest data first, whenever they were uploaded', () => {
  const dataset = (version: string, at: string, to: string, schemaHash = 's') =>
    record('dataset', version, at, { version, parts: [], rows: 1, schemaHash, sources: [], to });
  const records = [
    dataset('march', '2001-04-01T00:00:00Z', '2001-03-31T00:00:00Z'),
    dataset('january', '2001-05-01T00:00:00Z', '2001-01-31T00:00:00Z'),
    dataset('other', '2001-04-01T00:00:00Z', '2001-02-28T00:00:00Z', 'before the schema changed'),
  ];
  expect(datasetsOf(records, 's').map(({ version }) => version)).toEqual(['january', 'march']);
});

test('runs come oldest first, with what they were trained on and whether they passed', () => {
  const run = (id: string, at: string, passed: boolean) =>
    record('run', id, at, { datasetVersions: ['a'], decision: { passed, reason: '', testRows: 1, gates: [] } });
  const records = [run('late', '2001-02-02T00:00:00Z', true), run('early', '2001-02-01T00:00:00Z', false)];
  expect(runsOf(records)).toEqual([
    { id: 'early', at: '2001-02-01T00:00:00Z', datasetVersions: ['a'], passed: false },
    { id: 'late', at: '2001-02-02T00:00:00Z', datasetVersions: ['a'], passed: true },
  ]);
});
