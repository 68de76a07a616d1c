/** Bins of a numeric feature: fewer when the baseline is too small to fill many. */
export const SMALL_BASELINE_ROWS = 10_000;

/**
 * Edges that cut `values` into bins of about equal mass: 20 bins below 10 000 values, else 50 (`facts/drift.md` §3). A column with
 * no more distinct values than bins gets one bin for each of them. The outermost bins are open, so nothing later falls outside.
 * @param values finite numbers, in any order
 */
export function quantileEdges(values: Float64Array): number[] {
  const sorted = values.slice().sort();
  const bins = sorted.length < SMALL_BASELINE_ROWS ? 20 : 50;
  const distinct = distinctUpTo(sorted, bins);
  if (distinct !== undefined) return distinct;
  const edges = Array.from(
    { length: bins - 1 },
    (_, index) => sorted[Math.floor(((index + 1) * sorted.length) / bins)] ?? 0,
  );
  return edges.filter((edge, index) => index === 0 || edge !== edges[index - 1]);
}

/** All distinct values of a sorted array, or undefined when there are more than `limit`. */
function distinctUpTo(sorted: Float64Array, limit: number): number[] | undefined {
  const distinct: number[] = [];
  for (const value of sorted) {
    if (value === distinct.at(-1)) continue;
    if (distinct.length === limit) return undefined;
    distinct.push(value);
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
