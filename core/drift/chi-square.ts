import { totalOf } from './shares.ts';

/**
 * Pearson's chi-square of the 2 × bins table: Σ (observed − expected)² / expected over both rows. 0: equal; grows with the rows, so
 * read it with its degrees of freedom (bins that hold anything, less one).
 */
export function chiSquare(baseline: readonly number[], window: readonly number[]): number {
  const [rowsBefore, rowsAfter] = [totalOf(baseline), totalOf(window)];
  if (rowsBefore === 0 || rowsAfter === 0) return 0;
  return baseline.reduce((sum, before, bin) => {
    const both = before + (window[bin] ?? 0);
    if (both === 0) return sum;
    const expected = (both * rowsBefore) / (rowsBefore + rowsAfter);
    // Both rows deviate by the same number, since the column's sum is fixed.
    return sum + (before - expected) ** 2 * (1 / expected + 1 / (both - expected));
  }, 0);
}
