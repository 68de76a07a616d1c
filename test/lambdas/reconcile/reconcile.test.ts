import { describe, expect, test } from 'vitest';
import type { FunctionInput } from '../../../contracts/functions.ts';
import { captureHourPrefix, reconciledDayKey, windowReportKey } from '../../../contracts/keys.ts';
import { type ReconciledDay, ReconciledDaySchema } from '../../../contracts/reconciliation.ts';
import type { Window } from '../../../contracts/window.ts';
import type { KeyRange } from '../../../lambdas/aws/lake.ts';
import { reconcile } from '../../../lambdas/reconcile/reconcile.ts';
import { memoryLake } from '../memory-lake.ts';
import { memoryLineage } from '../memory-lineage.ts';

const LIVE = { packageArn: 'p', modelName: 'n', endpointConfigName: 'c', runId: 'r', since: '2001-04-01T00:00:00Z' };
const REQUEST: FunctionInput<'reconcile'> = {
  model: 'late',
  every: 'hour',
  countEvery: 'hour',
  lagMinutes: 30,
  columns: ['x'],
  delayMinutes: 30,
  expectsVerdict: true,
  scheduledAt: '2001-05-01T14:00:00Z',
};
const WINDOW = { from: '2001-05-01T12:00:00.000Z', to: '2001-05-01T13:00:00.000Z' };

const captured = (at: string, shap = '[1]') =>
  JSON.stringify({
    captureData: {
      endpointInput: { observedContentType: 'application/json', mode: 'INPUT', data: '{"x":1}', encoding: 'JSON' },
      endpointOutput: {
        observedContentType: 'application/json',
        mode: 'OUTPUT',
        data: `{"predictions":[{"score":0.1,"shap":${shap}}]}`,
        encoding: 'JSON',
      },
    },
    eventMetadata: { eventId: 'e', inferenceTime: at },
    eventVersion: '0',
  });

/** A lake that notes what is listed and read below the captures. */
function watchedLake() {
  const lake = memoryLake();
  const [listed, read]: [string[], string[]] = [[], []];
  return {
    ...lake,
    listed,
    read,
    list: (prefix: string, range?: KeyRange) => {
      listed.push(range?.after ?? prefix);
      return lake.list(prefix, range);
    },
    stream: (key: string) => {
      read.push(key);
      return lake.stream(key);
    },
  };
}

const hourBefore = (hour: string, hours: number) => new Date(Date.parse(hour) - hours * 3_600_000).toISOString();

/**
 * A platform in memory whose hour from 12 to 13 had three requests in two files. Every hour of the day before was counted, so that one is
 * missing; `uncounted` leaves out more of them.
 */
async function world({
  invocations = 3,
  lines = [captured('2001-05-01T12:59:50Z')],
  live = LIVE,
  report = true,
  uncounted = 0,
} = {}) {
  const lake = watchedLake();
  const prefix = (hour: string) => captureHourPrefix('late', 'modelway-late', 'AllTraffic', new Date(hour));
  const put = (hour: string, name: string, texts: readonly string[]) =>
    lake.putText(`${prefix(hour)}${name}`, texts.join('\n'), '');
  await put('2001-05-01T12:00:00Z', 'a.jsonl', [captured('2001-05-01T12:10:00Z'), captured('2001-05-01T12:20:00Z')]);
  // Written with the next hour, though its request belongs to this one; the hour before is nobody's.
  await put('2001-05-01T13:00:00Z', 'b.jsonl', [...lines, captured('2001-05-01T13:30:00Z')]);
  await put('2001-05-01T11:00:00Z', 'c.jsonl', [captured('2001-05-01T12:30:00Z')]);
  if (report) await lake.putText(windowReportKey('late', WINDOW.to, 'json'), '{}', '');
  for (const [day, hours] of Object.entries(countedHours(uncounted)))
    await lake.putText(reconciledDayKey('late', day), JSON.stringify({ model: 'late', day, counted: hours }), '');
  const lineage = memoryLineage();
  if (live !== undefined) await lineage.setLive('late', live, null);
  const facts: FunctionInput<'record'>[] = [];
  const emitted: unknown[] = [];
  const asked: unknown[] = [];
  const tools = {
    platform: 'modelway',
    lake,
    lineage,
    invocations: async (...question: unknown[]) => {
      asked.push(question);
      return ({ from }: Window) => ({ invocations: from === WINDOW.from ? invocations : 0, failed: 0 });
    },
    record: async (fact: FunctionInput<'record'>) => {
      facts.push(fact);
    },
    emit: (_: string, values: unknown) => emitted.push(values),
    now: () => new Date('2001-05-01T14:00:02Z'),
  };
  return { tools, facts, emitted, asked, lake, prefix };
}

