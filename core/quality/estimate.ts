import { type MetricValue, QUALITY_METRICS, type QualityMetric } from '../../contracts/quality.ts';
import type { QualityReference } from '../../contracts/quality-reference.ts';
import { binGradient, binMetric } from './bin-metrics.ts';
import { calibrationVariance } from './calibration-variance.ts';
import { type DaySpread, withDays } from './day-part.ts';
import { knownInterval } from './metric-interval.ts';
import type { QualityCounts, ScoredCounts } from './quality-counts.ts';
import { UNIT } from './row-coder.ts';
import type { ScoreBins } from './score-bins.ts';

/**
 * Metrics of a window's rows without their labels, from the label the reference expects of each row, with 95 % intervals for what
 * the labels will show. Metrics that are not defined (nothing is predicted positive) are left out; none without rows.
 */
export function estimateQuality(reference: QualityReference, counts: QualityCounts): readonly MetricValue[] {
  const rows = counts.scored.rows.reduce((sum, count) => sum + count, 0);
  if (rows === 0) return [];
  const bins = expectedBins(counts.scored);
  return QUALITY_METRICS.flatMap((name) => {
    const value = binMetric(name, bins, reference.cut);
    const { sampling, calibration } = estimateVariance(reference, counts.scored, name);
    const known = withDays(sampling + calibration, daySpread(reference, name), Math.max(1, counts.days.size));
    if (!Number.isFinite(value + known.variance)) return [];
    return [{ name, value, interval: knownInterval(value, known), rows }];
  });
}

/** What intervals and tests of this reference take for independent: single rows, where too few of its days are known. */
export function independenceOf({ days }: QualityReference): 'rows' | 'days' {
  return days === null ? 'rows' : 'days';
}

/** Expected positives and negatives per score bin, kept between 0 and the bin's rows. */
export function expectedBins({ rows, expected }: ScoredCounts): ScoreBins {
  const positives = expected.map((sum, bin) => Math.min(rows[bin] ?? 0, Math.max(0, sum / UNIT)));
  return { positives, negatives: rows.map((count, bin) => count - (positives[bin] ?? 0)) };
}

/** Where realised − estimated of independent rows comes from when nothing is wrong. */
export interface EstimateVariance {
  /** Labels of the window's rows. */
  readonly sampling: number;
  /** What the rows of the reference leave in its calibration; the same for all windows of one reference. */
  readonly calibration: number;
}

/** Variances of realised − estimated of one metric over counted rows, taken for independent. */
export function estimateVariance(
  reference: QualityReference,
  scored: ScoredCounts,
  metric: QualityMetric,
): EstimateVariance {
  const gradient = binGradient(metric, expectedBins(scored), reference.cut);
  let sampling = 0;
  for (let bin = 0; bin < gradient.length; bin++)
    sampling += ((gradient[bin] ?? 0) ** 2 * (scored.variance[bin] ?? 0)) / UNIT;
  return { sampling, calibration: calibrationVariance(reference, scored, gradient) };
}

/** How the days of a reference differ in realised − estimated; null where too few are known. */
export function daySpread({ days }: QualityReference, metric: QualityMetric): (DaySpread & { count: number }) | null {
  return days === null ? null : { count: days.count, ...days.metrics[metric] };
}
