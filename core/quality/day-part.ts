import type { DayVariance } from '../../contracts/quality-reference.ts';
import { runInflation } from './day-variance.ts';

/** What is known of how days differ. */
export type DaySpread = Pick<DayVariance, 'residual' | 'within' | 'repeated' | 'autocorrelation'>;

/** A variance, and the degrees of freedom it is known with; infinite when it follows from counts alone. */
export interface KnownVariance {
  readonly variance: number;
  readonly degrees: number;
}

/** Days can make a variance smaller only by chance: no less than this share of what rows give it is left. */
const LEAST_OF_ROWS = 0.9;

const WEEK_DAYS = 7;

/**
 * What days add to the variance of the mean of `days` days in a row: τ²/d, and Σ over pairs of days of their covariance ρʲ (τ² + v), with v
 * what rows of one day of the reference gave: ρ is that of whole days, rows' chance included. What corrections took from few days of the same
 * weekday adds to less than a week, over which it cancels. Below 0 where the reference's days happened to differ less than their rows let expect.
 */
export function dayPart({ residual, within, repeated, autocorrelation }: DaySpread, days: number): number {
  const whole = Math.max(0, residual + within);
  const ofWeekdays = Math.max(0, residual) * repeated * Math.max(0, 1 / days - 1 / WEEK_DAYS);
  return (residual + (runInflation(days, autocorrelation) - 1) * whole) / days + ofWeekdays;
}

/**
 * The variance of realised − estimated over `days` days: of rows, and of days on both sides.
 * @param rows what independent rows of both sides account for
 * @param reference how the reference's days differ, and how many they are; null: not known
 */
export function withDays(
  rows: number,
  reference: (DaySpread & { readonly count: number }) | null,
  days: number,
): KnownVariance {
  if (reference === null) return { variance: rows, degrees: Number.POSITIVE_INFINITY };
  const ofDays = dayPart(reference, days) + dayPart(reference, reference.count);
  const variance = Math.max(LEAST_OF_ROWS * rows, rows + ofDays);
  return { variance, degrees: degreesOf(reference.count, ofDays / variance) };
}

/** Few days know their own variance badly; what rows account for is known. Days − 1 degrees when all of it is theirs, the more the less is. */
function degreesOf(days: number, share: number): number {
  return share <= 0 ? Number.POSITIVE_INFINITY : (days - 1) / Math.min(1, share);
}
