import type { DaySpread } from './day-part.ts';
import { autocorrelation, type DayMean, LEAST_DAYS, varianceBetween } from './day-variance.ts';
import type { BinnedRows, RecalibratorShape } from './recalibrator.ts';
import { type Calibrate, correctionsVariance, expectedBy, type FoldFit, foldFits } from './recalibrator-folds.ts';

const FOLDS = 5;

/** One held-out day, and the fit that does not know it or its neighbours. */
interface DayLeftOut {
  readonly day: number;
  readonly members: readonly number[];
  readonly fold: number;
  readonly fit: FoldFit;
}

/** Held-out days, each with what a fit expects of its rows that does not know it. */
export interface DaysLeftOut {
  readonly days: readonly DayLeftOut[];
  /** Expected label (or loss) per row. */
  readonly expected: Float64Array;
  readonly rows: BinnedRows;
  readonly shape: RecalibratorShape;
}

/**
 * Five folds of days one after the other, as a later window lies apart from all days that were learned from; null when fewer than ten
 * days are known or some row has none. A fit that knows a day takes up part of what sets it apart.
 * @param days UTC day per row; NaN, or an empty list: unknown
 */
export function daysLeftOut(
  rows: BinnedRows,
  shape: RecalibratorShape,
  days: readonly number[],
  calibrate: Calibrate,
): DaysLeftOut | null {
  if (days.length === 0 || days.some((day) => Number.isNaN(day))) return null;
  const byDay = [...Map.groupBy(days.keys(), (row) => days[row] ?? 0)].sort(([a], [b]) => a - b);
  if (byDay.length < LEAST_DAYS) return null;
  const foldOf = (index: number) => Math.floor((index * FOLDS) / byDay.length);
  const of = new Uint8Array(rows.bins.length);
  byDay.forEach(([, members], index) => {
    for (const row of members) of[row] = foldOf(index);
  });
  const fits = foldFits(rows, { of, count: FOLDS }, shape, calibrate);
  const expected = new Float64Array(rows.bins.length);
  const leftOut = byDay.flatMap(([day, members], index): readonly DayLeftOut[] => {
    const [fold, fit] = [foldOf(index), fits[foldOf(index)]];
    if (fit === undefined) return [];
    for (const row of members) expected[row] = expectedBy(fit, rows, shape.groups, row);
    return [{ day, members, fold, fit }];
  });
  return { days: leftOut, expected, rows, shape };
}

/** A row's share in what is averaged over a day, and its variance when rows are independent. */
export interface RowValue {
  readonly value: number;
  readonly variance: number;
}

/** The mean of a day's rows. */
export function dayMean(day: number, members: readonly number[], of: (row: number) => RowValue): DayMean {
  let [sum, variance] = [0, 0];
  for (const row of members) {
    const own = of(row);
    sum += own.value;
    variance += own.variance;
  }
  return { day, mean: sum / members.length, variance: variance / members.length ** 2 };
}

/**
 * How much days differ in the mean of slope × (label − expected). Days of a fold share what the other four fifths lack: their level is off by
 * N_f/N of the fold's own mean (whatever a_t the days are, label − expected has the mean a_t − Σ_others a/(N − N_f), so less N_f/N of the
 * fold's mean it is a_t − ā), and taking that off leaves days that are no more alike, and no further apart, than they are. Corrections spread
 * residuals too: a weekday's, from three others, by a third. What they add to the variance of rows (1 + h) they add to that of days, so
 * residuals are divided by √(1 + h).
 * @param slopes per score bin
 */
export function residualSpread(
  { days, rows, shape }: DaysLeftOut,
  slopes: Float64Array,
  residual: (row: number) => RowValue,
): DaySpread {
  const own = days.map(({ day, members, fit }) => {
    const mean = dayMean(day, members, residual);
    const corrections = correctionsVariance(fit, rows, shape.groups, members, slopes) / members.length ** 2;
    return { ...mean, repeated: mean.variance === 0 ? 0 : corrections / mean.variance };
  });
  const lacks = foldLevels(days, own, rows.bins.length);
  const level = own.map(({ day, mean, variance, repeated }, index) => ({
    day,
    mean: (mean - (lacks[days[index]?.fold ?? 0] ?? 0)) / Math.sqrt(1 + repeated),
    variance,
  }));
  const between = varianceBetween(level);
  const averageOf = (value: (day: (typeof own)[number]) => number) =>
    own.reduce((sum, day) => sum + value(day), 0) / Math.max(1, own.length);
  return {
    residual: between,
    within: averageOf(({ variance }) => variance),
    repeated: averageOf(({ repeated }) => repeated),
    autocorrelation: autocorrelation(level, between),
  };
}

/** N_f/N times the mean of each fold's rows. */
function foldLevels(days: readonly DayLeftOut[], means: readonly DayMean[], rows: number): Float64Array {
  const sums = new Float64Array(FOLDS);
  days.forEach(({ fold, members }, index) => {
    sums[fold] = (sums[fold] ?? 0) + members.length * (means[index]?.mean ?? 0);
  });
  return sums.map((sum) => sum / rows);
}
