import type { Label } from '../../contracts/labels.ts';
import { labelIndex, type Outcome } from './label-index.ts';

/** One answered row, as captured. */
export interface PredictedRow {
  readonly inferenceId: string;
  readonly row: number;
}

/** Labels that came together. */
export interface LabelFile {
  /** Epoch milliseconds. */
  readonly arrivedAt: number;
  readonly labels: Iterable<Label>;
}

/** Predictions with their outcomes, and what was left over. */
export interface JoinedLabels {
  /** One for each prediction, in its order; undefined without a label. */
  readonly outcomes: readonly (Outcome | undefined)[];
  readonly predictions: number;
  readonly labelled: number;
  readonly repeated: number;
  readonly contradicting: number;
  /** Predictions that labels name and nobody captured. */
  readonly unmatched: number;
}

/**
 * Joins labels to predictions exactly once per id and row. The result does not depend on the order of the files, nor its outcomes on
 * how often one is delivered. For streams use `labelIndex`, which holds the labels only.
 */
export function joinLabels(predictions: Iterable<PredictedRow>, files: Iterable<LabelFile>): JoinedLabels {
  const index = labelIndex();
  for (const { labels, arrivedAt } of files) for (const label of labels) index.add(label, arrivedAt);
  const outcomes = Array.from(predictions, ({ inferenceId, row }) => index.take(inferenceId, row));
  const labelled = outcomes.filter((outcome) => outcome !== undefined).length;
  const { distinct, repeated, contradicting } = index.agreement();
  return {
    outcomes,
    predictions: outcomes.length,
    labelled,
    repeated,
    contradicting,
    unmatched: distinct - labelled,
  };
}
