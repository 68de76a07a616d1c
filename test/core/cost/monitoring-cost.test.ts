import { describe, expect, test } from 'vitest';
import { FUNCTIONS } from '../../../contracts/functions.ts';
import { totalOf } from '../../../core/cost/cost-line.ts';
import {
  monitoringLines,
  TYPICAL_COUNTING,
  TYPICAL_WINDOW,
  type WindowUsage,
  watchingLines,
} from '../../../core/cost/monitoring-cost.ts';
import { HOURS_PER_MONTH } from '../../../core/cost/price-list.ts';

const NOTHING: WindowUsage = {
  seconds: {},
  invocations: 0,
  transitions: 0,
  schedules: 0,
  puts: 0,
  gets: 0,
  writes: 0,
  reads: 0,
  metricsAsked: 0,
  keyRequests: 0,
  traces: 0,
  logBytes: 0,
  storedBytes: 0,
};
const monthly = (window: Partial<WindowUsage>, counting: Partial<WindowUsage> = {}) =>
  totalOf(monitoringLines({ windows: 1000, countings: 500 }, { ...NOTHING, ...window }, { ...NOTHING, ...counting }));
const HOURLY = { windows: HOURS_PER_MONTH, countings: HOURS_PER_MONTH };

/**
 * AWS's price pages of us-east-1 as they word it: so many dollars for so many units. A thousand windows with one unit each are a thousand
 * units.
 */
const PUBLISHED: readonly (readonly [string, Partial<WindowUsage>, number])[] = [
  ['Lambda: $0.20 per 1M requests', { invocations: 1 }, (0.2 * 1000) / 1e6],
  ['Step Functions: $0.025 per 1,000 state transitions', { transitions: 1 }, 0.025],
  ['EventBridge Scheduler: $1.00 per 1M invocations', { schedules: 1 }, (1 * 1000) / 1e6],
  ['S3: $0.005 per 1,000 PUT, COPY, POST or LIST requests', { puts: 1 }, 0.005],
  ['S3: $0.0004 per 1,000 GET requests', { gets: 1 }, 0.0004],
  ['S3: $0.023 per GB and month', { storedBytes: 1e9 / 1000 }, 0.023],
  ['DynamoDB on demand: $0.625 per 1M write request units', { writes: 1 }, (0.625 * 1000) / 1e6],
  ['DynamoDB on demand: $0.125 per 1M read request units', { reads: 1 }, (0.125 * 1000) / 1e6],
  ['CloudWatch: $0.01 per 1,000 metrics requested by GetMetricData', { metricsAsked: 1 }, 0.01],
  ['KMS: $0.03 per 10,000 requests', { keyRequests: 1 }, 0.03 / 10],
  ['X-Ray: $5.00 per 1M traces recorded', { traces: 1 }, (5 * 1000) / 1e6],
  ['CloudWatch Logs: $0.50 per GB collected', { logBytes: 1e9 / 1000 }, 0.5],
];

describe('a month of monitoring', () => {
  test.each(PUBLISHED)('is charged as AWS publishes: %s', (_, usage, dollars) => {
    expect(monthly(usage)).toBeCloseTo(dollars, 12);
    expect(monthly({}, usage)).toBeCloseTo(dollars / 2, 12);
  });

  test('is charged by memory and time of each function: $0.0000133334 a GB-second on arm64', () => {
    const gigabytes = FUNCTIONS.monitor.memoryMegabytes / 1024;
    expect(monthly({ seconds: { monitor: 3 } })).toBeCloseTo(1000 * 3 * gigabytes * 0.000_013_333_4, 9);
    expect(monthly({}, { seconds: { reconcile: 2 } })).toBeCloseTo(500 * 2 * 0.5 * 0.000_013_333_4, 9);
  });

  test('costs in proportion to windows and countings, and nothing without any', () => {
    const of = (windows: number, countings: number) => totalOf(monitoringLines({ windows, countings })) ?? Number.NaN;
    expect(of(0, 0)).toBe(0);
    expect(of(20, 40)).toBeCloseTo(of(10, 20) * 2, 9);
    expect(of(30, 0) + of(0, 730)).toBeCloseTo(of(30, 730), 9);
  });

  test('says its arithmetic in every line', () => {
    for (const { what, quantity, each, monthly: sum } of monitoringLines(HOURLY)) {
      expect(what).toMatch(/^[\w -]+ \(730 × /);
      expect(sum).toBe(quantity * (each ?? Number.NaN));
    }
  });

  test('of hourly windows stays under a dollar for compute, requests and storage', () => {
    expect(totalOf(monitoringLines(HOURLY, TYPICAL_WINDOW, TYPICAL_COUNTING))).toBeLessThan(1);
  });
});

test('CloudWatch stays under three dollars: $0.30 a metric, $0.10 an alarm metric, $0.50 a composite alarm', () => {
  expect(totalOf(watchingLines())).toBeCloseTo(5 * 0.3 + 6 * 0.1 + 0.5, 9);
  expect(totalOf(watchingLines())).toBeLessThan(3);
});
