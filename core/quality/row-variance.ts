import type { QualityMetric } from '../../contracts/quality.ts';
import { binInfluence, samplingVariance } from './bin-metrics.ts';
import type { ScoreBins } from './score-bins.ts';

/** Variance of a realised metric over independent rows: DeLong's for the AUC, first order for the others. */
export function rowVariance(metric: QualityMetric, bins: ScoreBins, cut: number): number {
  const influence = binInfluence(metric, bins, cut);
  if (metric !== 'auc') return samplingVariance(bins, influence);
  const none = new Float64Array(bins.positives.length);
  return (
    unbiased(samplingVariance({ positives: bins.positives, negatives: none }, influence), bins.positives) +
    unbiased(samplingVariance({ positives: none, negatives: bins.negatives }, influence), bins.negatives)
  );
}

/** DeLong divides each class's squares by its rows less one. */
function unbiased(variance: number, side: Float64Array): number {
  const rows = side.reduce((sum, count) => sum + count, 0);
  return rows < 2 ? 0 : (variance * rows) / (rows - 1);
}
