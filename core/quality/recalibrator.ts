import { inverseOf, mirrorLower } from './cholesky.ts';
import { addOuter, addPairs, dot, timesVector } from './gram.ts';
import { covarianceOf } from './recalibrator-covariance.ts';

/** Rows in bins, with what became of them. */
export interface BinnedRows {
  /** Score bin per row. */
  readonly bins: Uint16Array;
  /** Columns row by row, `width` of them each: one per feature. */
  readonly columns: Uint16Array;
  readonly width: number;
  /** 0 or 1, or any number for a loss. */
  readonly labels: Float64Array;
}

/** How score bins lie in groups, and how many columns all features have together. */
export interface RecalibratorShape {
  readonly groups: readonly number[];
  readonly columnCount: number;
}

/** An expected label that is linear in bins: `base[bin] + Σ theta[group][column]`. */
export interface Recalibrator {
  readonly base: readonly number[];
  readonly theta: readonly Float64Array[];
  /** Covariance of θ per group, row-major, for sums of columns less the reference's mean of the same score bins. */
  readonly covariance: readonly Float64Array[];
}

/** Pulls corrections towards 0 as 30 rows without a correction would. */
export const RIDGE = 30;

/**
 * What features add to the calibrated score: within each score group a ridge regression (λ = 30) of label − `means[bin]` on the
 * columns less their mean in the score bin. Because the columns are centred, corrections vanish on average in each score bin of the
 * rows learned from, and take nothing from the calibration (Frisch & Waugh 1933).
 * @param means calibrated label per score bin
 */
export function fitRecalibrator(rows: BinnedRows, means: readonly number[], shape: RecalibratorShape): Recalibrator {
  const binMeans = columnMeans(rows, means.length, shape.columnCount);
  const groupCount = (shape.groups.at(-1) ?? 0) + 1;
  const inverses: Float64Array[] = [];
  const theta: Float64Array[] = [];
  for (let group = 0; group < groupCount; group++) {
    const { gram, right } = groupSums(rows, means, shape, binMeans, group);
    for (let c = 0; c < shape.columnCount; c++)
      gram[c * shape.columnCount + c] = (gram[c * shape.columnCount + c] ?? 0) + RIDGE;
    const inverse = inverseOf(gram, shape.columnCount);
    inverses.push(inverse);
    theta.push(timesVector(inverse, right));
  }
  const base = means.map((mean, bin) => mean - dot(binMeans.means[bin], theta[shape.groups[bin] ?? 0]));
  const covariance = covarianceOf(rows, { base, theta, inverses, binMeans, ridge: RIDGE, shape });
  return { base, theta, covariance };
}

/** Rows per score bin, and the mean of the columns there: the share of its rows in each. */
export interface BinMeans {
  readonly rows: Float64Array;
  readonly means: readonly Float64Array[];
}

function columnMeans({ bins, columns, width }: BinnedRows, binCount: number, columnCount: number): BinMeans {
  const rows = new Float64Array(binCount);
  const means = Array.from({ length: binCount }, () => new Float64Array(columnCount));
  for (let row = 0; row < bins.length; row++) {
    const bin = bins[row] ?? 0;
    rows[bin] = (rows[bin] ?? 0) + 1;
    const sums = means[bin];
    if (sums === undefined) continue;
    for (let i = row * width; i < (row + 1) * width; i++) sums[columns[i] ?? 0] = (sums[columns[i] ?? 0] ?? 0) + 1;
  }
  means.forEach((sums, bin) => {
    for (let c = 0; c < columnCount; c++) sums[c] = (sums[c] ?? 0) / Math.max(1, rows[bin] ?? 0);
  });
  return { rows, means };
}

function groupSums(
  { bins, columns, width, labels }: BinnedRows,
  means: readonly number[],
  { groups, columnCount }: RecalibratorShape,
  binMeans: BinMeans,
  group: number,
) {
  const gram = new Float64Array(columnCount * columnCount);
  const right = new Float64Array(columnCount);
  const residuals = new Float64Array(means.length);
  for (let row = 0; row < bins.length; row++) {
    const bin = bins[row] ?? 0;
    if (groups[bin] !== group) continue;
    const residual = (labels[row] ?? 0) - (means[bin] ?? 0);
    residuals[bin] = (residuals[bin] ?? 0) + residual;
    addPairs(gram, columns.subarray(row * width, (row + 1) * width), 1, columnCount);
    for (let i = row * width; i < (row + 1) * width; i++)
      right[columns[i] ?? 0] = (right[columns[i] ?? 0] ?? 0) + residual;
  }
  binMeans.means.forEach((mean, bin) => {
    if (groups[bin] !== group) return;
    addOuter(gram, mean, -(binMeans.rows[bin] ?? 0));
    for (let c = 0; c < columnCount; c++) right[c] = (right[c] ?? 0) - (mean[c] ?? 0) * (residuals[bin] ?? 0);
  });
  mirrorLower(gram, columnCount);
  return { gram, right };
}
