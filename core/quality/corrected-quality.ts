import { type MetricValue, QUALITY_METRICS } from '../../contracts/quality.ts';
import type { QualityReference } from '../../contracts/quality-reference.ts';
import { binGradient, binInfluence, binMetric, samplingVariance } from './bin-metrics.ts';
import { calibrationVariance } from './calibration-variance.ts';
import { spreadOver } from './day-effect.ts';
import { intervalAround, quantileFor } from './metric-interval.ts';
import type { QualityCounts } from './quality-counts.ts';
import { UNIT } from './row-coder.ts';

/** Labels of a bin that its expectation is worth: with fewer, a bin mostly keeps what is expected of it. */
const PRIOR_LABELS = 5;

/**
 * Realised metrics of all rows of a window where only some have labels, with 95 % intervals: per score bin the expected positives plus
 * what labelled rows showed beyond theirs, carried over to the rest, `e + (n + 5) / (n_lab + 5) · (pos_lab − e_lab)`. With all labels
 * this is the realised metric. Right where labels are missing by score or by feature; not where they are missing by outcome. None
 * without labels.
 */
export function correctedQuality(reference: QualityReference, counts: QualityCounts): readonly MetricValue[] {
  const { scored, labelled } = counts;
  const labels = labelled.rows.reduce((sum, count) => sum + count, 0);
  if (labels === 0) return [];
  const carry = scored.rows.map((rows, bin) => (rows + PRIOR_LABELS) / ((labelled.rows[bin] ?? 0) + PRIOR_LABELS));
  const positives = scored.rows.map((rows, bin) => {
    const residual = (labelled.positives[bin] ?? 0) - (labelled.expected[bin] ?? 0) / UNIT;
    return Math.min(rows, Math.max(0, (scored.expected[bin] ?? 0) / UNIT + (carry[bin] ?? 1) * residual));
  });
  const bins = { positives, negatives: scored.rows.map((rows, bin) => rows - (positives[bin] ?? 0)) };
  const quantile = quantileFor(reference.days);
  return QUALITY_METRICS.flatMap((name) => {
    const value = binMetric(name, bins, reference.cut);
    const gradient = binGradient(name, bins, reference.cut);
    const variance =
      samplingVariance(bins, binInfluence(name, bins, reference.cut)) +
      carriedVariance(counts, carry, gradient) +
      remainingCalibration(reference, counts, carry, gradient) +
      (reference.days === null ? 0 : spreadOver(Math.max(1, counts.days.size), reference.days.metrics[name]));
    return Number.isFinite(value + variance)
      ? [{ name, value, interval: intervalAround(value, variance, quantile), rows: labels }]
      : [];
  });
}

/** What label noise adds because each labelled row speaks for several, beyond that of a fully labelled window. */
function carriedVariance({ scored, labelled }: QualityCounts, carry: Float64Array, gradient: Float64Array): number {
  return gradient.reduce((sum, slope, bin) => {
    const carried = (carry[bin] ?? 1) ** 2 * (labelled.variance[bin] ?? 0);
    return sum + (slope ** 2 * Math.max(0, carried - (scored.variance[bin] ?? 0))) / UNIT;
  }, 0);
}

/** The part of the expectation that labels have not replaced is as uncertain as the calibration: 1 − carry · n_lab / n of it. */
function remainingCalibration(
  reference: QualityReference,
  { scored, labelled }: QualityCounts,
  carry: Float64Array,
  gradient: Float64Array,
): number {
  const weights = gradient.map((slope, bin) => {
    const replaced = ((carry[bin] ?? 1) * (labelled.rows[bin] ?? 0)) / Math.max(1, scored.rows[bin] ?? 0);
    return slope * Math.max(0, 1 - replaced);
  });
  return calibrationVariance(reference, scored, weights);
}
