import type { BinnedRows } from './recalibrator.ts';

/** One feature's bins of the same rows. */
export interface FeatureCodes {
  readonly bins: Uint16Array;
  readonly binCount: number;
}

/** No more features take part in the recalibration, so that its covariance stays small enough to store. */
export const MOST_FEATURES = 20;
/** No more columns of all features together, for the same reason. */
export const MOST_COLUMNS = 400;

/**
 * Which features to recalibrate by, most telling first: those whose bins explain most of what the calibrated score leaves over, by
 * (χ² − df) / √(2 df) of the residual sums per score group and bin. At most 20 features with 400 bins together.
 */
export function tellingFeatures(
  codes: readonly FeatureCodes[],
  rows: Pick<BinnedRows, 'bins' | 'labels'>,
  means: readonly number[],
  groups: readonly number[],
): readonly number[] {
  const ranked = codes
    .map((code, index) => ({ index, code, evidence: residualEvidence(code, rows, means, groups) }))
    .sort((a, b) => b.evidence - a.evidence || a.index - b.index);
  const chosen: number[] = [];
  let columns = 0;
  for (const { index, code } of ranked) {
    if (chosen.length === MOST_FEATURES || columns + code.binCount > MOST_COLUMNS) continue;
    chosen.push(index);
    columns += code.binCount;
  }
  return chosen;
}

function residualEvidence(
  { bins, binCount }: FeatureCodes,
  rows: Pick<BinnedRows, 'bins' | 'labels'>,
  means: readonly number[],
  groups: readonly number[],
): number {
  const cells = ((groups.at(-1) ?? 0) + 1) * binCount;
  const [residuals, variances] = [new Float64Array(cells), new Float64Array(cells)];
  for (let row = 0; row < bins.length; row++) {
    const scoreBin = rows.bins[row] ?? 0;
    const mean = means[scoreBin] ?? 0;
    const cell = (groups[scoreBin] ?? 0) * binCount + (bins[row] ?? 0);
    const residual = (rows.labels[row] ?? 0) - mean;
    residuals[cell] = (residuals[cell] ?? 0) + residual;
    variances[cell] = (variances[cell] ?? 0) + residual ** 2;
  }
  let [chiSquare, degrees] = [0, 0];
  residuals.forEach((residual, cell) => {
    const variance = variances[cell] ?? 0;
    if (variance === 0) return;
    chiSquare += residual ** 2 / variance;
    degrees += 1;
  });
  return degrees === 0 ? Number.NEGATIVE_INFINITY : (chiSquare - degrees) / Math.sqrt(2 * degrees);
}
