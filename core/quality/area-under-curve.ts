import { type Placements, placements, type Scored } from './placements.ts';

/** An estimate with the standard error of its sampling. */
export interface Estimate {
  readonly value: number;
  readonly standardError: number;
}

/** Whether rows of both classes are there; without them there is no AUC. */
export function hasBothClasses({ labels }: Pick<Scored, 'labels'>): boolean {
  return labels.includes(0) && labels.includes(1);
}

/**
 * Area under the ROC curve, exact with ties: the chance that a positive row is scored above a negative one. Standard error by
 * DeLong, DeLong & Clarke-Pearson (1988). NaN when a class is absent.
 */
export function areaUnderCurve(scored: Scored): Estimate {
  return estimateOf(placements(scored));
}

/** Candidate's AUC minus champion's on the same rows, with the standard error of the paired difference (DeLong). */
export function pairedDifference(candidate: Scored, champion: readonly number[]): Estimate {
  const [ours, theirs] = [placements(candidate), placements({ scores: champion, labels: candidate.labels })];
  return estimateOf({
    positives: ours.positives.map((value, row) => value - (theirs.positives[row] ?? 0)),
    negatives: ours.negatives.map((value, row) => value - (theirs.negatives[row] ?? 0)),
  });
}

function estimateOf({ positives, negatives }: Placements): Estimate {
  const variance = varianceOf(positives) / positives.length + varianceOf(negatives) / negatives.length;
  return { value: meanOf(positives), standardError: Math.sqrt(variance) };
}

const meanOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

function varianceOf(values: Float64Array): number {
  if (values.length < 2) return 0;
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}
