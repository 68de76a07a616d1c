/** What the rows of one day add up to: their mean, and the variance that mean has when rows are independent. */
export interface DayMean {
  /** Days since 1970. */
  readonly day: number;
  readonly mean: number;
  readonly variance: number;
}

/** Fewer days say too little about how much they differ. */
export const LEAST_DAYS = 10;

/**
 * Variance of day means beyond that of independent rows (DerSimonian & Laird 1986, not cut off at 0): right on average, and below 0 when
 * days happened to differ less than chance lets expect. 0 for fewer than two days with a variance.
 */
export function varianceBetween(days: readonly DayMean[]): number {
  const weighted = days.filter(({ variance }) => variance > 0).map((day) => ({ ...day, weight: 1 / day.variance }));
  const sum = weighted.reduce((total, { weight }) => total + weight, 0);
  const squares = weighted.reduce((total, { weight }) => total + weight ** 2, 0);
  const centre = weighted.reduce((total, { mean, weight }) => total + mean * weight, 0) / sum;
  const heterogeneity = weighted.reduce((total, { mean, weight }) => total + weight * (mean - centre) ** 2, 0);
  const between = (heterogeneity - (weighted.length - 1)) / (sum - squares / sum);
  return Number.isFinite(between) ? between : 0;
}

const MOST_AUTOCORRELATION = 0.95;
/** Chance gives days that do not depend on each other as often less than 0 as more; much less would be no reason to be surer. */
const LEAST_AUTOCORRELATION = -0.1;
/** What is left of a day's variance at least, when it is standardised. */
const LEAST_VARIANCE = 0.1;

/** Lag-1 autocorrelation of days that follow each other, standardised, with Kendall's correction of its bias, 1/n; from −0.1 to 0.95. */
export function autocorrelation(days: readonly DayMean[], between: number): number {
  const deviation = (variance: number) => Math.sqrt(Math.max(LEAST_VARIANCE * variance, variance + between));
  const byDay = new Map(days.map(({ day, mean, variance }) => [day, mean / deviation(variance)]));
  const values = [...byDay.values()].filter((value) => Number.isFinite(value));
  const centre = values.reduce((sum, value) => sum + value, 0) / values.length;
  const spread = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / values.length;
  const products = [...byDay].flatMap(([day, value]) => {
    const next = byDay.get(day + 1);
    return next === undefined ? [] : [(value - centre) * (next - centre)];
  });
  const lag = products.reduce((sum, product) => sum + product, 0) / products.length / spread;
  if (!Number.isFinite(lag)) return 0;
  return Math.min(MOST_AUTOCORRELATION, Math.max(LEAST_AUTOCORRELATION, lag + (1 + 3 * lag) / values.length));
}

/** How many times more the mean of `days` days in a row varies than that of independent ones: 1 + 2 Σ (1 − j/d) ρʲ. */
export function runInflation(days: number, rho: number): number {
  let sum = 1;
  for (let lag = 1; lag < days && Math.abs(rho) ** lag > 1e-6; lag++) sum += 2 * (1 - lag / days) * rho ** lag;
  return sum;
}
