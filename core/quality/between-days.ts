import { runInflation } from './day-variance.ts';

const MOST_AUTOCORRELATION = 0.95;

/**
 * Variance that days add to an estimate beyond that of independent rows. The linearised cluster estimate D/(D − 1)·Σφ² (Binder 1983),
 * less the rows' own; what remains is widened by the autocorrelation of days that follow each other: ρ at lag 1 with Kendall's correction,
 * freed of the noise of rows, in 1 + 2Σ(1 − j/D)ρʲ. 0 when days differ no more than chance lets them.
 * @param influences what each day adds to the estimate, to first order, oldest first; they sum to 0
 */
export function varianceBetweenDays(influences: readonly number[], rowVariance: number): number {
  const days = influences.length;
  const squares = influences.reduce((sum, influence) => sum + influence * influence, 0);
  const whole = (squares * days) / (days - 1);
  const between = whole - rowVariance;
  if (!(between > 0)) return 0;
  const products = influences.reduce((sum, influence, day) => sum + influence * (influences[day - 1] ?? 0), 0);
  const lag = ((products / squares) * days) / (days - 1);
  const corrected = ((lag + (1 + 3 * lag) / days) * whole) / between;
  return between * runInflation(days, Math.min(MOST_AUTOCORRELATION, Math.max(0, corrected)));
}
