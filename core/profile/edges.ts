/** Bins stored of a numeric feature at most; windows are compared over unions of them (`levels.ts`). */
export const MAX_BINS = 200;
/** Bins of the smallest baselines. */
const FEWEST_BINS = 20;
/** Values of the baseline that a bin should hold at least. */
const VALUES_PER_BIN = 50;

/**
 * Edges that cut `values` into bins of about equal mass: 200 bins, fewer where a bin would hold less than 50 values, never fewer than
 * 20 for that reason. A column with no more distinct values than bins gets one bin for each of them, and an empty one on either side, so that
 * a constant that changes is seen. The outermost bins are open, so nothing later falls outside.
 * @param values finite numbers, in any order
 */
export function quantileEdges(values: Float64Array): number[] {
  return edgesOfSorted(values.slice().sort());
}

/** The same of values that are sorted already. */
export function edgesOfSorted(sorted: Float64Array): number[] {
  const bins = Math.min(MAX_BINS, Math.max(FEWEST_BINS, Math.floor(sorted.length / VALUES_PER_BIN)));
  const distinct = distinctUpTo(sorted, bins);
  if (distinct !== undefined) return [...distinct, ...justAbove(distinct.at(-1))];
  const edges = Array.from({ length: bins - 1 }, (_, index) => quantile(sorted, (index + 1) / bins));
  return edges.filter((edge, index) => index === 0 || edge !== edges[index - 1]);
}

/** The value below which `share` of the sorted values lie; 0 for no values. Never −0, which JSON does not keep. */
export function quantile(sorted: Float64Array, share: number): number {
  return (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0) + 0;
}

/** The next number there is, or the one after it; none above the largest. */
function justAbove(value: number | undefined): readonly number[] {
  if (value === undefined) return [];
  const above = value + Math.max(Number.MIN_VALUE, Math.abs(value) * Number.EPSILON);
  return Number.isFinite(above) ? [above] : [];
}

/** All distinct values of a sorted array, or undefined when there are more than `limit`. */
function distinctUpTo(sorted: Float64Array, limit: number): number[] | undefined {
  const distinct: number[] = [];
  for (const value of sorted) {
    if (value === distinct.at(-1)) continue;
    if (distinct.length === limit) return undefined;
    distinct.push(value + 0);
  }
  return distinct;
}

/** Index of the bin of `value`: the number of edges at or below it. */
export function binOf(edges: readonly number[], value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((edges[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
