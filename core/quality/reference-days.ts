import type { QualityMetric } from '../../contracts/quality.ts';
import type { DayVariance, QualityReference } from '../../contracts/quality-reference.ts';
import { binInfluence } from './bin-metrics.ts';
import { autocorrelation, type DayMean, LEAST_DAYS, varianceBetween } from './day-variance.ts';
import { isotonicMeans } from './isotonic.ts';
import type { FitContext } from './quality-reference.ts';
import { expectedBy, type FoldFit, fitVariance, foldFits } from './recalibrator-folds.ts';
import { positivesAndNegatives } from './reference-metrics.ts';

/** One held-out day, and the fit that does not know it. */
interface HeldOutDay {
  readonly day: number;
  readonly members: readonly number[];
  readonly fit: FoldFit;
}

/**
 * How much held-out days differ, for each metric; null when fewer than ten days are known or some row has none. Residuals are those of
 * fits that leave out the day and its neighbours: a fit that knows a day takes up part of what sets it apart.
 */
export function referenceDays(context: FitContext, days: readonly number[]): QualityReference['days'] {
  if (days.length === 0 || days.some((day) => Number.isNaN(day))) return null;
  const byDay = [...Map.groupBy(days.keys(), (row) => days[row] ?? 0)].sort(([a], [b]) => a - b);
  if (byDay.length < LEAST_DAYS) return null;
  const heldOut = daysLeftOut(context, byDay);
  const expected = expectedLabels(context, heldOut);
  const of = (metric: QualityMetric) => dayVariance(metric, context, heldOut, expected);
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

const FOLDS = 5;

/** Five folds of days one after the other, as a later window lies apart from all days that were learned from. */
function daysLeftOut(
  { rows, shape }: FitContext,
  byDay: readonly (readonly [number, readonly number[]])[],
): readonly HeldOutDay[] {
  const foldOf = (index: number) => Math.floor((index * FOLDS) / byDay.length);
  const of = new Uint8Array(rows.bins.length);
  byDay.forEach(([, members], index) => {
    for (const row of members) of[row] = foldOf(index);
  });
  const fits = foldFits(rows, { of, count: FOLDS }, shape, isotonicMeans);
  return byDay.flatMap(([day, members], index) => {
    const fit = fits[foldOf(index)];
    return fit === undefined ? [] : [{ day, members, fit }];
  });
}

function expectedLabels({ rows, shape }: FitContext, days: readonly HeldOutDay[]): Float64Array {
  const expected = new Float64Array(rows.bins.length);
  for (const { members, fit } of days)
    for (const row of members) expected[row] = expectedBy(fit, rows, shape.groups, row);
  return expected;
}

function dayVariance(
  metric: QualityMetric,
  { rows, counts, cut, shape }: FitContext,
  days: readonly HeldOutDay[],
  expected: Float64Array,
): DayVariance {
  const { positive, negative } = binInfluence(metric, positivesAndNegatives(counts), cut);
  const total = rows.bins.length;
  const slopes = positive.map((value, bin) => total * (value - (negative[bin] ?? 0)));
  const residual = (row: number) => {
    const slope = slopes[rows.bins[row] ?? 0] ?? 0;
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
  const residualDays = days.map(({ day, members, fit }) => {
    const own = meanOf(day, members, residual);
    // Intervals count the fit's own error apart, so it must not pass for a difference of days.
    return {
      ...own,
      variance: own.variance + fitVariance(fit, rows, shape.groups, members, slopes) / members.length ** 2,
    };
  });
  const between = varianceBetween(residualDays);
  return {
    residual: between,
    realised: varianceBetween(days.map(({ day, members }) => meanOf(day, members, realised))),
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
