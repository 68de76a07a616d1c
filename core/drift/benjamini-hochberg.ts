/**
 * Q-values (Benjamini & Hochberg 1995): the smallest false discovery rate at which each test would be called significant, in the
 * order given. `q ≤ rate` keeps the expected share of false calls among all calls at or below `rate`.
 */
export function qValues(pValues: readonly number[]): readonly number[] {
  const count = pValues.length;
  const descending = pValues.map((p, index) => ({ p, index })).sort((a, b) => b.p - a.p);
  const result = new Array<number>(count).fill(1);
  let smallest = 1;
  descending.forEach(({ p, index }, position) => {
    smallest = Math.min(smallest, (p * count) / (count - position));
    result[index] = smallest;
  });
  return result;
}
