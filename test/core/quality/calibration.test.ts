import { describe, expect, it } from 'vitest';
import { additivityError } from '../../../core/quality/additivity.ts';
import { calibrationBins, calibrationError } from '../../../core/quality/calibration.ts';
import { meanAbsoluteShap } from '../../../core/quality/importance.ts';
import { rocCurve } from '../../../core/quality/roc.ts';
import { seededRandom } from '../../../core/statistics/random.ts';
import { labels, ours } from './auc-fixture.ts';

function simulate(rows: number, truth: (score: number) => number) {
  const random = seededRandom(2);
  const scores = Array.from({ length: rows }, random);
  return { scores, labels: scores.map((score) => (random() < truth(score) ? 1 : 0)) };
}

describe('calibration', () => {
  it('groups rows by score into fifteen equal parts', () => {
    const bins = calibrationBins(simulate(3000, (score) => score));
    expect(bins.map(({ rows }) => rows)).toEqual(new Array<number>(15).fill(200));
    expect(bins.every(({ predicted }, i) => predicted > (bins[i - 1]?.predicted ?? 0))).toBe(true);
  });

  it('reads about 0 for a perfect model and the true gap for a wrong one', () => {
    expect(calibrationError(calibrationBins(simulate(20_000, (score) => score)))).toBeLessThan(0.012);
    const shifted = simulate(20_000, (score) => 0.1 + 0.8 * score);
    // Root mean square of 0.1 − 0.2 s over s uniform on [0, 1] is 0.1/√3.
    expect(calibrationError(calibrationBins(shifted))).toBeCloseTo(0.1 / Math.sqrt(3), 2);
  });

  it('makes do with fewer rows than groups', () => {
    const bins = calibrationBins({ scores: [0.2, 0.9], labels: [0, 1] });
    expect(bins).toEqual([
      { predicted: 0.2, observed: 0, rows: 1 },
      { predicted: 0.9, observed: 1, rows: 1 },
    ]);
  });
});

describe('rocCurve', () => {
  it('runs from corner to corner and holds the AUC under it (trapezoids, scikit-learn’s value)', () => {
    const points = rocCurve({ scores: ours, labels });
    expect(points.at(0)).toEqual({ falsePositiveRate: 0, truePositiveRate: 0 });
    expect(points.at(-1)).toEqual({ falsePositiveRate: 1, truePositiveRate: 1 });
    const area = points.slice(1).reduce((sum, point, i) => {
      const before = points[i] ?? point;
      return (
        sum +
        ((point.falsePositiveRate - before.falsePositiveRate) * (point.truePositiveRate + before.truePositiveRate)) / 2
      );
    }, 0);
    expect(area).toBeCloseTo(0.7771428571428571, 12);
  });

  it('stays small for many rows', () => {
    expect(rocCurve(simulate(50_000, (score) => score)).length).toBeLessThan(210);
  });
});

describe('meanAbsoluteShap', () => {
  it('averages magnitudes by name', () => {
    const line = (shap: number[]) => ({ score: 0.5, label: 0 as const, base_value: 0, shap });
    expect(meanAbsoluteShap(['a', 'b'], [line([1, -4]), line([-3, 0])])).toEqual({ a: 2, b: 2 });
    expect(meanAbsoluteShap(['a'], [])).toEqual({ a: 0 });
  });
});

describe('additivityError', () => {
  it('is the gap in log-odds', () => {
    const score = 1 / (1 + Math.exp(-0.7));
    expect(additivityError(score, 0.5, [0.4, -0.2])).toBe(0);
    expect(additivityError(score, 0.5, [0.4, 0])).toBeCloseTo(0.2, 9);
  });

  it('takes a score that rounds to 1 as explained by a margin that does too', () => {
    expect(additivityError(1, 30, [15])).toBe(0);
    expect(additivityError(1, 0, [1])).toBe(Number.POSITIVE_INFINITY);
  });
});
