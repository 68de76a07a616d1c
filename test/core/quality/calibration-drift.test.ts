import { describe, expect, it } from 'vitest';
import { binOf } from '../../../core/profile/edges.ts';
import { calibrationDrift, sharedLevelChiSquare } from '../../../core/quality/calibration-drift.ts';
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

/** Days not known. */
const ROWS = { level: 0, inflation: 1 };
const same = (score: number) => score;
/** Off by .08 where it is in the middle. */
const off = (score: number) => Math.min(1, score + 0.32 * score * (1 - score));

describe('calibrationDrift', () => {
  it('finds scores that no longer mean what they meant', () => {
    const found = calibrationDrift(rows(50_000, same, 1), rows(10_000, off, 2), ROWS);
    // The root mean square of .32·s(1 − s) over uniform s is .32·√(1/30) = .0584.
    expect(found?.verdict).toBe('drift');
    expect(Math.abs((found?.error ?? 0) - 0.32 * Math.sqrt(1 / 30))).toBeLessThan(0.012);
    expect(found?.message).toMatch(/were to be positive/);
  });

  it('takes a model that was never calibrated for unchanged', () => {
    expect(calibrationDrift(rows(50_000, off, 1), rows(10_000, off, 2), ROWS)?.verdict).toBe('none');
  });

  it('holds its p-value’s level', () => {
    const reference = rows(100_000, same, 3);
    const low = Array.from(
      { length: 300 },
      (_, i) => calibrationDrift(reference, rows(2000, same, 50 + i), ROWS)?.pValue ?? 1,
    );
    const share = low.filter((p) => p < 0.05).length / low.length;
    expect(share).toBeGreaterThan(0.015);
    expect(share).toBeLessThan(0.1);
  });

  it('takes a level that days may share for chance, and no other change', () => {
    const reference = rows(100_000, same, 3);
    const higher = rows(10_000, (score) => Math.min(1, score + 0.05), 4);
    expect(calibrationDrift(reference, higher, ROWS)?.verdict).toBe('drift');
    expect(calibrationDrift(reference, higher, { level: 0.03 ** 2, inflation: 1 })?.verdict).toBe('none');
    const steeper = rows(10_000, (score) => Math.min(1, Math.max(0, score + 0.4 * (score - 0.5))), 5);
    expect(calibrationDrift(reference, steeper, { level: 0.03 ** 2, inflation: 1 })?.verdict).toBe('drift');
  });

  it('is χ² of residuals with their common level in the covariance', () => {
    // numpy 2.4.6: r @ inv(diag([100, 50]) + 1e-4 * outer(s, s)) @ r with r = (30, 10), s = (400, 200)
    const groups = [
      { predicted: 0.2, observed: 0.275, rows: 400, variance: 100 },
      { predicted: 0.5, observed: 0.55, rows: 200, variance: 50 },
    ];
    expect(sharedLevelChiSquare(groups, 1e-4)).toBeCloseTo(8.935483870967742, 10);
    expect(sharedLevelChiSquare(groups, 0)).toBeCloseTo(9 + 2, 10);
  });

  it('judges nothing below 2000 labels, and nothing at all without', () => {
    const reference = rows(50_000, same, 1);
    expect(calibrationDrift(reference, rows(1999, off, 2), ROWS)?.verdict).toBe('too-little-data');
    expect(calibrationDrift(reference, emptyOutcomes(EDGES.length + 1), ROWS)).toBeNull();
  });
});
