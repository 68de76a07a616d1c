import { totalOf } from './shares.ts';

/**
 * Two-sample Anderson–Darling statistic A²ₐ with midranks: the squared distance of the two distribution functions, weighted
 * towards the tails (Scholz & Stephens 1987, equation 7). Values of one bin count as ties. Near 1 on average when nothing
 * changed; grows with the rows.
 */
export function andersonDarling(baseline: readonly number[], window: readonly number[]): number {
  const rows = totalOf(baseline) + totalOf(window);
  if (totalOf(baseline) === 0 || totalOf(window) === 0) return 0;
  const sum = sampleTerm(baseline, window, rows) + sampleTerm(window, baseline, rows);
  return (sum * (rows - 1)) / rows;
}

/** What one sample adds: over the bins, its excess over the pooled share up to the bin's middle, squared. */
function sampleTerm(own: readonly number[], other: readonly number[], rows: number): number {
  const size = totalOf(own);
  let [ownBelow, below, sum] = [0, 0, 0];
  own.forEach((count, bin) => {
    const ties = count + (other[bin] ?? 0);
    const [ownMiddle, middle] = [ownBelow + count / 2, below + ties / 2];
    const weight = middle * (rows - middle) - (rows * ties) / 4;
    if (ties > 0 && weight > 0) sum += ((ties / rows) * (rows * ownMiddle - size * middle) ** 2) / weight;
    ownBelow += count;
    below += ties;
  });
  return sum / size;
}
