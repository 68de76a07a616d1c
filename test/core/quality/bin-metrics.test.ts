import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QUALITY_METRICS } from '../../../contracts/quality.ts';
import { binGradient, binInfluence, binMetric, samplingVariance } from '../../../core/quality/bin-metrics.ts';
import type { ScoreBins } from '../../../core/quality/score-bins.ts';

const BINS: ScoreBins = {
  positives: Float64Array.from([1, 2, 3, 5, 9]),
  negatives: Float64Array.from([20, 11, 7, 4, 2]),
};
const CUT = 2;

/** Bins with something of each class, and a cut that leaves something on both sides. */
const arbitraryBins = fc
  .array(fc.tuple(fc.double({ min: 0.1, max: 50, noNaN: true }), fc.double({ min: 0.1, max: 50, noNaN: true })), {
    minLength: 2,
    maxLength: 12,
  })
  .chain((pairs) =>
    fc.record({
      bins: fc.constant({
        positives: Float64Array.from(pairs, ([positives]) => positives),
        negatives: Float64Array.from(pairs, ([, negatives]) => negatives),
      }),
      cut: fc.integer({ min: 1, max: pairs.length - 1 }),
    }),
  );

describe('binMetric', () => {
  it('gives what scikit-learn gives for the same rows', () => {
    // scikit-learn 1.9.1: roc_auc_score on the bin numbers, and the rest on bin >= 2.
    const expected = {
      auc: 0.8539772727272728,
      f1: 0.68,
      accuracy: 0.75,
      precision: 0.5666666666666667,
      recall: 0.85,
    };
    for (const metric of QUALITY_METRICS)
      expect(binMetric(metric, BINS, CUT), metric).toBeCloseTo(expected[metric], 12);
  });

  it('is NaN where a class or the predicted positives are empty', () => {
    const none = { positives: Float64Array.from([0, 0]), negatives: Float64Array.from([3, 4]) };
    expect(binMetric('auc', none, 1)).toBeNaN();
    expect(binMetric('recall', none, 1)).toBeNaN();
    expect(binMetric('precision', BINS, 5)).toBeNaN();
  });

  it('does not change when every count is doubled', () => {
    fc.assert(
      fc.property(arbitraryBins, fc.constantFrom(...QUALITY_METRICS), ({ bins, cut }, metric) => {
        const doubled = { positives: bins.positives.map((n) => 2 * n), negatives: bins.negatives.map((n) => 2 * n) };
        expect(binMetric(metric, doubled, cut)).toBeCloseTo(binMetric(metric, bins, cut), 12);
      }),
    );
  });
});

describe('binGradient', () => {
  it('is the slope of the metric when a little of a bin turns positive', () => {
    const step = 1e-5;
    fc.assert(
      fc.property(arbitraryBins, fc.constantFrom(...QUALITY_METRICS), fc.nat(), ({ bins, cut }, metric, any) => {
        const bin = any % bins.positives.length;
        const turned = (by: number) =>
          binMetric(
            metric,
            {
              positives: bins.positives.map((n, i) => (i === bin ? n + by : n)),
              negatives: bins.negatives.map((n, i) => (i === bin ? n - by : n)),
            },
            cut,
          );
        const slope = (turned(step) - turned(-step)) / (2 * step);
        expect(Math.abs((binGradient(metric, bins, cut)[bin] ?? Number.NaN) - slope)).toBeLessThan(1e-6);
      }),
    );
  });
});

describe('samplingVariance', () => {
  it('is DeLong’s variance of the AUC', () => {
    // numpy 2.4.6: variance of mid-rank placement values of both classes, over P and N rows.
    expect(samplingVariance(BINS, binInfluence('auc', BINS, CUT))).toBeCloseTo(0.0025304869459053334, 14);
  });

  it('is the binomial variance of an accuracy, a precision and a recall', () => {
    const binomial = {
      accuracy: (0.75 * 0.25) / 64,
      precision: ((17 / 30) * (13 / 30)) / 30,
      recall: (0.85 * 0.15) / 20,
    };
    for (const [metric, variance] of [
      ['accuracy', binomial.accuracy],
      ['precision', binomial.precision],
      ['recall', binomial.recall],
    ] as const)
      expect(samplingVariance(BINS, binInfluence(metric, BINS, CUT)), metric).toBeCloseTo(variance, 14);
  });

  it('comes from influences that sum to nothing over all rows', () => {
    fc.assert(
      fc.property(arbitraryBins, fc.constantFrom(...QUALITY_METRICS), ({ bins, cut }, metric) => {
        const { positive, negative } = binInfluence(metric, bins, cut);
        const sum = positive.reduce(
          (total, value, bin) =>
            total + value * (bins.positives[bin] ?? 0) + (negative[bin] ?? 0) * (bins.negatives[bin] ?? 0),
          0,
        );
        expect(Math.abs(sum)).toBeLessThan(1e-10);
      }),
    );
  });
});
