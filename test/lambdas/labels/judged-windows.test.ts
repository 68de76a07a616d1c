import { describe, expect, it } from 'vitest';
import { windowsOnRecord } from '../../../lambdas/labels/judged-windows.ts';
import { lineageRecord, memoryLineage } from '../memory-lineage.ts';

const HOUR = 3_600_000;
const FIRST = Date.parse('2001-01-01T00:00:00Z');
const endOf = (hour: number) => new Date(FIRST + hour * HOUR).toISOString();

/** A model with so many hourly windows on record, and a count of the records that are read. */
function model(hours: number) {
  const record = (hour: number) =>
    lineageRecord('m', {
      kind: 'window',
      id: endOf(hour),
      at: endOf(hour),
      detail: {
        verdict: 'none',
        rows: 1,
        drifted: [],
        reportKey: 'r',
        summary: '',
        window: { from: endOf(hour - 1), to: endOf(hour) },
        packageArn: 'a',
        amended: false,
        idsKept: hour % 2 === 0,
      },
    });
  const table = memoryLineage(Array.from({ length: hours }, (_, hour) => record(hour)));
  const reads = { queries: 0, records: 0 };
  const between: typeof table.between = async (...asked) => {
    const found = await table.between(...asked);
    reads.queries += 1;
    reads.records += found.length;
    return found;
  };
  return { reads, between };
}

describe('windows on record', () => {
  it('are those with the ends asked for, with what was kept of them', async () => {
    const { judged, searchable } = await windowsOnRecord('m', [endOf(3), endOf(4), endOf(900)], model(100));
    expect([judged.has(endOf(3)), judged.has(endOf(900))]).toEqual([true, false]);
    expect([searchable.has(endOf(3)), searchable.has(endOf(4))]).toEqual([false, true]);
  });

  it('cost what the labels ask for, not what lies between the first and the last of them', async () => {
    const [young, old] = [model(1000), model(10_000)];
    await windowsOnRecord('m', [endOf(1), endOf(2), endOf(999)], young);
    await windowsOnRecord('m', [endOf(1), endOf(2), endOf(9999)], old);
    expect(young.reads).toEqual({ queries: 2, records: 3 });
    expect(old.reads).toEqual(young.reads);
  });
});
