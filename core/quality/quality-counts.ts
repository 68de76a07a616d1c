import type { QualityReference } from '../../contracts/quality-reference.ts';
import type { CodedRow } from './row-coder.ts';

/** Counts of scored rows over the bins of a reference. */
export interface ScoredCounts {
  /** Rows per score bin. */
  readonly rows: Float64Array;
  /** Expected positives per score bin, in `UNIT`. */
  readonly expected: Float64Array;
  /** Expected label variance per score bin, in `UNIT`. */
  readonly variance: Float64Array;
  /** Rows per cell and column, cell by cell. */
  readonly joint: Float64Array;
}

/** The same of rows whose label is known. */
export interface LabelledCounts extends ScoredCounts {
  /** Positive labels per score bin. */
  readonly positives: Float64Array;
  /** Positive labels, expected ones and their variance per column (in `UNIT`, the latter two). */
  readonly columnPositives: Float64Array;
  readonly columnExpected: Float64Array;
  readonly columnVariance: Float64Array;
}

/** All that a window's rows leave behind: additive, so that hours add up to days and shards to wholes. */
export interface QualityCounts {
  /** UTC days (since 1970) of the rows; empty when they have none. */
  readonly days: Set<number>;
  readonly scored: ScoredCounts;
  /** Empty (no rows) until the first label. */
  readonly labelled: LabelledCounts;
}

/** Counts of no rows. */
export function emptyQualityCounts({
  edges,
  theta,
  cells,
}: Pick<QualityReference, 'edges' | 'theta' | 'cells'>): QualityCounts {
  const columns = theta[0]?.length ?? 0;
  return zeroCounts(edges.length + 1, columns, ((cells.at(-1) ?? 0) + 1) * columns);
}

/** Counts of no rows over so many score bins, columns, and cells × columns. */
export function zeroCounts(bins: number, columns: number, joint: number): QualityCounts {
  const scored = () => ({
    rows: new Float64Array(bins),
    expected: new Float64Array(bins),
    variance: new Float64Array(bins),
    joint: new Float64Array(joint),
  });
  const perColumn = () => new Float64Array(columns);
  return {
    days: new Set(),
    scored: scored(),
    labelled: {
      ...scored(),
      positives: new Float64Array(bins),
      columnPositives: perColumn(),
      columnExpected: perColumn(),
      columnVariance: perColumn(),
    },
  };
}

/** What is known of a row beside its bins. */
export interface RowFacts {
  /** Left out: not known (yet). */
  readonly label?: 0 | 1 | undefined;
  /** UTC day of the request, whole days since 1970. Left out or NaN: not known. */
  readonly day?: number | undefined;
}

/** Adds one coded row, in place. The same coded row may be added to several counts (a day's, a slice's). */
export function addRow(counts: QualityCounts, row: CodedRow, { label, day }: RowFacts = {}): void {
  if (day !== undefined && !Number.isNaN(day)) counts.days.add(day);
  addScored(counts.scored, row);
  if (label === undefined) return;
  addLabelled(counts.labelled, row, label);
}

/** Adds the label of a row that was added without one before: a late label. */
export function addLabel(counts: QualityCounts, row: CodedRow, label: 0 | 1): void {
  addLabelled(counts.labelled, row, label);
}

function addScored(counts: ScoredCounts, row: CodedRow): void {
  increase(counts.rows, row.bin, 1);
  increase(counts.expected, row.bin, row.expected);
  increase(counts.variance, row.bin, row.variance);
  for (let i = 0; i < row.columns.length; i++) increase(counts.joint, row.offset + (row.columns[i] ?? 0), 1);
}

function addLabelled(counts: LabelledCounts, row: CodedRow, label: 0 | 1): void {
  addScored(counts, row);
  increase(counts.positives, row.bin, label);
  for (let i = 0; i < row.columns.length; i++) {
    const column = row.columns[i] ?? 0;
    increase(counts.columnPositives, column, label);
    increase(counts.columnExpected, column, row.expected);
    increase(counts.columnVariance, column, row.variance);
  }
}

function increase(sums: Float64Array, index: number, by: number): void {
  sums[index] = (sums[index] ?? 0) + by;
}

/** The counts of both, exactly: `merge(count(a), count(b)) = count(a ++ b)`. */
export function mergeQualityCounts(a: QualityCounts, b: QualityCounts): QualityCounts {
  return {
    days: new Set([...a.days, ...b.days]),
    scored: mergeScored(a.scored, b.scored),
    labelled: {
      ...mergeScored(a.labelled, b.labelled),
      positives: sumOf(a.labelled.positives, b.labelled.positives),
      columnPositives: sumOf(a.labelled.columnPositives, b.labelled.columnPositives),
      columnExpected: sumOf(a.labelled.columnExpected, b.labelled.columnExpected),
      columnVariance: sumOf(a.labelled.columnVariance, b.labelled.columnVariance),
    },
  };
}

function mergeScored(a: ScoredCounts, b: ScoredCounts): ScoredCounts {
  return {
    rows: sumOf(a.rows, b.rows),
    expected: sumOf(a.expected, b.expected),
    variance: sumOf(a.variance, b.variance),
    joint: sumOf(a.joint, b.joint),
  };
}

const sumOf = (a: Float64Array, b: Float64Array) => a.map((value, index) => value + (b[index] ?? 0));
