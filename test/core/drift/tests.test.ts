import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { qValues } from '../../../core/drift/benjamini-hochberg.ts';
import { rateTest, varianceOfBlocks } from '../../../core/drift/rate-test.ts';
import { tailProbability } from '../../../core/drift/tail-fit.ts';
import { seededRandom } from '../../../core/statistics/random.ts';

const NO_BLOCKS = { variance: 0, baseline: 0, window: 1 };
const rate = (count: number, rows: number) => ({ count, rows });

describe('qValues', () => {
  it('equals scipy.stats.false_discovery_control (1.17.1), ties included', () => {
    const got = qValues([0.01, 0.04, 0.03, 0.005, 0.5, 1, 0.04]);
    [0.035, 0.056, 0.056, 0.035, 0.5833333333333334, 1, 0.056].forEach((want, index) => {
      expect(got[index]).toBeCloseTo(want, 12);
    });
    expect(qValues([])).toEqual([]);
  });

  it('never falls below its p-value, and keeps their order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 40 }), (ps) => {
        const qs = qValues(ps);
        const sorted = ps.map((p, i) => [p, qs[i] ?? 0] as const).sort((a, b) => a[0] - b[0]);
        sorted.forEach(([p, q], i) => {
          expect(q).toBeGreaterThanOrEqual(p - 1e-15);
          expect(q).toBeGreaterThanOrEqual(sorted[i - 1]?.[1] ?? 0);
        });
      }),
    );
  });
});

describe('rateTest', () => {
  it('with many counts is the pooled z test (statsmodels proportions_ztest formula, scipy.stats.norm)', () => {
    expect(rateTest(rate(500, 10_000), rate(80, 1000), NO_BLOCKS)).toBeCloseTo(5.180286169624949e-5, 12);
  });

  it('with few counts is the exact conditional test (scipy.stats.binom, smaller tail doubled)', () => {
    expect(rateTest(rate(0, 100_000), rate(3, 1000), NO_BLOCKS)).toBeCloseTo(1.941180295855289e-6, 14);
    expect(rateTest(rate(10, 10_000), rate(4, 1000), NO_BLOCKS)).toBeCloseTo(0.06504194335892408, 10);
    expect(rateTest(rate(5, 10_000), rate(0, 1000), NO_BLOCKS)).toBe(1);
  });

  it('says nothing when nothing happened, always happened, or a side is empty', () => {
    expect(rateTest(rate(0, 100), rate(0, 10), NO_BLOCKS)).toBe(1);
    expect(rateTest(rate(100, 100), rate(10, 10), NO_BLOCKS)).toBe(1);
    expect(rateTest(rate(5, 100), rate(0, 0), NO_BLOCKS)).toBe(1);
  });

  it('judges what is missing and what is present alike', () => {
    expect(rateTest(rate(9_990, 10_000), rate(990, 1000), NO_BLOCKS)).toBeCloseTo(
      rateTest(rate(10, 10_000), rate(10, 1000), NO_BLOCKS),
      12,
    );
  });

  it('is slower to alarm when days differ', () => {
    const days = { variance: 0.0004, baseline: 20, window: 1 };
    expect(rateTest(rate(500, 10_000), rate(80, 1000), days)).toBeGreaterThan(0.05);
    expect(rateTest(rate(0, 100_000), rate(3, 1000), days)).toBeGreaterThan(1e-3);
  });
});

describe('varianceOfBlocks', () => {
  it('is what exceeds sampling: rates 0.1 and 0.3 of 10 000 rows each', () => {
    const days = [rate(1000, 10_000), rate(3000, 10_000), rate(0, 0)];
    expect(varianceOfBlocks(days)).toBeCloseTo(0.02 - 0.16 / 10_000, 12);
  });

  it('is 0 for equal days and for a single one', () => {
    expect(varianceOfBlocks([rate(10, 100), rate(10, 100)])).toBe(0);
    expect(varianceOfBlocks([rate(10, 100)])).toBe(0);
  });
});

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const variance = (values: readonly number[]) => {
  const centre = mean(values);
  return mean(values.map((value) => (value - centre) ** 2));
};

describe('tailProbability', () => {
  const random = seededRandom(3);
  /** Draws of an exponential variable (a gamma of shape 1), so that the true tail is known. */
  const draws = Array.from({ length: 20_000 }, () => -Math.log(1 - random()));

  it('counts in the body and fits beyond: exp(-x) of an exponential, far past the last draw', () => {
    expect(tailProbability(draws, 1)).toBeCloseTo(Math.exp(-1), 1);
    for (const x of [5, 10, 20]) expect(Math.log(tailProbability(draws, x)) / -x).toBeCloseTo(1, 1);
  });

  // Blocks of one respect: shape ½, so that 12 lies 11 / √½ + 1 means up; scipy.stats.f.sf(16.556, 1, 9), scipy 1.17.1.
  it('is wider when the scale of the draws stems from few blocks', () => {
    expect(variance(draws) / mean(draws) ** 2).toBeCloseTo(1, 1);
    expect(tailProbability(draws, 12 * mean(draws), { share: 1, degrees: 9 })).toBeCloseTo(0.002804058269411905, 3);
    expect(tailProbability(draws, 12 * mean(draws), { share: 1, degrees: 9 })).toBeGreaterThan(
      50 * tailProbability(draws, 12 * mean(draws)),
    );
  });

  it('says no more than "not seen" when the draws have no spread', () => {
    expect(tailProbability(new Array<number>(99).fill(0), 0.5)).toBe(0.01);
    expect(tailProbability(new Array<number>(99).fill(0), 0)).toBe(1);
  });
});
