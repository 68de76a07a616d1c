import { choleskyFactor } from './cholesky.ts';
import { addOuter, dot } from './gram.ts';
import { type BinnedRows, type RecalibratorShape, RIDGE } from './recalibrator.ts';
import { type Folds, foldGrams, foldSums, type LabelSums, sumsWithout, totalOf } from './recalibrator-sums.ts';
import { solveLower, solveUpper } from './triangular-solve.ts';

/** Calibrated label per score bin, from the mean label of the bin and its rows. */
export type Calibrate = (means: readonly number[], rows: readonly number[]) => readonly number[];

/** The recalibrator that all folds but one give, with what its own uncertainty follows from. */
export interface FoldFit {
  readonly base: readonly number[];
  readonly theta: readonly Float64Array[];
  /** L of L Lᵀ = XᵀX + λ per group, columns centred within score bins. */
  readonly factors: readonly Float64Array[];
  /** Mean of the columns per score bin. */
  readonly means: readonly Float64Array[];
  /** Variance of a label around its bin's mean, per group. */
  readonly groupVariance: readonly number[];
}

/**
 * For each fold the recalibrator of the rows of all others, calibration and corrections alike. Sums over rows add up, so what a fold
 * brought is taken from the whole, and each fold costs one factor of the normal equations.
 */
export function foldFits(
  rows: BinnedRows,
  folds: Folds,
  shape: RecalibratorShape,
  calibrate: Calibrate,
): readonly FoldFit[] {
  const own = foldSums(rows, folds, shape);
  const rest = own.map((_, fold) => {
    const sums = sumsWithout(own, fold);
    return { sums, means: shape.groups.map((_, bin) => columnMeans(sums, bin, shape.columnCount)) };
  });
  const solved = rest.map(() => [] as { factor: Float64Array; theta: Float64Array }[]);
  for (let group = 0; group <= (shape.groups.at(-1) ?? 0); group++) {
    const grams = foldGrams(rows, folds, shape, group);
    const whole = totalOf(grams);
    rest.forEach(({ sums, means }, fold) => {
      const gram = whole.map((sum, at) => sum - (grams[fold]?.[at] ?? 0));
      solved[fold]?.push(correctionsOf(gram, sums, means, shape, group));
    });
  }
  return rest.map(({ sums, means }, fold) => fitOf(sums, means, solved[fold] ?? [], shape, calibrate));
}

/** θ of one group. Columns are centred within score bins, so the calibration drops out of the right-hand side. */
function correctionsOf(
  gram: Float64Array,
  sums: LabelSums,
  means: readonly Float64Array[],
  { groups, columnCount }: RecalibratorShape,
  group: number,
) {
  const right = sums.columnLabels.slice(group * columnCount, (group + 1) * columnCount);
  means.forEach((mean, bin) => {
    if (groups[bin] !== group) return;
    addOuter(gram, mean, -(sums.rows[bin] ?? 0));
    for (let c = 0; c < columnCount; c++) right[c] = (right[c] ?? 0) - (mean[c] ?? 0) * (sums.labels[bin] ?? 0);
  });
  for (let c = 0; c < columnCount; c++) gram[c * columnCount + c] = (gram[c * columnCount + c] ?? 0) + RIDGE;
  const factor = choleskyFactor(gram, columnCount);
  return { factor, theta: solveUpper(factor, solveLower(factor, right)) };
}

function fitOf(
  { rows, labels, squares }: LabelSums,
  means: readonly Float64Array[],
  solved: readonly { readonly factor: Float64Array; readonly theta: Float64Array }[],
  { groups }: RecalibratorShape,
  calibrate: Calibrate,
): FoldFit {
  const theta = solved.map((group) => group.theta);
  const labelMeans = [...labels].map((sum, bin) => sum / Math.max(1, rows[bin] ?? 0));
  const within = labelMeans.map((mean, bin) => (squares[bin] ?? 0) - (rows[bin] ?? 0) * mean ** 2);
  const inGroup = (values: ArrayLike<number>, group: number) =>
    groups.reduce((sum, own, bin) => sum + (own === group ? (values[bin] ?? 0) : 0), 0);
  return {
    base: calibrate(labelMeans, [...rows]).map((mean, bin) => mean - dot(means[bin], theta[groups[bin] ?? 0])),
    theta,
    factors: solved.map(({ factor }) => factor),
    means,
    groupVariance: theta.map((_, group) => inGroup(within, group) / Math.max(1, inGroup(rows, group))),
  };
}

function columnMeans({ rows, columns }: LabelSums, bin: number, columnCount: number): Float64Array {
  return columns.subarray(bin * columnCount, (bin + 1) * columnCount).map((sum) => sum / Math.max(1, rows[bin] ?? 0));
}

/** The label expected of a row. */
export function expectedBy({ base, theta }: FoldFit, rows: BinnedRows, groups: readonly number[], row: number): number {
  const bin = rows.bins[row] ?? 0;
  const corrections = theta[groups[bin] ?? 0];
  let expected = base[bin] ?? 0;
  for (let i = row * rows.width; i < (row + 1) * rows.width; i++) expected += corrections?.[rows.columns[i] ?? 0] ?? 0;
  return expected;
}

/**
 * Variance that the corrections' own rows, taken for independent, leave in Σ slopes[bin] · expected over `members`, rows that the fit does
 * not know: uᵀ cov(θ) u with u the centred columns. cov(θ) is σ² (XᵀX + λ)⁻¹ of each group: rows of one variance, and the ridge as
 * a prior.
 */
export function correctionsVariance(
  fit: FoldFit,
  rows: BinnedRows,
  groups: readonly number[],
  members: readonly number[],
  slopes: Float64Array,
): number {
  const counts = new Float64Array(groups.length);
  const directions = fit.theta.map(({ length }) => new Float64Array(length));
  for (const row of members) {
    const bin = rows.bins[row] ?? 0;
    counts[bin] = (counts[bin] ?? 0) + 1;
    const direction = directions[groups[bin] ?? 0];
    if (direction === undefined) continue;
    for (let i = row * rows.width; i < (row + 1) * rows.width; i++) {
      const column = rows.columns[i] ?? 0;
      direction[column] = (direction[column] ?? 0) + (slopes[bin] ?? 0);
    }
  }
  counts.forEach((count, bin) => {
    const weight = count * (slopes[bin] ?? 0);
    const direction = directions[groups[bin] ?? 0];
    if (direction === undefined || weight === 0) return;
    fit.means[bin]?.forEach((mean, c) => {
      direction[c] = (direction[c] ?? 0) - weight * mean;
    });
  });
  return directions.reduce((sum, direction, group) => {
    const solved = solveLower(fit.factors[group] ?? new Float64Array(), direction);
    return sum + (fit.groupVariance[group] ?? 0) * dot(solved, solved);
  }, 0);
}
