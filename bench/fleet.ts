import { FUNCTIONS, type FunctionName } from '../contracts/functions.ts';
import { fleetSpreadMinutes } from '../contracts/monitoring-schedule.ts';
import { totalOf } from '../core/cost/cost-line.ts';
import { monitoringLines, TYPICAL_COUNTING, TYPICAL_WINDOW, watchingLines } from '../core/cost/monitoring-cost.ts';
import { HOURS_PER_MONTH } from '../core/cost/price-list.ts';
import { seededRandom } from '../core/statistics/random.ts';
import type { Bench, Figure } from './bench.ts';
import { type Day, type Limits, simulateDay, type Timing } from './fleet/day.ts';
import { type MeasuredWindow, measureWindow, REQUESTS_AN_HOUR } from './fleet/measured-window.ts';

const MODELS = 1000;
/** Age of the model whose newest window is measured, against one that is two months older. */
const AGES = { young: 10, old: 70 } as const;

/** Default quotas of an account, those of the smaller regions. */
const LIMITS: Limits = { concurrency: 1000, startBucket: 800, startRefill: 150 };
const LOG_CALLS_A_SECOND = 800;
const DYNAMO_READS_A_SECOND = 12_000;
const DYNAMO_WRITES_A_SECOND = 4000;

/** Lambda gives a core at 1 769 MB. */
const MEGABYTES_A_CORE = 1769;
/** The lower end of what AWS says of first bytes from S3 (100 to 200 ms); calls are counted as if each waited for the last. */
const CALL_SECONDS = 0.1;
const COLD_START_SECONDS = 1;
const STATE_SECONDS = 0.1;

/** A thousand models monitored hourly: cost, concurrency, time and rates of a day, from the measured work of the real handlers. */
export const fleet: Bench = {
  name: 'fleet',
  summary: '1 000 models monitored hourly: a simulated day from measured handlers, cost and quotas',
  environments: [],
  run: async ({ quick, say }) => {
    say(`the handlers at a window of ${REQUESTS_AN_HOUR} requests, of models ${AGES.young} and ${AGES.old} days old`);
    await measureWindow(1);
    const young = await measureWindow(AGES.young);
    const old = await measureWindow(quick ? AGES.young + 1 : AGES.old);
    const timing = timingOf(old);
    const models = Array.from({ length: quick ? 200 : MODELS }, (_, index) => `model-${index}`);
    const spreadMinutes = fleetSpreadMinutes(models.length);
    say(`a day of ${models.length} models`);
    const random = seededRandom(11);
    const atOnce = simulateDay({ models, spreadMinutes, secondOf: () => 0 }, timing, LIMITS);
    const even = simulateDay({ models, spreadMinutes, secondOf: () => 60 * random() }, timing, LIMITS);
    const unspread = simulateDay({ models, spreadMinutes: 1, secondOf: () => 0 }, timing, LIMITS);
    return [
      ...work(old, timing),
      ...constant(young, old),
      ...dayFigures(`all of a minute in its first second`, atOnce),
      ...rates(atOnce, old),
      {
        what: 'last verdict, schedules even within their minute',
        value: even.lastVerdict,
        unit: 's',
        goal: { atMost: 120 },
      },
      { what: 'peak of functions at once, even', value: even.peakConcurrency, unit: '' },
      {
        what: 'without the spread: peak of functions at once',
        value: unspread.peakConcurrency,
        unit: '',
        note: 'why there is one',
      },
      {
        what: 'without the spread: throttled starts and invocations',
        value: unspread.throttledStarts + unspread.throttledInvocations,
        unit: '',
      },
      { what: 'without the spread: last verdict', value: unspread.lastVerdict, unit: 's' },
      ...cost(models.length),
    ];
  },
};

/** Core seconds stretched to the share of a core that the function's memory buys, and every call waited for. */
function seconds(name: FunctionName, coreSeconds: number, calls: number): number {
  const stretch = Math.max(1, MEGABYTES_A_CORE / FUNCTIONS[name].memoryMegabytes);
  return COLD_START_SECONDS + coreSeconds * stretch + calls * CALL_SECONDS;
}

function timingOf(measured: MeasuredWindow): Timing {
  const { monitorSeconds, againSeconds, reconcileSeconds, monitor, again, reconcile } = measured;
  const first = seconds('monitor', monitorSeconds, monitor.gets + monitor.puts);
  const second = seconds('monitor', againSeconds, again.gets + again.puts);
  return {
    start: 4 * STATE_SECONDS,
    monitor: Math.max(first, second),
    windows: 2,
    between: 2 * STATE_SECONDS,
    // A conditional put, the audit chain and its record, one after another.
    record: seconds('record', 0.05, 6),
    reconcile: seconds('reconcile', reconcileSeconds, reconcile.gets + reconcile.puts + 1),
  };
}

