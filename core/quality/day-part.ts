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
  const ofDays = (spread: DaySpread) => dayPart(spread, days) + dayPart(spread, reference.count);
  const variance = Math.max(LEAST_OF_ROWS * rows, rows + ofDays(reference));
  return { variance, degrees: degreesOf(reference, variance, ofDays) };
}

const RHO_STEP = 0.005;
/** Cutting ρ off at −.1 leaves about half of the variance (1 − ρ²)/D that it is estimated with (Bartlett 1946) where days are independent. */
const RHO_LEFT = 0.5;

/**
 * Degrees of freedom 2 Var²/Var(Var) after Satterthwaite (1946): what rows account for is known; the part of days as badly as D − 1 squares
 * know a variance, and by as much more as ρ may be off.
 */
function degreesOf(
  reference: DaySpread & { readonly count: number },
  variance: number,
  ofDays: (spread: DaySpread) => number,
): number {
  const { autocorrelation, count } = reference;
  const at = (rho: number) => ofDays({ ...reference, autocorrelation: rho });
  const slope = (at(autocorrelation + RHO_STEP) - at(autocorrelation - RHO_STEP)) / (2 * RHO_STEP);
  const ofSquares = (2 * Math.max(0, ofDays(reference)) * variance) / (count - 1);
  const ofRho = (RHO_LEFT * slope ** 2 * (1 - autocorrelation ** 2)) / count;
  return (2 * variance ** 2) / (ofSquares + ofRho);
}
