import { upperGamma } from '../statistics/gamma.ts';
import { incompleteBeta } from '../statistics/incomplete-beta.ts';

/** Below this share of draws the tail is read from the fitted curve, not counted. */
const COUNTED_TAIL = 0.05;

/** How much of the draws' spread stems from blocks of time, and how well that is known. */
export interface BlockPart {
  /** Share of the variance, 0–1. */
  readonly share: number;
  /** Degrees of freedom of the blocks; few of them make an F curve of the gamma curve, as they make a t curve of the normal one. */
  readonly degrees: number;
}

/** When rows count as independent. */
export const NO_PART: BlockPart = { share: 0, degrees: 1 };

/** Skewness of a chi-square with one degree of freedom: of blocks that differ in one respect. */
const ONE_RESPECT = Math.sqrt(8);

/**
 * How probable a statistic at least as large as `observed` is, given draws of it when nothing drifted. The body is counted; the
 * tail is a gamma curve with the draws' mean, variance and skewness (Pearson's type III), which a divergence between counts follows
 * closely: a sum of weighted chi-squares, of which those of the rows are many and alike and those of the blocks few and large. It is
 * never below the share of draws that lie beyond. Draws without any spread can say no more than "not seen in that many".
 */
export function tailProbability(
  draws: readonly number[],
  observed: number,
  { share, degrees }: BlockPart = NO_PART,
): number {
  const beyond = draws.filter((draw) => draw >= observed).length;
  const counted = (beyond + 1) / (draws.length + 1);
  if (counted >= COUNTED_TAIL) return counted;
  const mean = meanOf(draws);
  const deviation = Math.sqrt(varianceOf(draws));
  if (mean <= 0 || deviation <= 0) return counted;
  // Few blocks show too little skewness: it is at least that of a gamma curve from 0, and of blocks that differ in one respect.
  const skewness = Math.max(
    meanOf(draws.map((draw) => ((draw - mean) / deviation) ** 3)),
    (2 * deviation) / mean,
    ONE_RESPECT * share ** 1.5,
  );
  const shape = 4 / skewness ** 2;
  const spread = deviation * Math.sqrt(shape);
  return Math.max(beyond / draws.length, curveTail((observed - mean) / spread + 1, shape, degrees / share ** 2));
}

/** From here on the F curve is the gamma curve. */
const MANY_DEGREES = 1e5;

/** P(X > ratio) of a gamma variable of mean 1, or of the F variable that it becomes when its scale was estimated. */
function curveTail(ratio: number, shape: number, degrees: number): number {
  if (degrees > MANY_DEGREES) return upperGamma(shape, ratio * shape);
  return incompleteBeta(degrees / (degrees + 2 * shape * ratio), degrees / 2, shape);
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Mean squared distance from the mean. */
export function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return meanOf(values.map((value) => (value - mean) ** 2));
}
