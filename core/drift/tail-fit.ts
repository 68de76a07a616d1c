import { upperGamma } from '../statistics/gamma.ts';

/** Below this share of draws the tail is read from the fitted curve, not counted. */
const COUNTED_TAIL = 0.05;

/**
 * How probable a statistic at least as large as `observed` is, given draws of it when nothing drifted. The body is counted; the
 * tail is a gamma curve with the draws' mean and variance, which a divergence between counts follows closely (a sum of weighted
 * chi-squares, Satterthwaite 1946), never below the share of draws that lie beyond. Draws without any spread can say no more than
 * "not seen in that many".
 */
export function tailProbability(draws: readonly number[], observed: number): number {
  const beyond = draws.filter((draw) => draw >= observed).length;
  const counted = (beyond + 1) / (draws.length + 1);
  if (counted >= COUNTED_TAIL) return counted;
  const mean = meanOf(draws);
  const variance = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / (draws.length - 1);
  if (mean <= 0 || variance <= 0) return counted;
  return Math.max(beyond / draws.length, upperGamma(mean ** 2 / variance, (observed * mean) / variance));
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
