import { expect, test } from 'vitest';
import { lineageRecord } from '../../../core/lineage/lineage-record.ts';
import { datasetsOf, runsOf, standingDrift, startingRun } from '../../../core/retraining/gather-facts.ts';

const record = (kind: 'dataset' | 'run' | 'window' | 'decision', id: string, at: string, detail: unknown) =>
  lineageRecord({ model: 'm', kind, id, at, parents: [], detail });
const live = { packageArn: 'p', modelName: 'n', endpointConfigName: 'c', runId: 'r', since: '2001-02-01T00:00:00Z' };

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

test('drift stands from windows that ended after the live model was made', () => {
  const window = (end: string, verdict: string) => record('window', end, '2001-03-01T00:00:00Z', { verdict });
  const before = window('2001-01-20T00:00:00Z', 'drift');
  const none = window('2001-02-11T00:00:00Z', 'none');
  const after = window('2001-02-10T00:00:00Z', 'drift');
  expect(standingDrift([before, none], live)).toBeUndefined();
  expect(standingDrift([before, none, after], live)).toBe('2001-02-10T00:00:00Z');
  expect(standingDrift([after], undefined)).toBeUndefined();
});

test('a fresh decision to train counts as a run until it ends, fails or grows old', () => {
  const now = new Date('2001-02-01T00:10:00Z');
  const decided = record('decision', 'x', '2001-02-01T00:00:00Z', { decision: { decision: 'retrain' } });
  const waited = record('decision', 'y', '2001-02-01T00:09:00Z', { decision: { decision: 'wait' } });
  expect(startingRun([waited, decided], new Set(), now)).toBe('x');
  expect(startingRun([waited], new Set(), now)).toBeUndefined();
  expect(startingRun([decided], new Set(['run#x']), now)).toBeUndefined();
  expect(startingRun([decided], new Set(['failure#training-x']), now)).toBeUndefined();
  expect(startingRun([decided], new Set(), new Date('2001-02-01T00:15:00Z'))).toBeUndefined();
});
