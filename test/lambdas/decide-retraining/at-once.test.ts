import { describe, expect, test } from 'vitest';
import { TRIGGERS } from '../../../contracts/machines.ts';
import type { LineageRecord } from '../../../contracts/records.ts';
import { schemaHash } from '../../../core/intake/stored-columns.ts';
import { decide } from '../../../lambdas/decide-retraining/decide.ts';
import { MOST_BILLED, MOST_RUNS, MOST_WINDOWS } from '../../../lambdas/decide-retraining/gather-facts.ts';
import { flightsModel } from '../flights-model.ts';
import { lineageRecord, memoryLineage } from '../memory-lineage.ts';
import { memorySlot } from '../memory-slot.ts';

const model = flightsModel();
const hash = schemaHash(model.data);
const LIVE = { packageArn: 'p', modelName: 'n', endpointConfigName: 'c' };
const HOUR = 3_600_000;
const NOW = Date.parse('2001-06-01T00:00:00Z');
const at = (hoursAgo: number) => new Date(NOW - hoursAgo * HOUR).toISOString();
const dataset = (index: number): LineageRecord =>
  lineageRecord('flights', {
    kind: 'dataset',
    id: `v${index}`,
    at: at(index),
    detail: { version: `v${index}`, parts: [], rows: 5, schemaHash: hash, sources: [] },
  });

describe('fifty who ask at the same instant', () => {
  const requests = Array.from({ length: 50 }, (_, index) => ({
    execution: `e${index}`,
    trigger: TRIGGERS[index % TRIGGERS.length] ?? 'drift',
  }));

  test('let one train, and each of the others says why not', async () => {
    const made = { decision: 'retrain', recipe: 'other code' };
    const before = lineageRecord('flights', { kind: 'decision', id: 'r0', at: at(99), detail: { decision: made } });
    const lineage = memoryLineage([dataset(1), before]);
    await lineage.setLive('flights', { ...LIVE, runId: 'r0', since: at(98) }, null);
    const slot = memorySlot();
    const running = async () => requests.map(({ execution }) => execution);
    // Nothing is training yet: the run shows up among the executions only later.
    const tools = {
      lineage,
      slot,
      running: async (_: string, machine: string) => (machine === 'training' ? [] : running()),
      now: () => new Date(NOW),
    };
    const config = { ...model, retraining: { ...model.retraining, onChange: true, onBusinessMetric: true } };
    const answers = await Promise.all(
      requests.map(({ execution, trigger }) =>
        decide(
          {
            model: config,
            execution,
            request: { trigger, cause: `asked by ${execution}` },
            askedAt: at(0),
            deployedCode: 'code',
          },
          tools,
        ),
      ),
    );
    const trained = answers.filter(({ decision }) => decision === 'retrain');
    expect(trained).toHaveLength(1);
    const [winner] = slot.all;
    expect(slot.all).toHaveLength(1);
    const others = answers.filter(({ decision }) => decision === 'wait');
    expect(others).toHaveLength(49);
    for (const { reason } of others) expect(reason).toContain(`run ${winner?.run} is in flight`);
    // Of those that may wait one for each trigger asks again, people never.
    const asking = answers.flatMap(({ trigger, askAgainAt }) => (askAgainAt === null ? [] : [trigger]));
    expect(asking.toSorted()).toEqual(TRIGGERS.filter((trigger) => trigger !== 'manual').toSorted());
  });
});

describe('what is read of a model', () => {
  /** A model so many hours old, with a record of each kind an hour, and what one decision reads of it. */
  async function readsAt(age: number): Promise<Readonly<Record<string, number>>> {
    const indices = Array.from({ length: age }, (_, index) => index + 1);
    const records = indices.flatMap((index) => [
      dataset(index),
      lineageRecord('flights', {
        kind: 'run',
        id: `r${index}`,
        at: at(index),
        detail: { datasetVersions: [`v${index}`], decision: { passed: true, reason: '', testRows: 1, gates: [] } },
      }),
      lineageRecord('flights', { kind: 'decision', id: `r${index}`, at: at(index), detail: {} }),
      lineageRecord('flights', { kind: 'package', id: `p${index}`, at: at(index), detail: {} }),
      lineageRecord('flights', { kind: 'window', id: at(index), at: at(index), detail: { verdict: 'none' } }),
    ]);
    const lineage = memoryLineage(records);
    await lineage.setLive('flights', { ...LIVE, runId: 'r9', since: at(age) }, null);
    const slot = memorySlot(
      indices.map((index) => ({ run: `r${index}`, at: at(index), estimatedDollars: 1 })).toReversed(),
    );
    const read: Record<string, number> = {};
    const count = <T>(what: string, found: readonly T[]): readonly T[] => {
      read[what] = (read[what] ?? 0) + found.length;
      return found;
    };
    const tools = {
      lineage: {
        live: lineage.live,
        get: async (name: string, sk: string) => {
          const found = await lineage.get(name, sk);
          count('got', found === undefined ? [] : [found]);
          return found;
        },
        between: async (...given: Parameters<typeof lineage.between>) =>
          count('between', await lineage.between(...given)),
        last: async (...given: Parameters<typeof lineage.last>) => count('windows', await lineage.last(...given)),
        newest: async (...given: Parameters<typeof lineage.newest>) => count(given[1], await lineage.newest(...given)),
      },
      slot: {
        ...slot,
        begun: async (...given: Parameters<typeof slot.begun>) => count('begun', await slot.begun(...given)),
      },
      running: async () => [],
      now: () => new Date(NOW + 36 * HOUR),
    };
    const retraining = { ...model.retraining, budgetPerMonthDollars: 1e6 };
    await decide(
      {
        model: { ...model, retraining },
        execution: 'x',
        request: { trigger: 'drift', cause: 'alarm' },
        askedAt: at(0),
        deployedCode: 'code',
      },
      tools,
    );
    return read;
  }

  test('does not grow with its age: at 10, 1,000 and 10,000 records of each kind', async () => {
    const total = async (age: number) => Object.values(await readsAt(age)).reduce((sum, one) => sum + one, 0);
    // Ten: all of them, and the windows since the live model was made.
    expect(await total(10)).toBeLessThanOrEqual(5 * 10 + 2);
    const [thousand, more] = [await readsAt(1000), await readsAt(10_000)];
    expect(thousand).toMatchObject({ dataset: 1000, run: MOST_RUNS, between: 1 });
    expect(more).toEqual(thousand);
    expect(more.windows).toBeLessThanOrEqual(MOST_WINDOWS);
    expect(more.got).toBeLessThanOrEqual(MOST_BILLED + 3);
  });
});
