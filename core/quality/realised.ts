import { type MetricValue, QUALITY_METRICS, type QualityMetric } from '../../contracts/quality.ts';
import type { OutcomeCounts } from '../../contracts/quality-window.ts';
import type { Estimate } from './area-under-curve.ts';
import { binMetric } from './bin-metrics.ts';
import type { DayEffect } from './day-effect.ts';
import { binsOf, labelledRows, totalOf } from './outcome-counts.ts';
import { rowVariance } from './row-variance.ts';
import { wilsonInterval } from './wilson.ts';

/** A metric of labelled rows with its standard error for independent rows; NaN where a class or the predicted positives are absent. */
export function realisedEstimate(metric: QualityMetric, counts: OutcomeCounts, cut: number): Estimate {
  const bins = binsOf(counts);
  return { value: binMetric(metric, bins, cut), standardError: Math.sqrt(rowVariance(metric, bins, cut)) };
}

/**
 * Realised metrics of labelled rows with 95 % intervals. AUC: DeLong et al. (1988) over score bins; accuracy, precision and recall: Wilson
 * (1927); F1: first-order (delta method). Days widen all of them. A metric that is not defined is left out.
 * @param cut the first score bin that is predicted positive
 */
export function realisedMetrics(counts: OutcomeCounts, cut: number, effect: DayEffect): readonly MetricValue[] {
  const rows = labelledRows(counts);
  return QUALITY_METRICS.flatMap((name) => {
    const estimate = realisedEstimate(name, counts, cut);
    if (Number.isNaN(estimate.value)) return [];
    return [{ name, value: estimate.value, interval: intervalOf(name, counts, cut, estimate, effect), rows }];
  });
}

function intervalOf(
  metric: QualityMetric,
  counts: OutcomeCounts,
  cut: number,
  { value, standardError }: Estimate,
  { critical, between }: DayEffect,
): [number, number] {
  if (metric === 'auc' || metric === 'f1') {
    const half = critical * Math.sqrt(standardError ** 2 + between[metric]);
    return [Math.max(0, value - half), Math.min(1, value + half)];
  }
  const inflation = standardError === 0 ? 1 : 1 + between[metric] / standardError ** 2;
  const rows = rowsBehind(metric, counts, cut) / inflation;
  return wilsonInterval(value * rows, rows, critical);
}

/** The rows a share is taken of. */
function rowsBehind(metric: 'accuracy' | 'precision' | 'recall', counts: OutcomeCounts, cut: number): number {
  const { positives, negatives } = counts;
  switch (metric) {
    case 'accuracy':
      return labelledRows(counts);
    case 'precision':
      return totalOf(positives.slice(cut)) + totalOf(negatives.slice(cut));
    case 'recall':
      return totalOf(positives);
    default:
      return metric satisfies never;
  }
}
