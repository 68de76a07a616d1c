import { addPairs } from './gram.ts';
import type { BinnedRows, RecalibratorShape } from './recalibrator.ts';

/** Which part of the rows each row belongs to, from 0 to `count` − 1. */
export interface Folds {
  readonly of: Uint8Array;
  readonly count: number;
}

/** What a recalibrator needs of rows beside their pairs of columns. Sums of parts add up to those of the whole. */
export interface LabelSums {
  /** Rows, the sum of their labels and of the labels' squares, per score bin. */
  readonly rows: Float64Array;
  readonly labels: Float64Array;
  readonly squares: Float64Array;
  /** Rows per column, score bin by score bin. */
  readonly columns: Float64Array;
  /** Sum of labels per column, score group by score group. */
  readonly columnLabels: Float64Array;
}

/** The sums of each fold's rows. */
export function foldSums(rows: BinnedRows, folds: Folds, { groups, columnCount }: RecalibratorShape) {
  const sums = Array.from(
    { length: folds.count },
    (): LabelSums => ({
      rows: new Float64Array(groups.length),
      labels: new Float64Array(groups.length),
      squares: new Float64Array(groups.length),
      columns: new Float64Array(groups.length * columnCount),
      columnLabels: new Float64Array(((groups.at(-1) ?? 0) + 1) * columnCount),
    }),
  );
  for (let row = 0; row < rows.bins.length; row++) {
    const own = sums[folds.of[row] ?? 0];
    if (own !== undefined) addRow(own, rows, row, { groups, columnCount });
  }
  return sums;
}

function addRow(
  sums: LabelSums,
  { bins, columns, width, labels }: BinnedRows,
  row: number,
  { groups, columnCount }: RecalibratorShape,
): void {
  const [bin, label] = [bins[row] ?? 0, labels[row] ?? 0];
  sums.rows[bin] = (sums.rows[bin] ?? 0) + 1;
  sums.labels[bin] = (sums.labels[bin] ?? 0) + label;
  sums.squares[bin] = (sums.squares[bin] ?? 0) + label ** 2;
  for (let i = row * width; i < (row + 1) * width; i++) {
    const ofBin = bin * columnCount + (columns[i] ?? 0);
    const ofGroup = (groups[bin] ?? 0) * columnCount + (columns[i] ?? 0);
    sums.columns[ofBin] = (sums.columns[ofBin] ?? 0) + 1;
    sums.columnLabels[ofGroup] = (sums.columnLabels[ofGroup] ?? 0) + label;
  }
}

/** The sums of all folds but one. */
export function sumsWithout(all: readonly LabelSums[], fold: number): LabelSums {
  const others = all.filter((_, index) => index !== fold);
  return {
    rows: totalOf(others.map(({ rows }) => rows)),
    labels: totalOf(others.map(({ labels }) => labels)),
    squares: totalOf(others.map(({ squares }) => squares)),
    columns: totalOf(others.map(({ columns }) => columns)),
    columnLabels: totalOf(others.map(({ columnLabels }) => columnLabels)),
  };
}

/** Rows per pair of columns in one score group, a lower triangle per fold. */
export function foldGrams(
  { bins, columns, width }: BinnedRows,
  folds: Folds,
  { groups, columnCount }: RecalibratorShape,
  group: number,
): readonly Float64Array[] {
  const grams = Array.from({ length: folds.count }, () => new Float64Array(columnCount * columnCount));
  for (let row = 0; row < bins.length; row++) {
    const gram = grams[folds.of[row] ?? 0];
    if (gram !== undefined && groups[bins[row] ?? 0] === group)
      addPairs(gram, columns.subarray(row * width, (row + 1) * width), 1, columnCount);
  }
  return grams;
}

/** Element by element. */
export function totalOf(parts: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(parts[0]?.length ?? 0);
  for (const part of parts) for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] ?? 0) + (part[at] ?? 0);
  return sum;
}
