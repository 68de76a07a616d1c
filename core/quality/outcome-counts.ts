import type { OutcomeCounts } from '../../contracts/quality-window.ts';
import type { ScoreBins } from './score-bins.ts';

/** No rows over `bins` score bins. */
export function emptyOutcomes(bins: number): OutcomeCounts {
  const zeros = () => new Array<number>(bins).fill(0);
  return { scored: zeros(), positives: zeros(), negatives: zeros(), scores: zeros() };
}

/** Adds one row to `counts` in place; `label` is 0, 1, or undefined while nobody knows. */
export function countOutcome(counts: OutcomeCounts, bin: number, score: number, label: number | undefined): void {
  counts.scored[bin] = (counts.scored[bin] ?? 0) + 1;
  if (label === undefined) return;
  const side = label === 1 ? counts.positives : counts.negatives;
  side[bin] = (side[bin] ?? 0) + 1;
  counts.scores[bin] = (counts.scores[bin] ?? 0) + score;
}

/** The counts of both sets of rows together. Both must be over the same bins. */
export function mergeOutcomes(a: OutcomeCounts, b: OutcomeCounts): OutcomeCounts {
  const add = (left: readonly number[], right: readonly number[]) =>
    left.map((count, bin) => count + (right[bin] ?? 0));
  return {
    scored: add(a.scored, b.scored),
    positives: add(a.positives, b.positives),
    negatives: add(a.negatives, b.negatives),
    scores: add(a.scores, b.scores),
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
