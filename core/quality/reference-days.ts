import type { QualityMetric } from '../../contracts/quality.ts';
import type { DayVariance, QualityReference } from '../../contracts/quality-reference.ts';
import { binInfluence } from './bin-metrics.ts';
import { autocorrelation, type DayMean, LEAST_DAYS, varianceBetween } from './day-variance.ts';
import type { FitContext } from './quality-reference.ts';
import { positivesAndNegatives } from './reference-metrics.ts';

/** How much held-out days differ, for each metric; null when fewer than ten days are known or some row has none. */
export function referenceDays(context: FitContext, days: readonly number[]): QualityReference['days'] {
  if (days.length === 0 || days.some((day) => Number.isNaN(day))) return null;
  const byDay = [...Map.groupBy(days.keys(), (row) => days[row] ?? 0)].sort(([a], [b]) => a - b);
  if (byDay.length < LEAST_DAYS) return null;
  const expected = expectedLabels(context);
  const of = (metric: QualityMetric) => dayVariance(metric, context, byDay, expected);
  return {
    count: byDay.length,
    metrics: {
      auc: of('auc'),
      f1: of('f1'),
      accuracy: of('accuracy'),
      precision: of('precision'),
      recall: of('recall'),
    },
  };
}

function expectedLabels({ rows, fit, groups }: FitContext): Float64Array {
  return rows.labels.map((_, row) => {
    const bin = rows.bins[row] ?? 0;
    const theta = fit.theta[groups[bin] ?? 0];
    let expected = fit.base[bin] ?? 0;
    for (let i = row * rows.width; i < (row + 1) * rows.width; i++) expected += theta?.[rows.columns[i] ?? 0] ?? 0;
    return expected;
  });
}

function dayVariance(
  metric: QualityMetric,
  { rows, counts, cut }: FitContext,
  byDay: readonly (readonly [number, readonly number[]])[],
  expected: Float64Array,
): DayVariance {
  const { positive, negative } = binInfluence(metric, positivesAndNegatives(counts), cut);
  const total = rows.bins.length;
  const residual = (row: number) => {
    const bin = rows.bins[row] ?? 0;
    const slope = total * ((positive[bin] ?? 0) - (negative[bin] ?? 0));
    const chance = Math.min(0.999, Math.max(0.001, expected[row] ?? 0));
    return {
      value: slope * ((rows.labels[row] ?? 0) - (expected[row] ?? 0)),
      variance: slope ** 2 * chance * (1 - chance),
    };
  };
  const realised = (row: number) => {
    const bin = rows.bins[row] ?? 0;
    const value = total * ((rows.labels[row] === 1 ? positive[bin] : negative[bin]) ?? 0);
    return { value, variance: value ** 2 };
  };
  const residualDays = byDay.map(([day, members]) => meanOf(day, members, residual));
  const between = varianceBetween(residualDays);
  return {
    residual: between,
    realised: varianceBetween(byDay.map(([day, members]) => meanOf(day, members, realised))),
    autocorrelation: autocorrelation(residualDays, between),
  };
}

function meanOf(
  day: number,
  members: readonly number[],
  of: (row: number) => { readonly value: number; readonly variance: number },
): DayMean {
  let [sum, variance] = [0, 0];
  for (const row of members) {
    const own = of(row);
    sum += own.value;
    variance += own.variance;
  }
  return { day, mean: sum / members.length, variance: variance / members.length ** 2 };
}
