import { FUNCTIONS, type FunctionName } from '../../contracts/functions.ts';
import { METRICS } from '../../contracts/metrics.ts';
import { MONITORING_ALARMS } from '../../contracts/names.ts';
import type { CostLine } from '../../contracts/plan.ts';
import { costLine } from './cost-line.ts';
import { EACH, LAMBDA_GIGABYTE_SECOND, MONTHLY } from './price-list.ts';

/** What judging a window uses, or counting one over. */
export interface WindowUsage {
  readonly seconds: Readonly<Partial<Record<FunctionName, number>>>;
  readonly invocations: number;
  /** Steps of the state machine, the start counted as one. */
  readonly transitions: number;
  readonly schedules: number;
  /** Puts and lists, which cost the same; gets and heads. */
  readonly puts: number;
  readonly gets: number;
  /** DynamoDB units: 1 KB written, 4 KB read consistently. */
  readonly writes: number;
  readonly reads: number;
  readonly metricsAsked: number;
  readonly keyRequests: number;
  readonly traces: number;
  /** Log lines of functions and machine, bytes. */
  readonly logBytes: number;
  /** Capture files, report, counts and records that stay, bytes. */
  readonly storedBytes: number;
}

/**
 * A window of about a thousand single-row requests, captured in a file a minute by one instance, judged when it closes and again when its
 * labels are mature. `npm run bench -- fleet` measures
 * time, calls and bytes of the real handlers and holds them against these figures, which are rounded up. It counts a tenth of a second
 * for every call and a cold start for every run, so seconds are mostly waiting. Key requests, traces and log bytes are estimates.
 */
export const TYPICAL_WINDOW: WindowUsage = {
  seconds: { monitor: 32, record: 4 },
  invocations: 4,
  transitions: 12,
  schedules: 1,
  puts: 25,
  gets: 250,
  writes: 24,
  reads: 80,
  metricsAsked: 0,
  keyRequests: 13,
  traces: 1,
  logBytes: 26_000,
  storedBytes: 3_000_000,
};

/** Counting over an hour of as many requests: its files are read whole, those of the hour after it begun. */
export const TYPICAL_COUNTING: WindowUsage = {
  seconds: { reconcile: 15 },
  invocations: 1,
  transitions: 0,
  schedules: 1,
  puts: 6,
  gets: 125,
  writes: 0,
  reads: 1,
  metricsAsked: 3,
  keyRequests: 2,
  traces: 1,
  logBytes: 4000,
  storedBytes: 1000,
};

const GIGABYTE = 1e9;

/** How many windows a month has, and how often requests are counted over in it. */
export interface MonthOfMonitoring {
  readonly windows: number;
  readonly countings: number;
}

/** Compute, requests and storage of a month; what is stored is charged as if it all had lain there the whole month. */
export function monitoringLines(
  { windows, countings }: MonthOfMonitoring,
  window: WindowUsage = TYPICAL_WINDOW,
  counting: WindowUsage = TYPICAL_COUNTING,
): readonly CostLine[] {
  const gigabyteSeconds = (name: FunctionName, times: number, usage: WindowUsage) =>
    costLine(
      `GB-seconds of ${name} (${rounded(times)} × ${usage.seconds[name] ?? 0} s × ${FUNCTIONS[name].memoryMegabytes / 1024} GB)`,
      (times * (usage.seconds[name] ?? 0) * FUNCTIONS[name].memoryMegabytes) / 1024,
      LAMBDA_GIGABYTE_SECOND,
    );
  const each = (what: string, of: (usage: WindowUsage) => number, price: number) =>
    costLine(
      `${what} (${rounded(windows)} × ${of(window)} and ${rounded(countings)} × ${of(counting)})`,
      windows * of(window) + countings * of(counting),
      price,
    );
  return [
    gigabyteSeconds('monitor', windows, window),
    gigabyteSeconds('record', windows, window),
    gigabyteSeconds('reconcile', countings, counting),
    each('Lambda requests', ({ invocations }) => invocations, EACH.lambdaRequest),
    each('state transitions', ({ transitions }) => transitions, EACH.stateTransition),
    each('schedules', ({ schedules }) => schedules, EACH.schedule),
    each('S3 puts and lists', ({ puts }) => puts, EACH.s3Put),
    each('S3 gets', ({ gets }) => gets, EACH.s3Get),
    each('DynamoDB write units', ({ writes }) => writes, EACH.dynamoWrite),
    each('DynamoDB read units', ({ reads }) => reads, EACH.dynamoRead),
    each('metrics asked for', ({ metricsAsked }) => metricsAsked, EACH.metricAsked),
    each('KMS requests', ({ keyRequests }) => keyRequests, EACH.keyRequest),
    each('X-Ray traces', ({ traces }) => traces, EACH.trace),
    each('GB of logs', ({ logBytes }) => logBytes / GIGABYTE, EACH.logGigabyte),
    each('GB-months in S3', ({ storedBytes }) => storedBytes / GIGABYTE, EACH.s3GigabyteMonth),
  ];
}

/** What CloudWatch charges a month for watching one endpoint, however often; part of the idle bill. */
export function watchingLines(): readonly CostLine[] {
  return [
    costLine('custom metrics', Object.keys(METRICS).length, MONTHLY.customMetric),
    costLine('monitoring alarms, a metric each', MONITORING_ALARMS.length, MONTHLY.alarmMetric),
    costLine('composite alarm', 1, MONTHLY.compositeAlarm),
  ];
}

const rounded = (times: number) => Math.round(times);
