import { describe, expect, it } from 'vitest';
import { autocorrelation, runInflation, varianceBetween } from '../../../core/quality/day-variance.ts';
import { seededRandom } from '../../../core/statistics/random.ts';

const MEANS = [0.1, -0.2, 0.3, 0.05, -0.4, 0.2];
const VARIANCES = [0.01, 0.02, 0.01, 0.03, 0.02, 0.01];

describe('varianceBetween', () => {
  it('is DerSimonian and Laird’s', () => {
    // numpy 2.4.6: (Q − 5) / (Σw − Σw²/Σw), w = 1/variance
    const days = MEANS.map((mean, day) => ({ day, mean, variance: VARIANCES[day] ?? 0 }));
    expect(varianceBetween(days)).toBeCloseTo(0.047912087912087925, 12);
  });

  it('is below 0 for days that differ less than chance lets expect', () => {
    // Equal variances: the variance of the means, .0614/10⁴ · 6/5, less .01.
    const means = MEANS.map((mean) => mean / 100);
    const centre = means.reduce((sum, mean) => sum + mean, 0) / means.length;
    const spread = means.reduce((sum, mean) => sum + (mean - centre) ** 2, 0) / (means.length - 1);
    expect(varianceBetween(means.map((mean, day) => ({ day, mean, variance: 0.01 })))).toBeCloseTo(spread - 0.01, 12);
  });

  it('is right on average, though no days differ', () => {
    const random = seededRandom(9);
    const estimates = Array.from({ length: 2000 }, () =>
      // Twelve uniform numbers less six vary by 1 (Irwin 1927).
      varianceBetween(
        Array.from({ length: 12 }, (_, day) => ({
          day,
          mean: Array.from({ length: 12 }, random).reduce((sum, value) => sum + value, -6),
          variance: 1,
        })),
      ),
    );
    // An estimate from 11 degrees has a deviation of √(2/11) = .43; the mean of 2000 of .0095.
    expect(Math.abs(estimates.reduce((sum, value) => sum + value, 0) / estimates.length)).toBeLessThan(0.03);
  });

  it('is 0 for one day', () => {
    expect(varianceBetween([{ day: 0, mean: 1, variance: 0.1 }])).toBe(0);
  });
});

describe('autocorrelation', () => {
  const daysOf = (rho: number) => {
    const random = seededRandom(4);
    let value = 0;
    return Array.from({ length: 4000 }, (_, day) => {
      value = rho * value + Math.sqrt(1 - rho ** 2) * (random() - 0.5);
      return { day, mean: value, variance: 0 };
    });
  };

  it('finds the correlation of a first-order sequence', () => {
    expect(Math.abs(autocorrelation(daysOf(0.6), 1) - 0.6)).toBeLessThan(0.04);
  });

  it('is hardly below 0 for days that alternate', () => {
    expect(autocorrelation(daysOf(-0.6), 1)).toBe(-0.1);
  });

  it('is 0 where no two days follow each other', () => {
    expect(
      autocorrelation(
        daysOf(0.6).filter(({ day }) => day % 2 === 0),
        1,
      ),
    ).toBe(0);
  });
});

describe('runInflation', () => {
  it('is the variance of a mean of correlated days over that of independent ones', () => {
    // By hand: Var of the mean of three days is (3 + 4ρ + 2ρ²)/9, of independent ones 3/9.
    expect(runInflation(3, 0.5)).toBeCloseTo((3 + 4 * 0.5 + 2 * 0.25) / 3, 12);
    expect(runInflation(3, -0.1)).toBeCloseTo((3 - 4 * 0.1 + 2 * 0.01) / 3, 12);
    expect(runInflation(1, 0.9)).toBe(1);
    expect(runInflation(10_000, 0.5)).toBeCloseTo(3, 3);
  });
});
