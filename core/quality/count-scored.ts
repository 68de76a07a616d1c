import type { Instance } from '../../contracts/serving.ts';
import { addRow, type QualityCounts, type RowFacts } from './quality-counts.ts';
import type { RowCoder } from './row-coder.ts';

/** A row with the score it got, and what became of it where that is known. */
export interface ScoredRow extends RowFacts {
  readonly instance: Instance;
  readonly score: number;
}

/** Adds rows to the counts, in place. */
export function countScored(counts: QualityCounts, code: RowCoder, rows: Iterable<ScoredRow>): void {
  for (const row of rows) addRow(counts, code(row.instance, row.score), row);
}
