import type { QualityMetric } from '../../contracts/quality.ts';
import type { DayVariance, QualityReference } from '../../contracts/quality-reference.ts';
import { binInfluence } from './bin-metrics.ts';
import type { DaySpread } from './day-part.ts';
import { varianceBetween } from './day-variance.ts';
import { type DaysLeftOut, dayMean, daysLeftOut, residualSpread } from './days-left-out.ts';
import { isotonicMeans } from './isotonic.ts';
import type { FitContext } from './quality-reference.ts';
import { positivesAndNegatives } from './reference-metrics.ts';

/** How much held-out days differ, for each metric; null when fewer than ten are known or some row has none. */
export function referenceDays(context: FitContext, days: readonly number[]): QualityReference['days'] {
  const leftOut = daysLeftOut(context.rows, context.shape, days, isotonicMeans);
  if (leftOut === null) return null;
  const of = (metric: QualityMetric) => dayVariance(metric, context, leftOut);
  return {
    count: leftOut.days.length,
    level: levelSpread(context.rows, leftOut),
    metrics: {
      auc: of('auc'),
      f1: of('f1'),
      accuracy: of('accuracy'),
      precision: of('precision'),
      recall: of('recall'),
    },
  };
}

function levelSpread({ labels }: FitContext['rows'], leftOut: DaysLeftOut): DaySpread {
  return residualSpread(leftOut, new Float64Array(leftOut.shape.groups.length).fill(1), (row) => {
    const expected = leftOut.expected[row] ?? 0;
    const chance = Math.min(0.999, Math.max(0.001, expected));
    return { value: (labels[row] ?? 0) - expected, variance: chance * (1 - chance) };
  });
}

function dayVariance(metric: QualityMetric, { rows, counts, cut }: FitContext, leftOut: DaysLeftOut): DayVariance {
  const { positive, negative } = binInfluence(metric, positivesAndNegatives(counts), cut);
  const total = rows.bins.length;
  const slopes = positive.map((value, bin) => total * (value - (negative[bin] ?? 0)));
  const residual = (row: number) => {
    const slope = slopes[rows.bins[row] ?? 0] ?? 0;
    const expected = leftOut.expected[row] ?? 0;
    const chance = Math.min(0.999, Math.max(0.001, expected));
    return { value: slope * ((rows.labels[row] ?? 0) - expected), variance: slope ** 2 * chance * (1 - chance) };
  };
  const realised = (row: number) => {
    const bin = rows.bins[row] ?? 0;
    const value = total * ((rows.labels[row] === 1 ? positive[bin] : negative[bin]) ?? 0);
    return { value, variance: value ** 2 };
  };
  const between = varianceBetween(leftOut.days.map(({ day, members }) => dayMean(day, members, realised)));
  return { ...residualSpread(leftOut, slopes, residual), realised: Math.max(0, between) };
}
