import { totalOf } from './shares.ts';

/**
 * G statistic of the 2 × bins table: 2 Σ observed · ln(observed / expected), the likelihood ratio that Pearson's chi-square
 * approximates (Woolf 1957; Sokal & Rohlf 1995, §17.2). 0: equal; grows with the rows, read it with the same degrees of freedom as
 * chi-square.
 */
export function gTest(baseline: readonly number[], window: readonly number[]): number {
  const [rowsBefore, rowsAfter] = [totalOf(baseline), totalOf(window)];
  const rows = rowsBefore + rowsAfter;
  if (rowsBefore === 0 || rowsAfter === 0) return 0;
  const term = (observed: number, expected: number) => (observed === 0 ? 0 : observed * Math.log(observed / expected));
  const sum = baseline.reduce((total, before, bin) => {
    const after = window[bin] ?? 0;
    const share = (before + after) / rows;
    return total + term(before, share * rowsBefore) + term(after, share * rowsAfter);
  }, 0);
  return Math.max(0, 2 * sum);
}
