/** Sum of counts. */
export function totalOf(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

/** Counts as shares of their sum; all 0 when nothing was counted. */
export function sharesOf(counts: readonly number[]): readonly number[] {
  const total = totalOf(counts);
  return counts.map((count) => (total === 0 ? 0 : count / total));
}
