import { spreadOf, spreadOfDesign, testChange } from './block-spread.ts';
import type { Doubt } from './pair-blocks.ts';
import type { Moments } from './pair-moments.ts';
import { type PrincipalSubspace, principalSubspace, reconstructionError } from './principal-subspace.ts';
import { meanOf } from './tail-fit.ts';

/** How well a window's rows fit the directions in which the baseline's features vary together. */
export interface ReconstructionChange {
  /** Mean squared reconstruction error, in variances of one feature. */
  readonly baseline: number;
  readonly window: number;
  readonly pValue: number;
  /** Change of the error relative to the baseline's. */
  readonly effect: number;
  /** 95 % interval of the effect. */
  readonly interval: readonly [number, number];
  readonly components: number;
  readonly explained: number;
}

/** Smallest relative change of the reconstruction error that counts. */
export const RECONSTRUCTION_FLOOR = 0.05;

const TWO_SIDED_95 = 1.959963984540054;

/** Tests the reconstruction error of a window against the baseline; undefined when there is no subspace to speak of. */
export function reconstructionChange(
  baseline: Moments,
  window: Moments,
  { blocks: { moments, perWindow, overlap }, kurtosis, designEffects, windows }: Doubt,
): ReconstructionChange | undefined {
  const subspace = principalSubspace(baseline);
  if (subspace === undefined) return undefined;
  const perRow = varianceOfRows(subspace, kurtosis);
  const values = moments.map((block) => ({
    value: reconstructionError(subspace, block),
    sampling: perRow / block.rows,
  }));
  const [before, after] = [subspace.expectedError, reconstructionError(subspace, window)];
  const design = meanOf(subspace.features.map((i) => designEffects[i] ?? 1));
  const spread =
    values.length > 1
      ? spreadOf(values, { perWindow, overlap })
      : spreadOfDesign(before, perRow / window.rows, design, windows);
  const change = after - before;
  const { pValue, error } = testChange(change, perRow / window.rows + perRow / baseline.rows, spread);
  return {
    baseline: before,
    window: after,
    pValue,
    effect: change / before,
    interval: [(change - TWO_SIDED_95 * error) / before, (change + TWO_SIDED_95 * error) / before],
    components: subspace.components.length,
    explained: subspace.explained,
  };
}

/**
 * Variance of one row's squared error: 2(1 + κ) Σλ² + κ (Σλ)² over the directions left over, of an elliptical distribution with
 * kurtosis parameter κ (Muirhead 1982, §1.5); κ is 0 for a normal one and the mean of the features' else.
 */
function varianceOfRows({ residual, features }: PrincipalSubspace, kurtosis: readonly number[]): number {
  const excess = Math.max(0, meanOf(features.map((i) => kurtosis[i] ?? 3)) / 3 - 1);
  const sum = residual.reduce((total, value) => total + value, 0);
  const squares = residual.reduce((total, value) => total + value ** 2, 0);
  return 2 * (1 + excess) * squares + excess * sum ** 2;
}
