import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayPart, withDays } from '../../../core/quality/day-part.ts';

const APART = { residual: 2, within: 1, repeated: 0, autocorrelation: 0 };

describe('dayPart', () => {
  it('is the variance of the mean of independent days', () => {
    expect(dayPart(APART, 7)).toBeCloseTo(2 / 7, 12);
  });

  it('adds the covariance of days that depend on each other, of their rows’ chance too', () => {
    // By hand: the mean of three days varies by 2/3, and by 2/9 of the covariances ρ + ρ + ρ² of days that vary by 3.
    const mean = 2 / 3 + (2 / 9) * 3 * (0.5 + 0.5 + 0.25);
    expect(dayPart({ ...APART, autocorrelation: 0.5 }, 3)).toBeCloseTo(mean, 12);
  });

  it('adds what corrections by weekday took from few days, for less than a week', () => {
    const repeated = { ...APART, repeated: 0.3 };
    expect(dayPart(repeated, 1)).toBeCloseTo(2 + 2 * 0.3 * (1 - 1 / 7), 12);
    expect(dayPart(repeated, 7)).toBe(dayPart(APART, 7));
  });

  it('takes something off where days happened to be alike', () => {
    expect(dayPart({ ...APART, residual: -0.2 }, 4)).toBeCloseTo(-0.05, 12);
  });
});

describe('withDays', () => {
  it('is the variance of rows, known from counts, where days are not', () => {
    expect(withDays(0.3, null, 7)).toEqual({ variance: 0.3, degrees: Number.POSITIVE_INFINITY });
  });

  it('adds the days of both sides, known the worse the more of it is theirs', () => {
    const { variance, degrees } = withDays(0.1, { ...APART, count: 28 }, 7);
    expect(variance).toBeCloseTo(0.1 + 2 / 7 + 2 / 28, 12);
    // By hand, at ρ = 0: a run of d days adds 2(1 − 1/d)(τ² + v)/d for each unit of ρ.
    const slope = (2 * (6 / 7) * 3) / 7 + (2 * (27 / 28) * 3) / 28;
    const ofSquares = (2 * (2 / 7 + 2 / 28) * variance) / 27;
    expect(degrees).toBeCloseTo((2 * variance ** 2) / (ofSquares + (0.5 * slope ** 2) / 28), 2);
  });

  it('never falls below nine tenths of what rows give, however alike days were', () => {
    const spread = fc.record({
      residual: fc.double({ min: -5, max: 5, noNaN: true }),
      within: fc.double({ min: 0, max: 5, noNaN: true }),
      repeated: fc.double({ min: 0, max: 1, noNaN: true }),
      autocorrelation: fc.double({ min: -0.1, max: 0.95, noNaN: true }),
      count: fc.integer({ min: 10, max: 60 }),
    });
    fc.assert(
      fc.property(spread, fc.integer({ min: 1, max: 60 }), (reference, days) => {
        const { variance, degrees } = withDays(1, reference, days);
        expect(variance).toBeGreaterThanOrEqual(0.9);
        expect(degrees).toBeGreaterThan(0);
      }),
    );
  });
});
