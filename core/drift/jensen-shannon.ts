import { sharesOf } from './shares.ts';

/**
 * Jensen–Shannon divergence in bits: ½ KL(p‖m) + ½ KL(q‖m) with m = ½(p + q) (Lin 1991). 0: equal; 1: nothing in common.
 */
export function jensenShannonDivergence(p: readonly number[], q: readonly number[]): number {
  let divergence = 0;
  for (let i = 0; i < p.length; i++) {
    const [a, b] = [p[i] ?? 0, q[i] ?? 0];
    const middle = (a + b) / 2;
    if (a > 0) divergence += (a / 2) * Math.log2(a / middle);
    if (b > 0) divergence += (b / 2) * Math.log2(b / middle);
  }
  return Math.max(0, divergence);
}

/** Jensen–Shannon distance, the root of the divergence, base 2: a metric between 0 and 1 (Endres & Schindelin 2003). */
export function jensenShannon(baseline: readonly number[], window: readonly number[]): number {
  return Math.sqrt(jensenShannonDivergence(sharesOf(baseline), sharesOf(window)));
}
