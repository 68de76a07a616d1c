import { type MetricValue, QUALITY_METRICS } from '../../contracts/quality.ts';
import type { QualityReference } from '../../contracts/quality-reference.ts';
import { binInfluence, binMetric, samplingVariance } from './bin-metrics.ts';
import { runInflation } from './day-variance.ts';
import { intervalAround, quantileFor } from './metric-interval.ts';
import type { ScoreBins } from './score-bins.ts';

/** Counts per bin as both classes. */
export function positivesAndNegatives({ rows, positives }: QualityReference['counts']): ScoreBins {
  return {
    positives: Float64Array.from(positives),
    negatives: Float64Array.from(rows, (count, bin) => count - (positives[bin] ?? 0)),
  };
}

/** Metrics of the held-out rows with 95 % intervals: DeLong's, to first order, and what days add. Undefined ones are left out. */
export function referenceMetrics(
  counts: QualityReference['counts'],
  cut: number,
  days: QualityReference['days'],
): readonly MetricValue[] {
  const bins = positivesAndNegatives(counts);
  const rows = counts.rows.reduce((sum, count) => sum + count, 0);
  return QUALITY_METRICS.flatMap((name) => {
    const value = binMetric(name, bins, cut);
    if (!Number.isFinite(value)) return [];
    const between = days?.metrics[name];
    const blocks =
      !days || !between
        ? 0
        : (between.realised * runInflation(days.count, Math.max(0, between.autocorrelation))) / days.count;
    const variance = samplingVariance(bins, binInfluence(name, bins, cut)) + blocks;
    return [{ name, value, interval: intervalAround(value, variance, quantileFor(days)), rows }];
  });
}