/** The 23 hours before noon, by day, less the newest `uncounted`, as if nobody had called. */
function countedHours(uncounted: number): Record<string, ReconciledDay['counted']> {
  const days: Record<string, ReconciledDay['counted']> = { '2001-04-30': [], '2001-05-01': [] };
  for (let hours = 23; hours > uncounted; hours--) {
    const window = { from: hourBefore(WINDOW.from, hours), to: hourBefore(WINDOW.to, hours) };
    days[window.from.slice(0, 10)]?.push({
      window,
      counts: { invocations: 0, failed: 0 },
      tally: { answered: 0, unreadable: 0, rows: 0, explained: 0, nearStart: 0, nearEnd: 0 },
      reconciliation: {
        invocations: 0,
        failed: 0,
        captured: 0,
        rows: 0,
        explained: 0,
        nearEdges: 0,
        notCaptured: 0,
        notExplained: 0,
        gap: 0,
      },
      untold: 0,
    });
  }
  return days;
}

describe('counting an hour over', () => {
  test('in which all agree emits a gap of 0, records nothing, and stores the counts with the day', async () => {
    const { tools, facts, emitted, asked, lake } = await world();
    const { counted, late } = await reconcile(REQUEST, tools);
    expect(counted).toMatchObject([
      { window: WINDOW, reconciliation: { captured: 3, explained: 3, gap: 0 }, untold: 0 },
    ]);
    expect([emitted, facts, late]).toEqual([[{ CaptureGap: 0 }], [], []]);
    expect(asked).toEqual([['modelway-late', WINDOW]]);
    const stored = ReconciledDaySchema.parse(JSON.parse(lake.text(reconciledDayKey('late', '2001-05-01'))));
    expect(stored.counted.at(-1)).toEqual(counted[0]);
  });

  test('emits and records requests that are missing from the capture files; the alarm announces them', async () => {
    const { tools, facts, emitted } = await world({ invocations: 10 });
    await reconcile(REQUEST, tools);
    expect(emitted).toEqual([{ CaptureGap: 7 }]);
    expect(facts).toEqual([
      expect.objectContaining({ kind: 'failure', id: `capture-${WINDOW.from}`, announce: null, failed: false }),
    ]);
  });

  test('takes rows without explanation for a gap too', async () => {
    const { tools, emitted } = await world({ lines: [captured('2001-05-01T12:59:50Z', 'null')] });
    await reconcile(REQUEST, tools);
    expect(emitted).toEqual([{ CaptureGap: 1 }]);
  });

  test('reads its own files whole, and of the next hour’s only what may belong to it', async () => {
    const { tools, lake, prefix } = await world();
    await reconcile(REQUEST, tools);
    const hours = ['2001-05-01T12:00:00Z', '2001-05-01T13:00:00Z'].map(prefix);
    expect(lake.listed).toEqual(hours);
    expect(lake.read).toEqual([`${hours[0]}a.jsonl`, `${hours[1]}b.jsonl`]);
  });

  test('without any request asks once for metrics and lists no more than the hour', async () => {
    const { tools, lake, prefix, asked, emitted } = await world({ invocations: 0 });
    for (const key of [...lake.objects.keys()]) if (key.startsWith('capture/')) lake.objects.delete(key);
    await reconcile(REQUEST, tools);
    expect(lake.listed).toEqual([prefix('2001-05-01T12:00:00Z')]);
    expect([asked.length, emitted]).toEqual([1, [{ CaptureGap: 0 }]]);
  });

  test('happens once: the same schedule again counts, emits and asks nothing', async () => {
    const { tools, emitted, asked } = await world();
    await reconcile(REQUEST, tools);
    expect(await reconcile(REQUEST, tools)).toEqual({ counted: [], late: [] });
    expect([emitted.length, asked.length]).toEqual([1, 1]);
  });

  test('catches up on hours that missed runs left out, oldest first, with one question for metrics', async () => {
    const { tools, asked, emitted } = await world({ uncounted: 3 });
    const { counted } = await reconcile(REQUEST, tools);
    expect(counted.map(({ window }) => window.from.slice(11, 13))).toEqual(['09', '10', '11', '12']);
    expect(asked).toEqual([['modelway-late', { from: '2001-05-01T09:00:00.000Z', to: WINDOW.to }]]);
    expect(emitted).toHaveLength(4);
  });

  test('looks back one day and no further, also when nothing was ever counted', async () => {
    const { tools } = await world({ uncounted: 23 });
    const { counted } = await reconcile(REQUEST, tools);
    expect(counted).toHaveLength(24);
    expect(counted[0]?.window.from).toBe('2001-04-30T13:00:00.000Z');
  });

  test('goes on after the hours that were stored when an earlier run broke off', async () => {
    const { tools } = await world({ uncounted: 3 });
    const breaks = { ...tools, invocations: async () => (window: Window) => failingAt('11', window) };
    await expect(reconcile(REQUEST, breaks)).rejects.toThrow('11');
    const { counted } = await reconcile(REQUEST, tools);
    expect(counted.map(({ window }) => window.from.slice(11, 13))).toEqual(['11', '12']);
  });

  test('needs a model that serves', async () => {
    const { tools, emitted, asked } = await world();
    expect(await reconcile(REQUEST, { ...tools, lineage: memoryLineage() })).toEqual({ counted: [], late: [] });
    expect([emitted, asked]).toEqual([[], []]);
  });
});