/** What was measured, held against what `plan` charges. */
function work(measured: MeasuredWindow, timing: Timing): readonly Figure[] {
  const { monitor, again, reconcile, captureBytes } = measured;
  const held = (what: string, value: number, atMost: number, unit = ''): Figure => ({
    what,
    value,
    unit,
    goal: { atMost },
  });
  return [
    {
      what: 'monitor, one core',
      value: measured.monitorSeconds,
      unit: 's CPU',
      note: `${REQUESTS_AN_HOUR} requests, 25 columns`,
    },
    { what: 'reconcile, one core', value: measured.reconcileSeconds, unit: 's CPU' },
    held(
      'monitor as billed, both windows: calls of 0.1 s, cold starts',
      timing.windows * timing.monitor,
      TYPICAL_WINDOW.seconds.monitor ?? 0,
      's',
    ),
    held('record as billed, twice (assumed)', timing.windows * timing.record, TYPICAL_WINDOW.seconds.record ?? 0, 's'),
    held('reconcile as billed', timing.reconcile, TYPICAL_COUNTING.seconds.reconcile ?? 0, 's'),
    held('S3 puts and lists a window', monitor.puts + again.puts, TYPICAL_WINDOW.puts),
    held('S3 gets a window', monitor.gets + again.gets, TYPICAL_WINDOW.gets),
    held('S3 puts and lists an hour counted over', reconcile.puts, TYPICAL_COUNTING.puts),
    held('S3 gets an hour counted over', reconcile.gets, TYPICAL_COUNTING.gets),
    held('DynamoDB read units a window', monitor.readUnits + again.readUnits, TYPICAL_WINDOW.reads),
    held('bytes stored a window', captureBytes + monitor.putBytes + again.putBytes, TYPICAL_WINDOW.storedBytes),
  ];
}

/** Nothing grows with the model's age. */
function constant(young: MeasuredWindow, old: MeasuredWindow): readonly Figure[] {
  const ratio = (what: string, of: (measured: MeasuredWindow) => number): Figure => ({
    what: `${what}, ${AGES.old} days against ${AGES.young}`,
    value: of(old) / of(young),
    unit: '×',
    goal: { atMost: 1.05 },
  });
  return [
    ratio(
      'S3 calls a window',
      ({ monitor, reconcile }) => monitor.gets + monitor.puts + reconcile.gets + reconcile.puts,
    ),
    ratio('keys listed a window', ({ monitor, reconcile }) => monitor.listedKeys + reconcile.listedKeys),
    ratio('records read a window', ({ monitor }) => monitor.readUnits),
  ];
}

function dayFigures(how: string, day: Day): readonly Figure[] {
  return [
    { what: 'windows judged in a day', value: day.windows, unit: '', note: how },
    { what: 'last verdict after the model’s own minute', value: day.lastVerdict, unit: 's', goal: { atMost: 120 } },
    { what: 'median verdict', value: day.medianVerdict, unit: 's' },
    {
      what: 'peak of functions at once',
      value: day.peakConcurrency,
      unit: '',
      goal: { atMost: LIMITS.concurrency },
      note: 'default concurrency 1 000',
    },
    { what: 'throttled invocations', value: day.throttledInvocations, unit: '', goal: { atMost: 0 } },
    { what: 'throttled starts', value: day.throttledStarts, unit: '', goal: { atMost: 0 } },
  ];
}

/** The busiest second, if all that a minute starts fell into it. */
function rates({ peakStartsASecond }: Day, { monitor }: MeasuredWindow): readonly Figure[] {
  const peak = (what: string, value: number, atMost: number): Figure => ({ what, value, unit: '/s', goal: { atMost } });
  return [
    peak('StartExecution', peakStartsASecond, LIMITS.startBucket),
    // A function's log is sent while it runs and once more when it ends.
    peak('PutLogEvents', 2 * peakStartsASecond, LOG_CALLS_A_SECOND),
    peak('DynamoDB read units', peakStartsASecond * monitor.readUnits, DYNAMO_READS_A_SECOND),
    peak('DynamoDB write units', peakStartsASecond * TYPICAL_WINDOW.writes, DYNAMO_WRITES_A_SECOND),
  ];
}

function cost(models: number): readonly Figure[] {
  const running = totalOf(monitoringLines({ windows: HOURS_PER_MONTH, countings: HOURS_PER_MONTH })) ?? Number.NaN;
  const counting = totalOf(monitoringLines({ windows: 0, countings: HOURS_PER_MONTH })) ?? Number.NaN;
  const watching = totalOf(watchingLines()) ?? Number.NaN;
  return [
    { what: 'compute, requests and storage an endpoint and month', value: running, unit: 'USD', goal: { atMost: 1 } },
    { what: 'of that counting over hourly, whatever the windows', value: counting, unit: 'USD' },
    { what: 'CloudWatch an endpoint and month', value: watching, unit: 'USD', goal: { atMost: 3 } },
    { what: 'the fleet a month', value: models * (running + watching), unit: 'USD' },
  ];
}
