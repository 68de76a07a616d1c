import { FUNCTIONS, type FunctionName } from '../../contracts/functions.ts';
import { METRICS } from '../../contracts/metrics.ts';
import { MONITORING_ALARMS } from '../../contracts/names.ts';
import type { CostLine } from '../../contracts/plan.ts';
import { costLine } from './cost-line.ts';
import { EACH, LAMBDA_GIGABYTE_SECOND, MONTHLY } from './price-list.ts';

/** What judging and counting over one window uses. */
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
  seconds: { monitor: 32, record: 4, reconcile: 15 },
  invocations: 5,
  transitions: 12,
  schedules: 2,
  puts: 25,
  gets: 375,
  writes: 24,
  reads: 80,
  metricsAsked: 3,
  keyRequests: 15,
  traces: 2,
  logBytes: 30_000,
  storedBytes: 3_000_000,
};

const GIGABYTE = 1e9;

/** Compute, requests and storage of a month with so many windows; what is stored is charged as if it all had lain there the whole month. */
export function monitoringLines(windows: number, usage: WindowUsage = TYPICAL_WINDOW): readonly CostLine[] {
  const gigabyteSeconds = (name: FunctionName, seconds: number) =>
    costLine(
      `GB-seconds of ${name} (${count(windows)} windows × ${seconds} s × ${FUNCTIONS[name].memoryMegabytes / 1024} GB)`,
      (windows * seconds * FUNCTIONS[name].memoryMegabytes) / 1024,
      LAMBDA_GIGABYTE_SECOND,
    );
  const each = (what: string, many: number, price: number) =>
    costLine(`${what} (${count(windows)} × ${many})`, windows * many, price);
  const names = ['monitor', 'record', 'reconcile'] as const;
  return [
    ...names.map((name) => gigabyteSeconds(name, usage.seconds[name] ?? 0)),
    each('Lambda requests', usage.invocations, EACH.lambdaRequest),
    each('state transitions', usage.transitions, EACH.stateTransition),
    each('schedules', usage.schedules, EACH.schedule),
    each('S3 puts and lists', usage.puts, EACH.s3Put),
    each('S3 gets', usage.gets, EACH.s3Get),
    each('DynamoDB write units', usage.writes, EACH.dynamoWrite),
    each('DynamoDB read units', usage.reads, EACH.dynamoRead),
    each('metrics asked for', usage.metricsAsked, EACH.metricAsked),
    each('KMS requests', usage.keyRequests, EACH.keyRequest),
    each('X-Ray traces', usage.traces, EACH.trace),
    each('GB of logs', usage.logBytes / GIGABYTE, EACH.logGigabyte),
    each('GB-months in S3', usage.storedBytes / GIGABYTE, EACH.s3GigabyteMonth),
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

const count = (windows: number) => Math.round(windows);
