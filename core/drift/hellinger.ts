import { sharesOf } from './shares.ts';

/** Hellinger distance: √(½ Σ (√p − √q)²) (Hellinger 1909). 0: equal; 1: nothing in common. */
export function hellinger(baseline: readonly number[], window: readonly number[]): number {
  const after = sharesOf(window);
  const sum = sharesOf(baseline).reduce((total, p, bin) => total + (Math.sqrt(p) - Math.sqrt(after[bin] ?? 0)) ** 2, 0);
  return Math.sqrt(sum / 2);
}
