import { sharesOf } from './shares.ts';

/** An empty bin counts as this share, for the logarithm's sake. */
const LEAST_SHARE = 1e-6;

/**
 * Population stability index: Σ (q − p) ln(q / p), the symmetrised Kullback–Leibler divergence (Siddiqi 2006). 0: equal; no upper
 * end. Reported because people know it; no verdict rests on it (`facts` behind design §3: fixed limits on it mislead).
 */
export function populationStability(baseline: readonly number[], window: readonly number[]): number {
  const after = sharesOf(window);
  return sharesOf(baseline).reduce((sum, share, bin) => {
    const [p, q] = [Math.max(share, LEAST_SHARE), Math.max(after[bin] ?? 0, LEAST_SHARE)];
    return sum + (q - p) * Math.log(q / p);
  }, 0);
}
