import { expect, test } from 'vitest';
import type { LineageRecord } from '../../../contracts/records.ts';
import { schemaHash } from '../../../core/intake/stored-columns.ts';
import { decide } from '../../../lambdas/decide-retraining/decide.ts';
import { flightsModel } from '../flights-model.ts';
import { lineageRecord, memoryLineage } from '../memory-lineage.ts';

const model = flightsModel();
const record = (given: Parameters<typeof lineageRecord>[1]) => lineageRecord('flights', given);
const dataset = (version: string, at: string) =>
  record({
    kind: 'dataset',
    id: version,
    at,
    detail: { version, parts: [], rows: 5, schemaHash: schemaHash(model.data), sources: [] },
  });
const run = record({
  kind: 'run',
  id: 'r1',
  at: '2001-01-10T00:00:00Z',
  detail: { datasetVersions: ['a'], decision: { passed: true, reason: '', testRows: 1, gates: [] } },
});
const drift = record({
  kind: 'window',
  id: '2001-02-01T00:00:00Z',
  at: '2001-02-01T00:30:00Z',
  detail: { verdict: 'drift' },
});
const live = { packageArn: 'p', modelName: 'n', endpointConfigName: 'c', runId: 'r1', since: '2001-01-11T00:00:00Z' };

async function ask(
  records: readonly LineageRecord[],
  request: Parameters<typeof decide>[0]['request'],
  running: readonly string[] = [],
) {
  const lineage = memoryLineage(records);
  await lineage.setLive('flights', live, null);
  const now = () => new Date('2001-02-05T00:00:00Z');
  return decide({ model, execution: 'x', request }, { lineage, running: async () => running, now });
}

test('the first dataset version trains the first model', async () => {
  const request = { trigger: 'new-data', cause: 'version a came' } as const;
  expect(await ask([dataset('a', '2001-01-09T00:00:00Z')], request)).toEqual({
    decision: 'retrain',
    reason: 'first model: version a came',
    trigger: 'new-data',
    datasetVersions: ['a'],
    codeUri: null,
  });
});

test('what is recorded decides: drift since the live model, new data since the last run', async () => {
  const records = [dataset('a', '2001-01-09T00:00:00Z'), run, drift];
  const alarm = { trigger: 'drift', cause: 'the threshold (0.0) was crossed. ' } as const;
  expect(await ask(records, alarm)).toMatchObject({
    decision: 'wait',
    reason: 'the threshold (0.0) was crossed, but there is no labelled data that no run has seen yet',
  });
  const fresh = [...records, dataset('b', '2001-02-04T00:00:00Z')];
  const newData = { trigger: 'new-data', cause: 'version b came' } as const;
  expect(await ask(fresh, newData)).toMatchObject({ decision: 'retrain', datasetVersions: ['a', 'b'] });
});

test('a training execution that runs now makes everybody wait, the asking one aside', async () => {
  const request = { trigger: 'manual', cause: 'ann' } as const;
  const records = [dataset('a', '2001-01-09T00:00:00Z')];
  expect(await ask(records, request, ['y'])).toMatchObject({
    decision: 'wait',
    reason: expect.stringContaining('run y is in flight'),
  });
  expect(await ask(records, request, ['x'])).toMatchObject({ decision: 'retrain' });
});

test('a decision that has just been made counts as a run; its own from a first try does not', async () => {
  const decided = (id: string) =>
    record({ kind: 'decision', id, at: '2001-02-04T23:59:00Z', detail: { decision: { decision: 'retrain' } } });
  const request = { trigger: 'manual', cause: 'ann', codeUri: 's3://lake/code/flights/other.tar.gz' } as const;
  const records = [dataset('a', '2001-01-09T00:00:00Z')];
  expect(await ask([...records, decided('y')], request)).toMatchObject({ decision: 'wait', codeUri: null });
  expect(await ask([...records, decided('x')], request)).toMatchObject({
    decision: 'retrain',
    codeUri: request.codeUri,
  });
});

test('dataset versions of another schema are not trained on', async () => {
  const old = record({
    kind: 'dataset',
    id: 'old',
    at: '2001-01-01T00:00:00Z',
    detail: { version: 'old', parts: [], rows: 5, schemaHash: 'before', sources: [] },
  });
  const request = { trigger: 'manual', cause: 'ann' } as const;
  expect(await ask([old, dataset('a', '2001-01-09T00:00:00Z')], request)).toMatchObject({ datasetVersions: ['a'] });
});