function failingAt(hour: string, { from }: Window) {
  if (from.slice(11, 13) === hour) throw new Error(`no metrics of ${hour}`);
  return { invocations: 0, failed: 0 };
}

describe('a loss that no single hour shows', () => {
  test('is emitted and recorded once the sum of the day shows it', async () => {
    const { tools, facts, emitted } = await world();
    // Of each hour's 15 requests a few are captured, and lines within five seconds of its ends excuse the others.
    const near = ['00:01', '00:02', '00:03', '59:57'].map((at) => `2001-05-01T12:${at}Z`);
    const next = ['00:00', '00:01', '00:02', '00:03'].map((at) => `2001-05-01T13:${at}Z`);
    const put = (hour: string, times: readonly string[]) =>
      tools.lake.putText(
        `${captureHourPrefix('late', 'modelway-late', 'AllTraffic', new Date(hour))}x.jsonl`,
        times.map((at) => captured(at)).join('\n'),
        '',
      );
    await put('2001-05-01T12:00:00Z', near);
    await put('2001-05-01T13:00:00Z', next);
    const counts = async () => () => ({ invocations: 15, failed: 0 });
    await reconcile(REQUEST, { ...tools, invocations: counts });
    // 15 invoked, 3 + 4 captured, 8 near the ends: nothing in the hour. But nobody called before noon, so its start excuses nothing.
    expect(emitted).toEqual([{ CaptureGap: 3 }]);
    await reconcile(
      { ...REQUEST, scheduledAt: '2001-05-01T15:00:00Z', expectsVerdict: false },
      { ...tools, invocations: counts },
    );
    // 30 invoked, 7 + 5 captured, none near the end of the second hour, 3 told before.
    expect(emitted.at(-1)).toEqual({ CaptureGap: 30 - 12 - 3 });
    expect(facts).toMatchObject([
      { detail: { untold: 3 } },
      { id: 'capture-2001-05-01T13:00:00.000Z', detail: { untold: 15 } },
    ]);
  });
});

describe('a judged window without a verdict', () => {
  test('that was due is announced and counted as a failure', async () => {
    const { tools, facts } = await world({ report: false });
    expect(await reconcile(REQUEST, tools)).toMatchObject({ late: [WINDOW] });
    expect(facts).toEqual([
      expect.objectContaining({
        id: `late-${WINDOW.to}`,
        failed: true,
        announce: expect.objectContaining({
          runbook: 'alarm-monitor-late',
          message: expect.stringContaining('was due at 2001-05-01T13:30:00.000Z'),
        }),
      }),
    ]);
  });

  test('of a day is looked for when its last hour is counted, and not before', async () => {
    const { tools, lake } = await world({ report: false });
    const daily = { ...REQUEST, every: 'day' as const };
    expect(await reconcile(daily, tools)).toMatchObject({ late: [] });
    const midnight = { ...daily, scheduledAt: '2001-05-02T01:00:00Z' };
    expect(await reconcile(midnight, tools)).toMatchObject({
      late: [{ from: '2001-05-01T00:00:00.000Z', to: '2001-05-02T00:00:00.000Z' }],
    });
    await lake.putText(windowReportKey('late', '2001-05-03T00:00:00.000Z', 'json'), '{}', '');
    expect(await reconcile({ ...daily, scheduledAt: '2001-05-03T01:00:00Z' }, tools)).toMatchObject({ late: [] });
  });

  test('is missed neither before the model served, nor where windows are judged at times of the model’s own', async () => {
    const young = await world({ report: false, live: { ...LIVE, since: '2001-05-01T13:31:00Z' } });
    expect(await reconcile(REQUEST, young.tools)).toMatchObject({ late: [] });
    const own = await world({ report: false });
    expect(await reconcile({ ...REQUEST, expectsVerdict: false }, own.tools)).toMatchObject({ late: [] });
  });
});

test('a model that counts by the week lists its days and reads them once', async () => {
  const { tools, lake, asked } = await world({ uncounted: 23 });
  const { counted } = await reconcile(
    { ...REQUEST, every: 'week', countEvery: 'week', scheduledAt: '2001-05-07T01:00:00Z' },
    tools,
  );
  expect(counted.map(({ window }) => window.from.slice(0, 10))).toEqual(['2001-04-23', '2001-04-30']);
  expect(counted[1]).toMatchObject({ tally: { answered: 5 } });
  expect(asked).toHaveLength(1);
  expect(new Set(lake.read).size).toBe(lake.read.length);
});
