import type { QualityMetric } from '../../contracts/quality.ts';
import type { QualityReference } from '../../contracts/quality-reference.ts';
import { binMetric } from './bin-metrics.ts';
import { type EstimateVariance, estimateVariance, expectedBins } from './estimate.ts';
import type { LabelledCounts, QualityCounts } from './quality-counts.ts';
import type { ScoreBins } from './score-bins.ts';

/** What labelled rows show beyond what was expected of the very same rows. */
export interface QualityGap {
  readonly labels: number;
  /** Realised less estimated; NaN where either is not defined. */
  readonly gap: number;
  readonly variance: EstimateVariance;
}

/** Realised − estimated of a metric on the labelled rows, and its variance when the concept holds. */
export function qualityGap(reference: QualityReference, counts: QualityCounts, metric: QualityMetric): QualityGap {
  const realised = binMetric(metric, realisedBins(counts.labelled), reference.cut);
  const estimated = binMetric(metric, expectedBins(counts.labelled), reference.cut);
  return {
    labels: counts.labelled.rows.reduce((sum, count) => sum + count, 0),
    gap: realised - estimated,
    variance: estimateVariance(reference, counts.labelled, metric),
  };
}

/** Labelled rows per score bin as both classes. */
export function realisedBins({ rows, positives }: Pick<LabelledCounts, 'rows' | 'positives'>): ScoreBins {
  return { positives, negatives: rows.map((count, bin) => count - (positives[bin] ?? 0)) };
}
