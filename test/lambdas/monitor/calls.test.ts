import { describe, expect, it } from 'vitest';
import { windowKeys } from '../../../contracts/keys.ts';
import { WindowReportSchema } from '../../../contracts/window.ts';
import { WINDOWS_LOOKED_BACK } from '../../../lambdas/monitor/past-windows.ts';
import { memoryLake } from '../memory-lake.ts';
import { memoryLineage } from '../memory-lineage.ts';
import { captured, flights, labelOf, REPORT, stage, WINDOW } from './monitoring-stage.ts';

/** The same object, whose calls are counted by name. */
function counted<T extends object>(of: T, calls: Map<string, number>): T {
  return new Proxy(of, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...given: readonly unknown[]) => {
        calls.set(String(name), (calls.get(String(name)) ?? 0) + 1);
        return Reflect.apply(member, target, given);
      };
    },
  });
}

const at = (day: number) => `2001-02-0${day}T05:10:00Z`;
const endOf = (day: number) => `2001-02-0${day + 1}T00:00:00.000Z`;

/** Days of traffic of one version, judged one after another, with a count of what each run asks of the lake and of the table. */
async function days(options: Parameters<typeof stage>[0] = {}) {
  const calls = new Map<string, number>();
  const [lake, lineage] = [memoryLake(), memoryLineage()];
  const recordsRead: number[] = [];
  const between: typeof lineage.between = async (...asked) => {
    const found = await lineage.between(...asked);
    recordsRead.push(found.length);
    return found;
  };
  let now = '2001-02-03T00:31:00Z';
  const made = stage({
    quality: true,
    lake,
    lineage,
    now: () => new Date(now),
    ...options,
    monitoring: { quality: { labelHorizonDays: 2, minimumLabels: 500 }, ...options.monitoring },
    tools: { lake: counted(lake, calls), lineage: counted({ ...lineage, between }, calls), ...options.tools },
  });
  const pass = async (day: number) => {
    const rows = flights(1200, 50 + day);
    await made.put(
      at(day),
      rows.map((row, index) => captured([row], at(day), { inferenceId: `${day}-${index}` })),
    );
    now = `2001-02-0${day + 1}T00:31:00Z`;
    calls.clear();
    const judged = await made.execute({ windowEnd: `2001-02-0${day + 1}T00:30:00Z` });
    return { judged, calls: Object.fromEntries(calls) };
  };
  const labelled = (day: number) => {
    const lines = flights(1200, 50 + day).map((row, index) =>
      JSON.stringify({ inferenceId: `${day}-${index}`, row: 0, label: labelOf(row), at: endOf(day) }),
    );
    return lake.putText(
      `${windowKeys('flights', endOf(day)).labels}a.jsonl`,
      lines.join('\n'),
      'application/jsonlines',
    );
  };
  return { ...made, pass, labelled, recordsRead };
}

describe('what a run asks for', () => {
  it('is little and always the same when a window closes', async () => {
    const { pass } = await days();
    await pass(2);
    const { calls } = await pass(3);
    expect(calls).toEqual({
      // Captures: of the window, and of the one before it, for late files. Labels: of the window and of the one that matures.
      list: 4,
      stream: 1,
      // Ids, quality counts, page, report.
      putText: 2,
      putBytes: 2,
      // The windows before this one, and those up to the newest mature one. The model that serves.
      between: 2,
      live: 1,
    });
    expect((await pass(4)).calls).toEqual(calls);
  });

  it('is what the first run of a process reads besides: baseline, and what the test set taught', async () => {
    const { pass } = await days();
    const { calls } = await pass(2);
    expect(calls).toMatchObject({ getText: 1, getBytes: 1, exists: 1 });
  });

  it('is the labels and the report before for a window that matured, and its drift is not computed again', async () => {
    const { pass, labelled, lake } = await days();
    await pass(2);
    const { calls: plain } = await pass(3);
    await labelled(2);
    // A word that only a report that is taken over can have.
    const key = REPORT;
    const report = WindowReportSchema.parse(JSON.parse(lake.text(key)));
    const [foremost, ...others] = report.drift.features;
    if (foremost === undefined) return;
    const drift = { ...report.drift, features: [{ ...foremost, message: 'as it stood' }, ...others] };
    await lake.putText(key, JSON.stringify({ ...report, drift }), 'application/json');
    const { judged, calls } = await pass(4);
    expect(judged.map(({ judgement }) => judgement.because)).toEqual(['matured', 'closed']);
    const again = WindowReportSchema.parse(JSON.parse(lake.text(key)));
    expect(again.drift.features[0]?.message).toBe('as it stood');
    expect(again.quality?.basis).toBe('realised');
    expect({ ...again.drift, features: [] }).toEqual({ ...report.drift, features: [] });
    // Both windows: a second one costs a query, the report before and the labels.
    expect(calls).toMatchObject({
      getText: 1,
      stream: (plain.stream ?? 0) + 2,
      putText: 4,
      putBytes: 4,
    });
    expect(calls.between).toBeLessThanOrEqual(5);
  });

  it('is computed anew by hand, and when the counts are others', async () => {
    const { pass, execute, lake, put } = await days();
    await pass(2);
    const planted = async () => {
      const report = WindowReportSchema.parse(JSON.parse(lake.text(REPORT)));
      const features = report.drift.features.map((feature) => ({ ...feature, message: 'as it stood' }));
      const drift = { ...report.drift, features };
      await lake.putText(REPORT, JSON.stringify({ ...report, drift }), 'application/json');
    };
    const message = () => WindowReportSchema.parse(JSON.parse(lake.text(REPORT))).drift.features[0]?.message;
    await pass(3);
    await planted();
    await execute(WINDOW);
    expect(message()).not.toBe('as it stood');
    await planted();
    await put(at(2), [captured(flights(3, 1), at(2))], 'late.jsonl');
    await execute({ windowEnd: '2001-02-04T00:30:00Z' });
    expect(message()).not.toBe('as it stood');
  });

  it('does not grow with the age of the model, nor do the records that come back', async () => {
    const { pass, lineage, recordsRead } = await days();
    await pass(2);
    const young = await pass(3);
    const record = [...lineage.records.values()].find(({ kind }) => kind === 'window');
    if (record === undefined) return;
    for (let day = 1; day <= 1000; day++) {
      const id = new Date(Date.parse(endOf(2)) - day * 86_400_000).toISOString();
      await lineage.put({ ...record, id, sk: `window#${id}`, detail: record.detail.replaceAll(endOf(2), id) });
    }
    recordsRead.length = 0;
    expect((await pass(4)).calls).toEqual(young.calls);
    expect(Math.max(...recordsRead)).toBe(WINDOWS_LOOKED_BACK + 1);
  });
});
