import { describe, expect, test } from 'vitest';
import { type Limits, simulateDay, type Timing } from '../../bench/fleet/day.ts';

const TIMING: Timing = { start: 1, monitor: 10, between: 1, record: 2, reconcile: 5, windows: 1 };
const LIMITS: Limits = { concurrency: 100, startBucket: 1000, startRefill: 100 };
const models = (count: number) => Array.from({ length: count }, (_, index) => `m-${index}`);
const atOnce = (count: number) => ({ models: models(count), spreadMinutes: 1, secondOf: () => 0 });

describe('a simulated day', () => {
  test('judges every window of every model', () => {
    expect(simulateDay(atOnce(10), TIMING, LIMITS, 24).windows).toBe(240);
  });

  test('gives one model its verdict after its steps, with nobody in the way', () => {
    expect(simulateDay(atOnce(1), TIMING, LIMITS, 1)).toEqual({
      windows: 1,
      peakConcurrency: 1,
      throttledInvocations: 0,
      throttledStarts: 0,
      medianVerdict: 14,
      lastVerdict: 14,
      peakStartsASecond: 1,
    });
    // Two windows: 1 + (10 + 1 + 2) + 1 + (10 + 1 + 2).
    expect(simulateDay(atOnce(1), { ...TIMING, windows: 2 }, LIMITS, 1).lastVerdict).toBe(28);
  });

  test('throttles what is over the limit, and tries it again five seconds later', () => {
    const day = simulateDay(atOnce(150), TIMING, LIMITS, 1);
    expect(day.peakConcurrency).toBe(100);
    // Fifty windows wait from second 1 to 6 and again to 11, when the first hundred end; fifty records wait at 12, while those fifty
    // windows run; and fifty reconciliations at 1800, until the first hundred end.
    expect(day.throttledInvocations).toBe(50 + 50 + 50 + 50);
    expect(day.lastVerdict).toBe(11 + 10 + 1 + 2);
  });

  test('throttles starts when the bucket is empty', () => {
    const day = simulateDay(atOnce(150), TIMING, { ...LIMITS, startBucket: 120, startRefill: 1 }, 1);
    expect(day.throttledStarts).toBeGreaterThan(0);
    expect(day.windows).toBe(150);
  });

  test('needs less at once when models have minutes of their own', () => {
    const wide = { ...LIMITS, concurrency: 10_000 };
    const [together, spread] = [1, 10].map((spreadMinutes) =>
      simulateDay({ models: models(500), spreadMinutes, secondOf: () => 0 }, TIMING, wide, 1),
    );
    expect(together?.peakConcurrency).toBe(500);
    expect(spread?.peakConcurrency).toBeLessThan(100);
    expect(spread?.lastVerdict).toBe(14);
  });
});
