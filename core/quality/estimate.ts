import { type MetricValue, QUALITY_METRICS, type QualityMetric } from '../../contracts/quality.ts';
import type { QualityReference } from '../../contracts/quality-reference.ts';
import { binGradient, binMetric } from './bin-metrics.ts';
import { calibrationVariance } from './calibration-variance.ts';
import { runInflation } from './day-variance.ts';
import { intervalAround, quantileFor } from './metric-interval.ts';
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
  const quantile = quantileFor(reference.days);
  return QUALITY_METRICS.flatMap((name) => {
    const value = binMetric(name, bins, reference.cut);
    const { sampling, calibration, day, referenceDays } = estimateVariance(reference, counts.scored, name);
    const { autocorrelation } = dayVarianceOf(reference, name);
    const blocks = day * meanInflation(Math.max(1, counts.days.size), autocorrelation) + referenceDays;
    const variance = sampling + calibration + blocks;
    if (!Number.isFinite(value + variance)) return [];
    return [{ name, value, interval: intervalAround(value, variance, quantile), rows }];
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

/** Where realised − estimated comes from when nothing is wrong. */
export interface EstimateVariance {
  /** Labels of the window's rows, taken for independent. */
  readonly sampling: number;
  /** What the reference could not know about its calibration; the same for all windows of one reference. */
  readonly calibration: number;
  /** What one day adds for all its rows alike; 0 where days are unknown. */
  readonly day: number;
  /** What the reference's own days leave in it, the same for all windows. */
  readonly referenceDays: number;
}

/** Variances of realised − estimated of one metric over counted rows. */
export function estimateVariance(
  reference: QualityReference,
  scored: ScoredCounts,
  metric: QualityMetric,
): EstimateVariance {
  const gradient = binGradient(metric, expectedBins(scored), reference.cut);
  let sampling = 0;
  for (let bin = 0; bin < gradient.length; bin++)
    sampling += ((gradient[bin] ?? 0) ** 2 * (scored.variance[bin] ?? 0)) / UNIT;
  const { count, residual, autocorrelation } = dayVarianceOf(reference, metric);
  return {
    sampling,
    calibration: calibrationVariance(reference, scored, gradient),
    day: residual,
    referenceDays: residual * meanInflation(count, autocorrelation),
  };
}

function dayVarianceOf({ days }: QualityReference, metric: QualityMetric) {
  return days === null ? { count: 1, residual: 0, autocorrelation: 0 } : { count: days.count, ...days.metrics[metric] };
}

const meanInflation = (days: number, rho: number) => runInflation(days, rho) / days;
