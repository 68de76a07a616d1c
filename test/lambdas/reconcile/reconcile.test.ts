import { expect, test } from 'vitest';
import type { FunctionInput } from '../../../contracts/functions.ts';
import { captureHourPrefix, windowReportKey } from '../../../contracts/keys.ts';
import { reconcile } from '../../../lambdas/reconcile/reconcile.ts';
import { memoryLake } from '../memory-lake.ts';
import { memoryLineage } from '../memory-lineage.ts';

const LIVE = { packageArn: 'p', modelName: 'n', endpointConfigName: 'c', runId: 'r', since: '2001-04-01T00:00:00Z' };
const REQUEST: FunctionInput<'reconcile'> = {
  model: 'late',
  every: 'hour',
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

/** A platform in memory: three requests captured in two files, a report of the window, and what the function did. */
async function world({ invocations = 3, lines = [captured('2001-05-01T12:59:50Z')], live = LIVE, report = true } = {}) {
  const lake = memoryLake();
  const put = (hour: string, name: string, texts: readonly string[]) =>
    lake.putText(
      `${captureHourPrefix('late', 'modelway-late', 'AllTraffic', new Date(hour))}${name}`,
      texts.join('\n'),
      '',
    );
  await put('2001-05-01T12:00:00Z', 'a.jsonl', [captured('2001-05-01T12:10:00Z'), captured('2001-05-01T12:20:00Z')]);
  // Written with the next hour, though its request belongs to this one; the hour before is nobody's.
  await put('2001-05-01T13:00:00Z', 'b.jsonl', [...lines, captured('2001-05-01T13:30:00Z')]);
  await put('2001-05-01T11:00:00Z', 'c.jsonl', [captured('2001-05-01T12:30:00Z')]);
  if (report) await lake.putText(windowReportKey('late', WINDOW.to, 'json'), '{}', '');
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
      return { invocations, failed: 0 };
    },
    record: async (fact: FunctionInput<'record'>) => {
      facts.push(fact);
    },
    emit: (_: string, values: unknown) => emitted.push(values),
    now: () => new Date('2001-05-01T14:00:02Z'),
  };
  return { tools, facts, emitted, asked };
}

test('a window in which all agree emits a gap of 0 and records nothing', async () => {
  const { tools, facts, emitted, asked } = await world();
  const result = await reconcile(REQUEST, tools);
  expect(result).toMatchObject({ window: WINDOW, late: false, reconciliation: { captured: 3, explained: 3, gap: 0 } });
  expect(emitted).toEqual([{ CaptureGap: 0 }]);
  expect(facts).toEqual([]);
  expect(asked).toEqual([['modelway-late', WINDOW]]);
});

test('requests that are missing from the capture files are emitted and recorded, and the alarm announces them', async () => {
  const { tools, facts, emitted } = await world({ invocations: 10 });
  await reconcile(REQUEST, tools);
  expect(emitted).toEqual([{ CaptureGap: 7 }]);
  expect(facts).toEqual([
    expect.objectContaining({ kind: 'failure', id: `capture-${WINDOW.from}`, announce: null, failed: false }),
  ]);
});

test('rows without explanation are a gap too', async () => {
  const { tools, emitted } = await world({ lines: [captured('2001-05-01T12:59:50Z', 'null')] });
  await reconcile(REQUEST, tools);
  expect(emitted).toEqual([{ CaptureGap: 1 }]);
});

test('a window that was due and has no verdict is announced and counted as a failure', async () => {
  const { tools, facts } = await world({ report: false });
  expect(await reconcile(REQUEST, tools)).toMatchObject({ late: true });
  expect(facts).toEqual([
    expect.objectContaining({
      id: `late-${WINDOW.to}`,
      failed: true,
      announce: expect.objectContaining({ runbook: 'alarm-monitor-late', message: expect.stringContaining(WINDOW.to) }),
    }),
  ]);
});

test('no verdict is missed before the model served, nor where windows are judged at times of the model’s own', async () => {
  const young = await world({ report: false, live: { ...LIVE, since: '2001-05-01T13:31:00Z' } });
  expect(await reconcile(REQUEST, young.tools)).toMatchObject({ late: false });
  const own = await world({ report: false });
  expect(await reconcile({ ...REQUEST, expectsVerdict: false }, own.tools)).toMatchObject({ late: false });
});

test('while nothing serves there is nothing to count', async () => {
  const { tools, emitted, asked } = await world();
  const nobody = { ...tools, lineage: memoryLineage() };
  expect(await reconcile(REQUEST, nobody)).toEqual({ window: WINDOW, reconciliation: null, late: false });
  expect([emitted, asked]).toEqual([[], []]);
});
