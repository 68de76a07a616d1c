import type { CapturedBatch } from '../../core/capture/fast/captured-batch.ts';
import type { Outcome } from '../../core/labels/label-index.ts';
import type { RowOutcome } from '../../core/quality/batch-counter.ts';
import type { FileLabels } from './window-labels.ts';

/** What is known of the outcomes of captured rows, with a count of the labels that found theirs. */
export interface RowOutcomes {
  /** Asked once for each row: a label counts for the first row of its name. */
  readonly of: (batch: CapturedBatch) => (row: number) => RowOutcome;
  readonly matched: () => number;
}

/** Outcomes from labels that came, else from those that were captured with the rows. */
export function outcomesOf({ take, isEmpty }: FileLabels): RowOutcomes {
  let matched = 0;
  const of = (batch: CapturedBatch) => (row: number) => {
    const id = isEmpty ? undefined : batch.idOf(row);
    const outcome = id === undefined ? undefined : take(id, batch.places[row] ?? 0);
    if (outcome === undefined) return capturedLabel(batch.labels[row] ?? Number.NaN);
    matched += 1;
    return joinedLabel(outcome);
  };
  return { of, matched: () => matched };
}

const NOTHING: RowOutcome = {};

/** A label that was captured with the prediction itself, in records merged with ground truth; when it became known is not. */
const capturedLabel = (label: number): RowOutcome => (label === 0 || label === 1 ? { label } : NOTHING);

const joinedLabel = ({ label, value, at }: Outcome): RowOutcome => ({
  label: label === 1 ? 1 : 0,
  labelledAt: at,
  ...(Number.isNaN(value) ? {} : { value }),
});
