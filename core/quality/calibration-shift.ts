import type { LabelledCounts } from './quality-counts.ts';
import { UNIT } from './row-coder.ts';

/** How labels as a whole differ from what was expected of them. */
export interface CalibrationShift {
  /** Score statistic of level and slope together; about χ² with two degrees when nothing changed. */
  readonly chiSquare: number;
  /** Its p-value, exp(−χ²/2). */
  readonly pValue: number;
  /** The standardised residuals of the level, and of the slope over score bins at the same level. */
  readonly level: number;
  readonly slope: number;
}

/**
 * Tests whether labels are higher or lower than expected, and whether the more so the higher the score: a two-degree score test on
 * residuals per score bin, as Cox's (1958) of calibration intercept and slope. NaN without two bins of labelled rows.
 */
export function calibrationShift({ positives, expected, variance }: LabelledCounts): CalibrationShift {
  let [spread, mean] = [0, 0];
  variance.forEach((own, bin) => {
    spread += own / UNIT;
    mean += (own / UNIT) * bin;
  });
  mean /= spread;
  let [level, slope, steepness] = [0, 0, 0];
  positives.forEach((count, bin) => {
    const residual = count - (expected[bin] ?? 0) / UNIT;
    level += residual;
    slope += residual * (bin - mean);
    steepness += ((variance[bin] ?? 0) / UNIT) * (bin - mean) ** 2;
  });
  // Bins are centred on their weighted mean, so level and slope are uncorrelated.
  const [zLevel, zSlope] = [level / Math.sqrt(spread), slope / Math.sqrt(steepness)];
  const chiSquare = zLevel ** 2 + zSlope ** 2;
  return { chiSquare, pValue: Math.exp(-chiSquare / 2), level: zLevel, slope: zSlope };
}
