import { binOf } from '../profile/edges.ts';
import type { Scored } from './placements.ts';

/** Positives and negatives per score bin, lowest scores first. */
export interface ScoreBins {
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
}

/**
 * Edges of at most 101 bins (102 with a threshold): 50 quantiles of all scores and 50 of the positives', so that rare positives keep their resolution
 * (AUC from these bins is within .0005 of the exact one).
 * @param threshold the decision threshold, made an edge of its own so that predictions are read off bins. Left out: none
 */
export function scoreEdges({ scores, labels }: Scored, threshold?: number): readonly number[] {
  const positives = scores.filter((_, row) => labels[row] === 1);
  const decision = threshold === undefined ? [] : [threshold];
  return [...new Set([...quantiles(scores), ...quantiles(positives), ...decision])].sort((a, b) => a - b);
}

const QUANTILES = 50;

function quantiles(values: readonly number[]): number[] {
  const sorted = Float64Array.from(values).sort();
  return Array.from(
    { length: QUANTILES },
    (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / (QUANTILES + 1))] ?? 0,
  );
}

/** Counts of both classes over the edges. */
export function binScores(edges: readonly number[], { scores, labels }: Scored): ScoreBins {
  const [positives, negatives] = [new Float64Array(edges.length + 1), new Float64Array(edges.length + 1)];
  scores.forEach((score, row) => {
    const side = labels[row] === 1 ? positives : negatives;
    const bin = binOf(edges, score);
    side[bin] = (side[bin] ?? 0) + 1;
  });
  return { positives, negatives };
}

/** AUC of binned scores: rows of one bin count as tied. NaN when a class is absent. */
export function binnedAuc({ positives, negatives }: ScoreBins): number {
  let [below, concordant, positiveCount] = [0, 0, 0];
  positives.forEach((count, bin) => {
    const tied = negatives[bin] ?? 0;
    concordant += count * (below + tied / 2);
    below += tied;
    positiveCount += count;
  });
  return concordant / (positiveCount * below);
}
