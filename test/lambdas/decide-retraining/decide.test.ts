import { describe, expect, test } from 'vitest';
import type { LineageRecord } from '../../../contracts/records.ts';
import { runCost } from '../../../core/cost/run-cost.ts';
import { schemaHash } from '../../../core/intake/stored-columns.ts';
import { trainingRecipe } from '../../../core/retraining/training-recipe.ts';
import { decide } from '../../../lambdas/decide-retraining/decide.ts';
import { flightsModel } from '../flights-model.ts';
import { lineageRecord, memoryLineage } from '../memory-lineage.ts';
import { type MemorySlot, memorySlot } from '../memory-slot.ts';

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
  waiting: readonly string[] = [],
  config = model,
  slot: MemorySlot = memorySlot(),
) {
  const lineage = memoryLineage(records);
  await lineage.setLive('flights', live, null);
  const now = () => new Date('2001-02-05T00:00:00Z');
  const asked = {
    model: config,
    execution: 'x',
    request,
    askedAt: '2001-02-05T00:00:00Z',
    deployedCode: 'code of today',
  };
  const runningOf = async (_: string, machine: string) => (machine === 'training' ? running : waiting);
  return decide(asked, { lineage, slot, running: runningOf, now });
}

test('the first dataset version trains the first model', async () => {
  const request = { trigger: 'new-data', cause: 'version a came' } as const;
  expect(await ask([dataset('a', '2001-01-09T00:00:00Z')], request)).toEqual({
    decision: 'retrain',
    reason: 'first model: version a came',
    trigger: 'new-data',
    datasetVersions: ['a'],
    codeUri: null,
    askAgainAt: null,
    review: null,
    recipe: trainingRecipe(model, 'code of today'),
    estimatedDollars: runCost(model),
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

test('a run that has just been let in counts as one; its own from a first try does not', async () => {
  const letIn = (run: string) => memorySlot([{ run, at: '2001-02-04T23:59:00Z', estimatedDollars: 1 }]);
  const request = { trigger: 'manual', cause: 'ann', codeUri: 's3://lake/code/flights/other.tar.gz' } as const;
  const records = [dataset('a', '2001-01-09T00:00:00Z')];
  const own = letIn('x');
  expect(await ask(records, request, [], [], model, letIn('y'))).toMatchObject({ decision: 'wait', codeUri: null });
  expect(await ask(records, request, [], [], model, own)).toMatchObject({
    decision: 'retrain',
    codeUri: request.codeUri,
  });
  expect(own.all).toHaveLength(1);
  const failed = record({ kind: 'failure', id: 'training-y', at: '2001-02-04T23:59:30Z', detail: {} });
  expect(await ask([...records, failed], request, [], [], model, letIn('y'))).toMatchObject({ decision: 'retrain' });
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

test('of very many dataset versions the last thousand are trained on, and an older one where somebody orders it', async () => {
  const records = Array.from({ length: 1002 }, (_, index) =>
    dataset(`v${index}`, new Date(Date.parse('2000-01-01T00:00:00Z') + index * 60_000).toISOString()),
  );
  const all = await ask(records, { trigger: 'manual', cause: 'ann' });
  expect([all.datasetVersions.length, all.datasetVersions[0]]).toEqual([1000, 'v2']);
  const ordered = await ask(records, { trigger: 'manual', cause: 'ann', datasetVersions: ['v0'] });
  expect(ordered).toMatchObject({ decision: 'retrain', datasetVersions: ['v0'] });
  expect(await ask(records, { trigger: 'manual', cause: 'ann', datasetVersions: ['v9999'] })).toMatchObject({
    decision: 'wait',
    reason: expect.stringContaining('not known or of another schema: v9999'),
  });
});

describe('what was recorded before', () => {
  const decided = (id: string, at: string, decision: object, trigger = 'drift') =>
    record({ kind: 'decision', id, at, detail: { execution: id, request: { trigger, cause: 'c' }, decision } });
  const fresh = [dataset('a', '2001-01-09T00:00:00Z'), run, dataset('b', '2001-02-04T00:00:00Z')];
  const alarm = { trigger: 'drift', cause: 'alarm' } as const;

  test('names the code that the live model was made with, so that a change of it is seen', async () => {
    const changing = { ...model, retraining: { ...model.retraining, onChange: true } };
    const change = { trigger: 'change', cause: 'the stack was updated' } as const;
    const made = (code: string) =>
      decided('r1', '2001-01-09T12:00:00Z', { decision: 'retrain', recipe: trainingRecipe(changing, code) });
    expect(await ask([...fresh, made('code of today')], change, [], [], changing)).toMatchObject({ decision: 'wait' });
    expect(await ask([...fresh, made('other code')], change, [], [], changing)).toMatchObject({ decision: 'retrain' });
  });

  test('counts against the budget of this month', async () => {
    const cost = runCost(model) ?? Number.NaN;
    const bounded = { ...model, retraining: { ...model.retraining, budgetPerMonthDollars: 1.5 * cost } };
    const earlier = (at: string) => memorySlot([{ run: 'r0', at, estimatedDollars: cost }]);
    expect(await ask(fresh, alarm, [], [], bounded, earlier('2001-02-01T00:00:00.000Z'))).toMatchObject({
      decision: 'wait',
      askAgainAt: '2001-03-01T00:00:00.000Z',
    });
    expect(await ask(fresh, alarm, [], [], bounded, earlier('2001-01-31T23:59:59.000Z'))).toMatchObject({
      decision: 'retrain',
    });
  });

  test('lets one execution ask again for all that came meanwhile', async () => {
    const blackout = [{ fromHour: 0, toHour: 6 }];
    const nightly = { ...model, retraining: { ...model.retraining, blackout } };
    const waits = async (trigger: string) => {
      const slot = memorySlot();
      await slot.wait('flights', trigger, { execution: 'y', until: '2001-02-05T06:00:00Z' }, undefined);
      return slot;
    };
    expect(await ask(fresh, alarm, [], ['y'], nightly, await waits('drift'))).toMatchObject({
      askAgainAt: null,
      reason: expect.stringContaining('execution y, which waits for drift too'),
    });
    // Nobody asks for another trigger, nor for one that was stopped by hand.
    const again = { askAgainAt: '2001-02-05T06:00:00.000Z' };
    expect(await ask(fresh, alarm, [], ['y'], nightly, await waits('quality'))).toMatchObject(again);
    expect(await ask(fresh, alarm, [], [], nightly, await waits('drift'))).toMatchObject(again);
  });

  test('gives the newest window as evidence for a review', async () => {
    const window = record({
      kind: 'window',
      id: '2001-02-02T00:00:00Z',
      at: '2001-02-02T00:30:00Z',
      detail: { verdict: 'none', summary: 'worse above .7', window: { from: 'f', to: '2001-02-02T00:00:00Z' } },
    });
    const concept = { trigger: 'concept-drift', cause: 'alarm' } as const;
    expect(await ask([...fresh, window], concept)).toMatchObject({
      decision: 'retrain',
      review: expect.stringContaining('worse above .7'),
    });
  });
});
