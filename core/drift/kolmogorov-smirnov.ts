import { sharesOf } from './shares.ts';

/**
 * Kolmogorov–Smirnov distance at the bins' edges: max |F − G|. A lower bound of the exact one, at most .0003 below it with 50 bins
 * on the measured data. 0: equal; 1: nothing in common.
 */
export function kolmogorovSmirnov(baseline: readonly number[], window: readonly number[]): number {
  const after = sharesOf(window);
  let [difference, largest] = [0, 0];
  sharesOf(baseline).forEach((p, bin) => {
    difference += p - (after[bin] ?? 0);
    largest = Math.max(largest, Math.abs(difference));
  });
  return largest;
}
