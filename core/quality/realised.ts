import { type MetricValue, QUALITY_METRICS, type QualityMetric } from '../../contracts/quality.ts';
import type { DayVariance, QualityReference } from '../../contracts/quality-reference.ts';
import type { OutcomeCounts } from '../../contracts/quality-window.ts';
import { NORMAL_95 } from '../statistics/normal-quantile.ts';
import { studentQuantile } from '../statistics/student.ts';
import type { Estimate } from './area-under-curve.ts';
import { type BinInfluence, binInfluence, binMetric, samplingVariance } from './bin-metrics.ts';
import { LEAST_DAYS, runInflation } from './day-variance.ts';
import { binsOf, labelledRows, sumOutcomes, totalOf } from './outcome-counts.ts';
import type { ScoreBins } from './score-bins.ts';
import { wilsonInterval } from './wilson.ts';

/** What days that differ as a whole add to intervals, because rows of one day resemble each other. */
export interface DayEffect {
  readonly independent: 'rows' | 'days';
  /** Standard errors on either side of a 95 % interval: normal for rows, Student's t with days − 1 degrees for days. */
  readonly critical: number;
  /** Variance that days add to a metric beyond that of independent rows. */
  readonly between: Readonly<Record<QualityMetric, number>>;
}

/** Rows taken for independent. */
const INDEPENDENT_ROWS: DayEffect = {
  independent: 'rows',
  critical: NORMAL_95,
  between: { auc: 0, f1: 0, accuracy: 0, precision: 0, recall: 0 },
};

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

/**
 * What days add to the metrics of a window. With ten labelled days or more they are compared with each other; with fewer, the spread of
 * the reference's days stands in for theirs; without that too, rows pass for independent.
 */
export function dayEffect(
  days: readonly OutcomeCounts[],
  cut: number,
  referenceDays: QualityReference['days'] = null,
): DayEffect {
  const labelled = days.filter((day) => labelledRows(day) > 0);
  if (labelled.length < LEAST_DAYS) return referenceEffect(labelled.length, referenceDays);
  const whole = binsOf(sumOutcomes(labelled, labelled[0]?.scored.length ?? 0));
  const byDay = labelled.map(binsOf);
  return {
    independent: 'days',
    critical: studentQuantile(0.975, labelled.length - 1),
    between: perMetric((metric) => {
      const beyond = dayVariance(byDay, binInfluence(metric, whole, cut)) - rowVariance(metric, whole, cut);
      return Number.isFinite(beyond) ? Math.max(0, beyond) : 0;
    }),
  };
}

function referenceEffect(windowDays: number, days: QualityReference['days']): DayEffect {
  if (days === null || windowDays === 0) return INDEPENDENT_ROWS;
  return {
    independent: 'days',
    critical: studentQuantile(0.975, days.count - 1),
    between: perMetric((metric) => spreadOver(windowDays, days.metrics[metric])),
  };
}

/** What the reference's own days add to its metrics; 0 when they are not known. */
export function referenceBetween(days: QualityReference['days'], metric: QualityMetric): number {
  return days === null ? 0 : spreadOver(days.count, days.metrics[metric]);
}

function spreadOver(days: number, { realised, autocorrelation }: DayVariance): number {
  return (realised * runInflation(days, autocorrelation)) / days;
}

function perMetric(value: (metric: QualityMetric) => number): Record<QualityMetric, number> {
  return {
    auc: value('auc'),
    f1: value('f1'),
    accuracy: value('accuracy'),
    precision: value('precision'),
    recall: value('recall'),
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
