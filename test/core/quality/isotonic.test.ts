import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isotonicCalibration, isotonicMeans } from '../../../core/quality/isotonic.ts';
import { sampleRows } from './congruential.ts';

describe('isotonicMeans', () => {
  it('pools as scikit-learn does', () => {
    // scikit-learn 1.9.1, IsotonicRegression().fit(range(7), means, sample_weight=weights).predict(range(7))
    const pooled = isotonicMeans([0.1, 0.3, 0.2, 0.2, 0.6, 0.5, 0.9], [4, 1, 3, 2, 5, 5, 1]);
    const expected = [0.1, 0.2166666666666667, 0.2166666666666667, 0.2166666666666667, 0.55, 0.55, 0.9];
    pooled.forEach((value, index) => {
      expect(value).toBeCloseTo(expected[index] ?? Number.NaN, 12);
    });
  });

  it('gives an entry without weight the value beside it', () => {
    expect(isotonicMeans([0, 0.4, 0, 0.7], [0, 2, 0, 1])).toEqual([0.4, 0.4, 0.4, 0.7]);
  });

  it('rises, and keeps the weighted sum', () => {
    const entries = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 20 })), {
      minLength: 1,
    });
    fc.assert(
      fc.property(entries, (pairs) => {
        const [means, weights] = [pairs.map(([mean]) => mean), pairs.map(([, weight]) => weight)];
        const rates = isotonicMeans(means, weights);
        const sumOf = (values: readonly number[]) =>
          values.reduce((sum, value, index) => sum + value * (weights[index] ?? 0), 0);
        expect(sumOf(rates)).toBeCloseTo(sumOf(means), 9);
        rates.forEach((rate, index) => {
          expect(rate).toBeGreaterThanOrEqual(rates[index - 1] ?? 0);
        });
      }),
    );
  });
});

describe('isotonicCalibration', () => {
  it('is the function scikit-learn fits, outside the scores it has seen too', () => {
    const rows = sampleRows();
    const calibrate = isotonicCalibration({
      scores: rows.map(({ score }) => score),
      labels: rows.map(({ label }) => label),
    });
    // scikit-learn 1.9.1, IsotonicRegression(out_of_bounds="clip") on the same rows
    for (const [score, rate] of [
      [-0.1, 0],
      [0.05, 0.3684210526315789],
      [0.21, 0.40217391304347827],
      [0.5, 0.562962962962963],
      [0.77, 0.6981132075471698],
      [0.93, 0.832],
      [1.4, 0.832],
    ] as const)
      expect(calibrate(score), String(score)).toBeCloseTo(rate, 12);
  });
});
