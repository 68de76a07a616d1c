import { sharesOf } from './shares.ts';

/** Total variation distance: ½ Σ |p − q|, the share of rows that would have to move. 0: equal; 1: nothing in common. */
export function totalVariation(baseline: readonly number[], window: readonly number[]): number {
  const after = sharesOf(window);
  return sharesOf(baseline).reduce((total, p, bin) => total + Math.abs(p - (after[bin] ?? 0)) / 2, 0);
}
