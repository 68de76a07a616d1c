import type { Pairs } from '../../contracts/profile.ts';

/** Second moments of the scaled features of some rows, as their pairs' sums give them exactly. */
export interface Moments {
  readonly names: readonly string[];
  readonly rows: number;
  readonly means: readonly number[];
  /** E[z zᵀ], symmetric. */
  readonly products: readonly (readonly number[])[];
}

/** The moments of pairs; undefined without rows. */
export function momentsOf({ names, rows, sums, products }: Pairs): Moments | undefined {
  if (rows === 0) return undefined;
  const at = (i: number, j: number) => {
    const [low, high] = i < j ? [i, j] : [j, i];
    return (products[low * names.length - (low * (low - 1)) / 2 + (high - low)] ?? 0) / rows;
  };
  return {
    names,
    rows,
    means: sums.map((sum) => sum / rows),
    products: names.map((_, i) => names.map((__, j) => at(i, j))),
  };
}

/** A variance below this, in units of the baseline's scale, is rounding: such a feature is constant. */
const CONSTANT = 1e-9;

/** Pearson's correlation of two features; undefined when either is constant in these rows. */
export function correlationOf({ means, products }: Moments, i: number, j: number): number | undefined {
  const covariance = (a: number, b: number) => (products[a]?.[b] ?? 0) - (means[a] ?? 0) * (means[b] ?? 0);
  const [first, second] = [covariance(i, i), covariance(j, j)];
  if (first < CONSTANT || second < CONSTANT) return undefined;
  return Math.max(-1, Math.min(1, covariance(i, j) / Math.sqrt(first * second)));
}

/** The sums of two sets of rows together; both scaled by the baseline's centers and scales. */
export function addPairs(a: Pairs, b: Pairs): Pairs {
  return {
    ...a,
    rows: a.rows + b.rows,
    sums: a.sums.map((sum, i) => sum + (b.sums[i] ?? 0)),
    products: a.products.map((product, i) => product + (b.products[i] ?? 0)),
  };
}

/** Pairs over the same features in the same order. */
export function samePairs(a: Pairs, b: Pairs): boolean {
  return a.names.length === b.names.length && a.names.every((name, i) => name === b.names[i]);
}
