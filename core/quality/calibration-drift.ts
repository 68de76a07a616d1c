import type { QualityReport } from '../../contracts/quality.ts';
import type { OutcomeCounts } from '../../contracts/quality-window.ts';
import { chiSquareTail } from '../statistics/gamma.ts';
import { type CalibrationBin, calibrationError } from './calibration.ts';
import { labelledRows } from './outcome-counts.ts';
import { UNIT } from './row-coder.ts';

const GROUPS = 15;
const LEAST_ROWS = 2000;
const LARGEST_ERROR = 0.03;
const LEVEL = 0.01;

type CalibrationDrift = NonNullable<QualityReport['calibration']>;

/**
 * Chi-square of which one of the degrees varies `inflation` times as much: brought to one with the same mean and variance (Rao & Scott 1984,
 * second order, after Satterthwaite).
 */
function oneDirectionWider(degrees: number, inflation: number) {
  const [mean, squares] = [degrees - 1 + inflation, degrees - 1 + inflation ** 2];
  return { scale: squares / mean, degrees: mean ** 2 / squares };
}

/** What days do beyond the chance of rows. */
export interface CalibrationDays {
  /** Variance of a level that all scores share, over the window and the reference together; 0 when not known. */
  readonly level: number;
  /** How many times more than over independent rows the slope varies, what is left beside the level; 1 when not known. */
  readonly inflation: number;
}

/** A group of neighbouring score bins; `predicted` is what its scores meant in the reference. */
export interface CalibrationGroup extends CalibrationBin {
  /** Variance of the expected number of positives: sampling now, and of the reference. */
  readonly variance: number;
}

/**
 * Whether a score still means what it meant in the reference: observed rates of 15 groups of scores against the reference's. Drift when the
 * debiased error (Kumar et al. 2019) exceeds .03 and chi-square with 15 degrees at .01 says that it is no chance. Null without labels.
 */
export function calibrationDrift(
  reference: OutcomeCounts,
  window: OutcomeCounts,
  days: CalibrationDays,
): CalibrationDrift | null {
  const rows = labelledRows(window);
  if (rows === 0) return null;
  const groups = calibrationGroups(reference, window);
  const error = calibrationError(groups);
  const { scale, degrees } = oneDirectionWider(Math.max(1, groups.length), days.inflation);
  const pValue = chiSquareTail(sharedLevelChiSquare(groups, days.level) / scale, degrees);
  const measured = {
    error,
    pValue,
    groups: groups.map(({ predicted, observed, rows: inGroup }) => ({ predicted, observed, rows: inGroup })),
  };
  const shown = `scores are off by ${error.toFixed(3)} from what they meant in the reference`;
  if (rows < LEAST_ROWS)
    return {
      ...measured,
      verdict: 'too-little-data',
      message: `${rows} labels are too few to judge calibration (${LEAST_ROWS} are needed)`,
    };
  return error > LARGEST_ERROR && pValue < LEVEL
    ? { ...measured, verdict: 'drift', message: `${shown}, more than ${LARGEST_ERROR}: ${worstOf(groups)}` }
    : { ...measured, verdict: 'none', message: shown };
}

/**
 * rᵀ (D + λ s sᵀ)⁻¹ r over groups, r observed less expected positives, D their variances of independent rows, s rows, λ the variance of a
 * level that all groups share (Sherman & Morrison 1950).
 */
export function sharedLevelChiSquare(groups: readonly CalibrationGroup[], level: number): number {
  let [squares, along, length] = [0, 0, 0];
  for (const { predicted, observed, rows, variance } of groups) {
    if (variance === 0) continue;
    const residual = rows * (observed - predicted);
    squares += residual ** 2 / variance;
    along += (residual * rows) / variance;
    length += rows ** 2 / variance;
  }
  return squares - (level * along ** 2) / (1 + level * length);
}

/** The window's labelled rows in at most 15 groups of about equal size, lowest scores first. */
export function calibrationGroups(reference: OutcomeCounts, window: OutcomeCounts): readonly CalibrationGroup[] {
  const total = labelledRows(window);
  const sums = Array.from({ length: GROUPS }, () => ({ rows: 0, positives: 0, expected: 0, variance: 0 }));
  let before = 0;
  window.positives.forEach((positives, bin) => {
    const rows = positives + (window.negatives[bin] ?? 0);
    if (rows === 0) return;
    const group = sums[Math.min(GROUPS - 1, Math.floor(((before + rows / 2) / total) * GROUPS))];
    before += rows;
    if (group === undefined) return;
    const { rate, variance, rows: known } = rateOf(reference, window, bin);
    group.rows += rows;
    group.positives += positives;
    group.expected += rows * rate;
    group.variance += rows * variance + (known === 0 ? 0 : (rows * rows * variance) / known);
  });
  return sums
    .filter(({ rows }) => rows > 0)
    .map(({ rows, positives, expected, variance }) => ({
      predicted: expected / rows,
      observed: positives / rows,
      rows,
      variance,
    }));
}

/** What a score of this bin meant in the reference; what is expected of such rows where the reference has none. */
function rateOf(reference: OutcomeCounts, window: OutcomeCounts, bin: number) {
  const [positives, negatives] = [reference.positives[bin] ?? 0, reference.negatives[bin] ?? 0];
  const rows = positives + negatives;
  const mean = (window.expected[bin] ?? 0) / UNIT / Math.max(1, window.scored[bin] ?? 0);
  const rate = rows === 0 ? mean : positives / rows;
  const steady = rows === 0 ? rate : (positives + 1) / (rows + 2);
  return { rate, variance: steady * (1 - steady), rows };
}

function worstOf(groups: readonly CalibrationGroup[]): string {
  const [worst] = groups.toSorted(
    (a, b) => Math.abs(b.observed - b.predicted) * b.rows - Math.abs(a.observed - a.predicted) * a.rows,
  );
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  return worst === undefined
    ? ''
    : `of the rows for which ${percent(worst.predicted)} were to be positive, ${percent(worst.observed)} were`;
}
