import { spreadOf, spreadOfDesign, testChange } from './block-spread.ts';
import type { Doubt } from './pair-blocks.ts';
import { correlationOf, type Moments } from './pair-moments.ts';

/** How the correlation of two features changed. `effect` is Cohen's q: the difference of the Fisher-transformed correlations. */
export interface CorrelationChange {
  readonly features: readonly [string, string];
  readonly baseline: number;
  readonly window: number;
  readonly pValue: number;
  readonly effect: number;
  /** 95 % interval of the effect. */
  readonly interval: readonly [number, number];
}

/** Smallest change of a correlation that counts: what Cohen (1988, §4.2) calls a small effect of q. */
export const CORRELATION_FLOOR = 0.1;

/** Correlations closer to ±1 are taken for this one: beyond it the transform magnifies rounding. */
const NEARLY_ONE = 0.999;

/** Fisher's transform. */
const fisher = (r: number) => Math.atanh(Math.max(-NEARLY_ONE, Math.min(NEARLY_ONE, r)));

/** 97.5 % point of the normal curve. */
const TWO_SIDED_95 = 1.959963984540054;

/**
 * Tests every pair of features for a change of their correlation: Fisher's z (1921), its variance widened by kurtosis as for
 * elliptical distributions (Muirhead 1982, §5.1.3) and by the variance between the baseline's blocks.
 */
export function correlationChanges(baseline: Moments, window: Moments, doubt: Doubt): readonly CorrelationChange[] {
  return baseline.names.flatMap((first, i) =>
    baseline.names.slice(i + 1).flatMap((second, offset) => {
      const j = i + 1 + offset;
      const change = changeOfPair([baseline, window], doubt, [i, j]);
      return change === undefined ? [] : [{ ...change, features: [first, second] as const }];
    }),
  );
}

function changeOfPair(
  [baseline, window]: readonly [Moments, Moments],
  { blocks: { moments, perWindow, overlap }, kurtosis, designEffects, windows }: Doubt,
  [i, j]: readonly [number, number],
): Omit<CorrelationChange, 'features'> | undefined {
  const [before, after] = [correlationOf(baseline, i, j), correlationOf(window, i, j)];
  if (before === undefined || after === undefined) return undefined;
  const tails = Math.max(1, Math.sqrt((kurtosis[i] ?? 3) * (kurtosis[j] ?? 3)) / 3);
  const sampling = (rows: number) => tails / Math.max(1, rows - 3);
  const values = moments.flatMap((block) => {
    const r = correlationOf(block, i, j);
    return r === undefined ? [] : [{ value: fisher(r), sampling: sampling(block.rows) }];
  });
  // Single blocks have other correlations than rows of many days together, so they are a centre only for windows of one block.
  const design = Math.max(designEffects[i] ?? 1, designEffects[j] ?? 1);
  const spread =
    values.length > 1
      ? spreadOf(values, { perWindow, overlap })
      : spreadOfDesign(fisher(before), sampling(window.rows), design, windows);
  const centre = perWindow === 1 ? spread.centre : fisher(before);
  const change = fisher(after) - centre;
  const { pValue, error } = testChange(change, sampling(window.rows) + sampling(baseline.rows), spread);
  const effect = Math.abs(change);
  const interval = [Math.max(0, effect - TWO_SIDED_95 * error), effect + TWO_SIDED_95 * error] as const;
  return { baseline: Math.tanh(centre), window: after, pValue, effect, interval };
}
