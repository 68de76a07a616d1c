import { describe, expect, it } from 'vitest';
import { binOf } from '../../../core/profile/edges.ts';
import { calibrationDrift } from '../../../core/quality/calibration-drift.ts';
import { countOutcome, emptyOutcomes } from '../../../core/quality/outcome-counts.ts';
import { seededRandom } from '../../../core/statistics/random.ts';

const EDGES = Array.from({ length: 99 }, (_, index) => (index + 1) / 100);

/** Rows whose chance to be positive is `truth` of their score. */
function rows(count: number, truth: (score: number) => number, seed: number) {
  const random = seededRandom(seed);
  const counts = emptyOutcomes(EDGES.length + 1);
  for (let i = 0; i < count; i++) {
    const score = random();
    countOutcome(counts, { bin: binOf(EDGES, score), expected: 0, variance: 0 }, random() < truth(score) ? 1 : 0);
  }
  return counts;
}

const same = (score: number) => score;
/** Off by .08 where it is in the middle. */
const off = (score: number) => Math.min(1, score + 0.32 * score * (1 - score));

describe('calibrationDrift', () => {
  it('finds scores that no longer mean what they meant', () => {
    const found = calibrationDrift(rows(50_000, same, 1), rows(10_000, off, 2), 1);
    // The root mean square of .32·s(1 − s) over uniform s is .32·√(1/30) = .0584.
    expect(found?.verdict).toBe('drift');
    expect(Math.abs((found?.error ?? 0) - 0.32 * Math.sqrt(1 / 30))).toBeLessThan(0.012);
    expect(found?.message).toMatch(/were to be positive/);
  });

  it('takes a model that was never calibrated for unchanged', () => {
    expect(calibrationDrift(rows(50_000, off, 1), rows(10_000, off, 2), 1)?.verdict).toBe('none');
  });

  it('holds its p-value’s level', () => {
    const reference = rows(100_000, same, 3);
    const low = Array.from(
      { length: 300 },
      (_, i) => calibrationDrift(reference, rows(2000, same, 50 + i), 1)?.pValue ?? 1,
    );
    const share = low.filter((p) => p < 0.05).length / low.length;
    expect(share).toBeGreaterThan(0.015);
    expect(share).toBeLessThan(0.1);
  });

  it('judges nothing below 2000 labels, and nothing at all without', () => {
    const reference = rows(50_000, same, 1);
    expect(calibrationDrift(reference, rows(1999, off, 2), 1)?.verdict).toBe('too-little-data');
    expect(calibrationDrift(reference, emptyOutcomes(EDGES.length + 1), 1)).toBeNull();
  });
});
