import { type MetricValue, QUALITY_METRICS } from '../../contracts/quality.ts';
import type { QualityReference } from '../../contracts/quality-reference.ts';
import type { OutcomeCounts } from '../../contracts/quality-window.ts';
import { binGradient, binMetric } from './bin-metrics.ts';
import { withDays } from './day-part.ts';
import { daySpread } from './estimate.ts';
import { knownInterval } from './metric-interval.ts';
import { totalOf } from './outcome-counts.ts';
import { UNIT } from './row-coder.ts';

/**
 * Metrics of a slice without its labels, from the label the reference expects of each row. Its 95 % intervals know sampling, the reference's
 * rates and its days, but not the recalibrator's own error, which would need joint counts of every slice. None without rows.
 * @param days that the window spans, 1 or more
 */
export function estimateSlice(
  reference: QualityReference,
  counts: OutcomeCounts,
  days: number,
): readonly MetricValue[] {
  const rows = totalOf(counts.scored);
  if (rows === 0) return [];
  const positives = Float64Array.from(counts.scored, (count, bin) =>
    Math.min(count, Math.max(0, (counts.expected[bin] ?? 0) / UNIT)),
  );
  const bins = { positives, negatives: positives.map((expected, bin) => (counts.scored[bin] ?? 0) - expected) };
  return QUALITY_METRICS.flatMap((name) => {
    const value = binMetric(name, bins, reference.cut);
    const gradient = binGradient(name, bins, reference.cut);
    const known = withDays(varianceOf(reference, counts, gradient), daySpread(reference, name), days);
    return Number.isFinite(value + known.variance)
      ? [{ name, value, interval: knownInterval(value, known), rows }]
      : [];
  });
}

function varianceOf({ counts, rates }: QualityReference, slice: OutcomeCounts, gradient: Float64Array): number {
  return gradient.reduce((sum, slope, bin) => {
    const known = counts.rows[bin] ?? 0;
    const rate = ((rates[bin] ?? 0) * known + 1) / (known + 2);
    const calibration = ((slice.scored[bin] ?? 0) ** 2 * rate * (1 - rate)) / (known + 2);
    return sum + slope ** 2 * ((slice.variance[bin] ?? 0) / UNIT + calibration);
  }, 0);
}
