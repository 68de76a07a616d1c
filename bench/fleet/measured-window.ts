import { captureHourPrefix, reconciledDayKey, runKeys } from '../../contracts/keys.ts';
import { type ModelConfig, parseModel } from '../../contracts/model-config.ts';
import type { Instance } from '../../contracts/serving.ts';
import { lineageRecord } from '../../core/lineage/lineage-record.ts';
import { buildBaseline } from '../../core/profile/baseline.ts';
import { DAY, HOUR } from '../../core/profile/instant.ts';
import { withPredictions } from '../../core/profile/predictions.ts';
import { EMPTY_TALLY } from '../../core/reconciliation/capture-tally.ts';
import { reconcileCounts } from '../../core/reconciliation/reconcile-counts.ts';
import { dayOf } from '../../core/reconciliation/windows-to-count.ts';
import { seededRandom } from '../../core/statistics/random.ts';
import { monitor } from '../../lambdas/monitor/monitor.ts';
import { reconcile } from '../../lambdas/reconcile/reconcile.ts';
import { type MemoryLake, memoryLake } from '../../test/lambdas/memory-lake.ts';
import { type MemoryLineage, memoryLineage } from '../../test/lambdas/memory-lineage.ts';
import { type Calls, countedLake, countedLineage, noCalls } from './counted.ts';

/** What the handlers of one hourly window took. */
export interface MeasuredWindow {
  /** Seconds of one core. */
  readonly monitorSeconds: number;
  readonly againSeconds: number;
  readonly reconcileSeconds: number;
  /** The step that finds out what is to be judged and judges the first window. */
  readonly monitor: Calls;
  /** The step that judges another one: a window whose labels are mature is judged again. */
  readonly again: Calls;
  readonly reconcile: Calls;
  readonly captureBytes: number;
}

export const REQUESTS_AN_HOUR = 1000;
/** SageMaker writes every few minutes; one a minute is more files than that. */
const FILES_AN_HOUR = 60;
const NUMERIC = Array.from({ length: 20 }, (_, index) => `n${index}`);
const CATEGORICAL = Array.from({ length: 5 }, (_, index) => `c${index}`);
const FIRST = Date.parse('2001-01-01T00:00:00Z');
const PACKAGE = 'arn:package/1';

const model: ModelConfig = parseModel({
  name: 'fleet',
  data: {
    columns: [
      ...NUMERIC.map((name) => ({ name, kind: 'numeric' })),
      ...CATEGORICAL.map((name) => ({ name, kind: 'categorical' })),
      { name: 'label', kind: 'boolean' },
    ],
    target: 'label',
  },
  training: { source: 'src', instances: ['ml.m5.large'] },
  serving: { kind: 'realtime', instanceType: 'ml.m5.large', instanceCount: 1, strategy: { kind: 'all-at-once' } },
  monitoring: { every: 'hour', lagMinutes: 30 },
});

/** A model of so many days with hourly windows, and the real handlers at its newest one, over a lake and a table in memory. */
export async function measureWindow(days: number): Promise<MeasuredWindow> {
  const { lake, lineage, captureBytes } = await history(days);
  const end = new Date(FIRST + days * DAY);
  const common = { platform: 'modelway', emit: () => {}, now: () => new Date(end.getTime() + 31 * 60_000) };

  const judging = noCalls();
  const work = { step: 'begin', request: { windowEnd: new Date(end.getTime() + 30 * 60_000).toISOString() } } as const;
  const tools = {
    ...common,
    lakeBucket: 'lake',
    runbookUrl: 'https://docs.example/runbook.md',
    lake: countedLake(lake, judging),
    lineage: countedLineage(lineage, judging),
    wholeBytes: 1e9,
    shardBytes: 1e9,
  };
  const monitorSeconds = await coreSeconds(() => monitor({ model, execution: 'e', work }, tools));

  const anew = noCalls();
  const day = new Date(end.getTime() - DAY);
  const before = { from: new Date(day.getTime() - HOUR).toISOString(), to: day.toISOString() };
  const task = { ...before, because: 'matured' } as const;
  const newTools = { ...tools, lake: countedLake(lake, anew), lineage: countedLineage(lineage, anew) };
  const againSeconds = await coreSeconds(() =>
    monitor({ model, execution: 'e', work: { step: 'judge', task } }, newTools),
  );

  const counting = noCalls();
  await countedBefore(end, lake);
  const request = {
    model: model.name,
    every: 'hour' as const,
    countEvery: 'hour' as const,
    lagMinutes: 30,
    columns: [...NUMERIC, ...CATEGORICAL],
    delayMinutes: 30,
    expectsVerdict: true,
    scheduledAt: new Date(end.getTime() + HOUR).toISOString(),
  };
  const reconcileSeconds = await coreSeconds(() =>
    reconcile(request, {
      ...common,
      lake: countedLake(lake, counting),
      lineage: countedLineage(lineage, counting),
      invocations: async () => () => ({ invocations: REQUESTS_AN_HOUR, failed: 0 }),
      record: async () => {},
    }),
  );
  return {
    monitorSeconds,
    againSeconds,
    reconcileSeconds,
    monitor: judging,
    again: anew,
    reconcile: counting,
    captureBytes,
  };
}

