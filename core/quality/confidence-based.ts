import type { QualityMetric } from '../../contracts/quality.ts';
import { binMetric } from './bin-metrics.ts';

/**
 * Confidence-based performance estimation (Kivimäki et al. 2025, as NannyML's CBPE): metrics of unlabelled rows by taking the calibrated
 * score of each row for its chance of being positive. A yardstick for `estimateQuality`, which also looks at features.
 * @param calibrated the chance that goes with a score, such as `isotonicCalibration` of held-out rows
 * @param threshold scores from here on are predicted positive
 */
export function confidenceBasedEstimate(
  calibrated: (score: number) => number,
  scores: readonly number[],
  threshold: number,
): Readonly<Record<QualityMetric, number>> {
  const order = Float64Array.from(scores).sort();
  const distinct = order.filter((score, index) => index === 0 || score !== order[index - 1]);
  const positives = new Float64Array(distinct.length);
  const negatives = new Float64Array(distinct.length);
  let at = 0;
  for (const score of order) {
    if (distinct[at] !== score) at += 1;
    const chance = calibrated(score);
    positives[at] = (positives[at] ?? 0) + chance;
    negatives[at] = (negatives[at] ?? 0) + 1 - chance;
  }
  const cut = distinct.findIndex((score) => score >= threshold);
  const of = (metric: QualityMetric) => binMetric(metric, { positives, negatives }, cut < 0 ? distinct.length : cut);
  return { auc: of('auc'), f1: of('f1'), accuracy: of('accuracy'), precision: of('precision'), recall: of('recall') };
}
