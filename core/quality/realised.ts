import { type MetricValue, QUALITY_METRICS, type QualityMetric } from '../../contracts/quality.ts';
import type { OutcomeCounts } from '../../contracts/quality-window.ts';
import { NORMAL_95 } from '../statistics/normal-quantile.ts';
import { studentQuantile } from '../statistics/student.ts';
import type { Estimate } from './area-under-curve.ts';
import { type BinInfluence, binInfluence, binMetric, samplingVariance } from './bin-metrics.ts';
import { binsOf, labelledRows, sumOutcomes, totalOf } from './outcome-counts.ts';
import type { ScoreBins } from './score-bins.ts';
import { wilsonInterval } from './wilson.ts';

/** Fewer days with labels say too little about how much days differ. */
const LEAST_DAYS = 10;

/** How much wider intervals are than those of independent rows, because rows of one day resemble each other. */
export interface DayEffect {
  readonly independent: 'rows' | 'days';
  /** Standard errors on either side of a 95 % interval: normal for rows, Student's t with days − 1 degrees for days. */
  readonly critical: number;
  /** Variance over days by variance over independent rows, at least 1. */
  readonly inflation: Readonly<Record<QualityMetric, number>>;
}

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

/** Compares days with each other: with ten labelled days or more they are the blocks, else rows pass for independent. */
export function dayEffect(days: readonly OutcomeCounts[], cut: number): DayEffect {
  const labelled = days.filter((day) => labelledRows(day) > 0);
  if (labelled.length < LEAST_DAYS)
    return {
      independent: 'rows',
      critical: NORMAL_95,
      inflation: { auc: 1, f1: 1, accuracy: 1, precision: 1, recall: 1 },
    };
  const whole = binsOf(sumOutcomes(labelled, labelled[0]?.scored.length ?? 0));
  const byDay = labelled.map(binsOf);
  const inflationOf = (metric: QualityMetric) => {
    const ratio = dayVariance(byDay, binInfluence(metric, whole, cut)) / rowVariance(metric, whole, cut);
    return Number.isFinite(ratio) ? Math.max(1, ratio) : 1;
  };
  return {
    independent: 'days',
    critical: studentQuantile(0.975, labelled.length - 1),
    inflation: {
      auc: inflationOf('auc'),
      f1: inflationOf('f1'),
      accuracy: inflationOf('accuracy'),
      precision: inflationOf('precision'),
      recall: inflationOf('recall'),
    },
  };
}

function rowVariance(metric: QualityMetric, bins: ScoreBins, cut: number): number {
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

/**
 * Variance of a metric when days are drawn, not rows: D/(D − 1)·Σ(φ of the day)², the linearised cluster estimate (Binder 1983). The
 * influences of all days sum to 0, so their mean needs not be taken off.
 */
function dayVariance(days: readonly ScoreBins[], { positive, negative }: BinInfluence): number {
  const squares = days.map(({ positives, negatives }) => {
    let sum = 0;
    for (let bin = 0; bin < positives.length; bin++)
      sum += (positives[bin] ?? 0) * (positive[bin] ?? 0) + (negatives[bin] ?? 0) * (negative[bin] ?? 0);
    return sum * sum;
  });
  return (totalOf(squares) * days.length) / (days.length - 1);
}

function intervalOf(
  metric: QualityMetric,
  counts: OutcomeCounts,
  cut: number,
  { value, standardError }: Estimate,
  { critical, inflation }: DayEffect,
): [number, number] {
  if (metric === 'auc' || metric === 'f1') {
    const half = critical * standardError * Math.sqrt(inflation[metric]);
    return [Math.max(0, value - half), Math.min(1, value + half)];
  }
  const rows = rowsBehind(metric, counts, cut) / inflation[metric];
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
