import type { OutcomeCounts } from '../../contracts/quality-window.ts';
import type { CodedRow } from './row-coder.ts';
import type { ScoreBins } from './score-bins.ts';

/** No rows over `bins` score bins. */
export function emptyOutcomes(bins: number): OutcomeCounts {
  const zeros = () => new Array<number>(bins).fill(0);
  return { scored: zeros(), positives: zeros(), negatives: zeros(), expected: zeros(), variance: zeros() };
}

/** Adds one row to `counts` in place; `label` is 0, 1, or undefined while nobody knows. */
export function countOutcome(
  counts: OutcomeCounts,
  { bin, expected, variance }: Pick<CodedRow, 'bin' | 'expected' | 'variance'>,
  label: number | undefined,
): void {
  increase(counts.scored, bin, 1);
  increase(counts.expected, bin, expected);
  increase(counts.variance, bin, variance);
  if (label !== undefined) increase(label === 1 ? counts.positives : counts.negatives, bin, 1);
}

function increase(sums: number[], bin: number, by: number): void {
  sums[bin] = (sums[bin] ?? 0) + by;
}

/** The counts of both sets of rows together. Both must be over the same bins. */
export function mergeOutcomes(a: OutcomeCounts, b: OutcomeCounts): OutcomeCounts {
  const add = (left: readonly number[], right: readonly number[]) =>
    left.map((count, bin) => count + (right[bin] ?? 0));
  return {
    scored: add(a.scored, b.scored),
    positives: add(a.positives, b.positives),
    negatives: add(a.negatives, b.negatives),
    expected: add(a.expected, b.expected),
    variance: add(a.variance, b.variance),
  };
}

/** All of them together; `bins` tells the shape when there are none. */
export function sumOutcomes(counts: readonly OutcomeCounts[], bins: number): OutcomeCounts {
  return counts.reduce(mergeOutcomes, emptyOutcomes(bins));
}

export const totalOf = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

/** Rows with a label. */
export const labelledRows = ({ positives, negatives }: OutcomeCounts): number =>
  totalOf(positives) + totalOf(negatives);

/** The labelled rows as score bins. */
export function binsOf({ positives, negatives }: OutcomeCounts): ScoreBins {
  return { positives: Float64Array.from(positives), negatives: Float64Array.from(negatives) };
}
