import { mirrorLower, productOf } from './cholesky.ts';
import { addOuter, addPairs } from './gram.ts';
import type { BinMeans, BinnedRows, RecalibratorShape } from './recalibrator.ts';

/** What a fit leaves for its covariance. */
export interface Fit {
  readonly base: readonly number[];
  readonly theta: readonly Float64Array[];
  /** (XᵀX + λ)⁻¹ per group, columns centred within score bins. */
  readonly inverses: readonly Float64Array[];
  readonly binMeans: BinMeans;
  /** λ. */
  readonly ridge: number;
  readonly shape: RecalibratorShape;
}

/**
 * Covariance of θ per score group: A⁻¹ (Σ e² x xᵀ + λ ē²) A⁻¹ with residuals e and centred columns x. The first part is the sandwich
 * (White 1980), which needs no equal variances; the second is what pulling towards 0 hides, as if corrections varied by ē²/λ (the
 * posterior of ridge as a prior), so that a column with few rows, or none, counts as unknown.
 */
export function covarianceOf(rows: BinnedRows, fit: Fit): readonly Float64Array[] {
  return fit.inverses.map((inverse, group) => {
    const middle = squaredResidualSums(rows, fit, group);
    const n = fit.shape.columnCount;
    return productOf(productOf(inverse, middle, n), inverse, n);
  });
}

function squaredResidualSums({ bins, columns, width, labels }: BinnedRows, fit: Fit, group: number): Float64Array {
  const { base, binMeans, shape } = fit;
  const n = shape.columnCount;
  const theta = fit.theta[group];
  const sums = new Float64Array(n * n);
  const squares = new Float64Array(base.length);
  const columnSquares = base.map((_, bin) => new Float64Array(shape.groups[bin] === group ? n : 0));
  for (let row = 0; row < bins.length; row++) {
    const bin = bins[row] ?? 0;
    if (shape.groups[bin] !== group) continue;
    const own = columns.subarray(row * width, (row + 1) * width);
    let expected = base[bin] ?? 0;
    for (let i = 0; i < width; i++) expected += theta?.[own[i] ?? 0] ?? 0;
    const square = ((labels[row] ?? 0) - expected) ** 2;
    squares[bin] = (squares[bin] ?? 0) + square;
    addPairs(sums, own, square, n);
    const perColumn = columnSquares[bin];
    if (perColumn !== undefined)
      for (let i = 0; i < width; i++) perColumn[own[i] ?? 0] = (perColumn[own[i] ?? 0] ?? 0) + square;
  }
  binMeans.means.forEach((mean, bin) => {
    if (shape.groups[bin] === group) centre(sums, mean, columnSquares[bin], squares[bin] ?? 0);
  });
  const ofGroup = (values: Float64Array) =>
    values.reduce((sum, value, bin) => sum + (shape.groups[bin] === group ? value : 0), 0);
  const hidden = (fit.ridge * ofGroup(squares)) / Math.max(1, ofGroup(binMeans.rows));
  for (let c = 0; c < n; c++) sums[c * n + c] = (sums[c * n + c] ?? 0) + hidden;
  mirrorLower(sums, n);
  return sums;
}

/** Σ e²(x − m)(x − m)ᵀ from Σ e² x xᵀ: less w mᵀ + m wᵀ − s m mᵀ, with w = Σ e² x and s = Σ e². Lower triangle. */
function centre(sums: Float64Array, mean: Float64Array, w: Float64Array | undefined, s: number): void {
  const n = mean.length;
  addOuter(sums, mean, s);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++)
      sums[i * n + j] = (sums[i * n + j] ?? 0) - (w?.[i] ?? 0) * (mean[j] ?? 0) - (mean[i] ?? 0) * (w?.[j] ?? 0);
}
