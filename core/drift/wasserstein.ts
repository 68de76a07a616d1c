import type { NumericProfile } from '../../contracts/profile.ts';

/**
 * Wasserstein-1 distance (earth mover's) in the column's own unit: ∫ |F − G|. Per bin the integral of F − G follows exactly from
 * counts and sums, ∫ F = hi·F(hi) − lo·F(lo) − Σx/n; the result is exact unless F and G cross inside a bin, and a lower bound then.
 * The open outer bins need no bounds, because F − G is 0 at both ends. 0: equal.
 */
export function wasserstein(baseline: NumericProfile, window: NumericProfile): number {
  const [before, after] = [baseline.rows - baseline.missing, window.rows - window.missing];
  if (before === 0 || after === 0) return 0;
  let distance = 0;
  let [difference, termBelow] = [0, 0];
  baseline.counts.forEach((count, bin) => {
    difference += count / before - (window.counts[bin] ?? 0) / after;
    const edge = baseline.edges[bin];
    const termAbove = edge === undefined ? 0 : edge * difference;
    const moved = (baseline.sums[bin] ?? 0) / before - (window.sums[bin] ?? 0) / after;
    distance += Math.abs(termAbove - termBelow - moved);
    termBelow = termAbove;
  });
  return distance;
}