/** The hours before the newest were counted over, as by runs that never missed. */
async function countedBefore(end: Date, lake: MemoryLake): Promise<void> {
  const hours = Array.from({ length: 23 }, (_, index) => {
    const to = new Date(end.getTime() - (23 - index) * HOUR);
    const window = { from: new Date(to.getTime() - HOUR).toISOString(), to: to.toISOString() };
    const counts = { invocations: REQUESTS_AN_HOUR, failed: 0 };
    const tally = { ...EMPTY_TALLY, answered: REQUESTS_AN_HOUR, rows: REQUESTS_AN_HOUR, explained: REQUESTS_AN_HOUR };
    return { window, counts, tally, reconciliation: reconcileCounts(counts, tally), untold: 0 };
  });
  for (const day of new Set(hours.map(({ window }) => dayOf(window)))) {
    const counted = hours.filter(({ window }) => dayOf(window) === day);
    await lake.putText(reconciledDayKey(model.name, day), JSON.stringify({ model: model.name, day, counted }), '');
  }
}

/** User and system time of the process: other work on the machine does not count. */
async function coreSeconds(act: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

interface History {
  readonly lake: MemoryLake;
  readonly lineage: MemoryLineage;
  readonly captureBytes: number;
}

/** Captured traffic of the last two days, and a record of every window of the model's life. */
async function history(days: number): Promise<History> {
  const lake = memoryLake();
  const lineage = memoryLineage();
  const training = rows(5000, 1);
  const baseline = withPredictions(buildBaseline(model, training), training.map(scoreOf), [], {});
  await lake.putText(runKeys(model.name, 'run-1').baseline, JSON.stringify(baseline), 'application/json');
  const since = new Date(FIRST).toISOString();
  const live = { packageArn: PACKAGE, modelName: 'm', endpointConfigName: 'c', runId: 'run-1', since };
  await lineage.setLive(model.name, live, null);
  const files = hourOfFiles();
  const captureBytes = files.reduce((sum, lines) => sum + Buffer.byteLength(lines('2001-01-01T00:00:00Z')), 0);
  for (let hour = Math.max(0, (days - 2) * 24); hour <= days * 24; hour += 1) {
    const at = new Date(FIRST + hour * HOUR);
    for (const [index, lines] of files.entries()) {
      const key = `${captureHourPrefix(model.name, `modelway-${model.name}`, 'AllTraffic', at)}${index}.jsonl`;
      await lake.putText(key, lines(new Date(at.getTime() + index * 60_000).toISOString()), 'application/jsonlines');
    }
  }
  for (let hour = 1; hour < days * 24; hour += 1)
    await lineage.put(pastWindow(new Date(FIRST + hour * HOUR), captureBytes));
  return { lake, lineage, captureBytes };
}

function pastWindow(to: Date, bytes: number) {
  const window = { from: new Date(to.getTime() - HOUR).toISOString(), to: to.toISOString() };
  const files = { count: FILES_AN_HOUR, bytes };
  const detail = {
    verdict: 'none',
    rows: REQUESTS_AN_HOUR,
    drifted: [],
    reportKey: null,
    summary: 'no feature drifted',
    window,
    packageArn: PACKAGE,
    amended: false,
    files,
    found: 'hash',
  };
  return lineageRecord({ model: model.name, kind: 'window', id: window.to, at: window.to, parents: [], detail });
}

/** Files of an hour, whose lines differ from hour to hour by their time alone. */
function hourOfFiles(): readonly ((at: string) => string)[] {
  const asked = rows(REQUESTS_AN_HOUR, 2);
  const each = Math.ceil(REQUESTS_AN_HOUR / FILES_AN_HOUR);
  return Array.from({ length: FILES_AN_HOUR }, (_, file) => {
    const own = asked.slice(file * each, file * each + each);
    return (at: string) => own.map((row, index) => captureLine(row, at, `${file}-${index}`)).join('\n');
  });
}

function captureLine(row: Instance, inferenceTime: string, inferenceId: string): string {
  const side = (mode: string, data: object) => ({
    observedContentType: 'application/json',
    mode,
    data: JSON.stringify(data),
    encoding: 'JSON',
  });
  const names = [...NUMERIC, ...CATEGORICAL];
  const prediction = { score: scoreOf(row), label: 0, shap: names.map((_, index) => index / 1000) };
  return JSON.stringify({
    captureData: {
      endpointInput: side('INPUT', { instances: [row] }),
      endpointOutput: side('OUTPUT', { model_package: PACKAGE, features: names, predictions: [prediction] }),
    },
    eventMetadata: { eventId: inferenceId, inferenceId: `${inferenceTime}-${inferenceId}`, inferenceTime },
    eventVersion: '0',
  });
}

function rows(count: number, seed: number): readonly Instance[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () =>
    Object.fromEntries([
      ...NUMERIC.map((name) => [name, random()]),
      ...CATEGORICAL.map((name) => [name, ['a', 'b', 'c'][Math.floor(3 * random())] ?? 'a']),
    ]),
  );
}

const scoreOf = (row: Instance): number => 0.2 + 0.6 * Number(row.n0);
