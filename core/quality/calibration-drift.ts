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

/** A group of neighbouring score bins; `predicted` is what its scores meant in the reference. */
interface CalibrationGroup extends CalibrationBin {
  /** Variance of the expected number of positives: sampling now, and of the reference. */
  readonly variance: number;
}

/**
 * Whether a score still means what it meant in the reference: observed rates of 15 groups of scores against the reference's. Drift when the
 * debiased error (Kumar et al. 2019) exceeds .03 and chi-square with 15 degrees at .01 says that it is no chance; `inflation` is how
 * much wider than independent rows days are. Null without labels.
 */
export function calibrationDrift(
  reference: OutcomeCounts,
  window: OutcomeCounts,
  inflation: number,
): CalibrationDrift | null {
  const rows = labelledRows(window);
  if (rows === 0) return null;
  const groups = calibrationGroups(reference, window);
  const error = calibrationError(groups);
  const statistic = groups.reduce(
    (sum, { predicted, observed, rows: m, variance }) =>
      sum + (variance === 0 ? 0 : (m * (observed - predicted)) ** 2 / variance),
    0,
  );
  const pValue = chiSquareTail(statistic / inflation, Math.max(1, groups.length));
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
