import type { QualityMetric } from '../../contracts/quality.ts';
import type { DayVariance, QualityReference } from '../../contracts/quality-reference.ts';
import type { OutcomeCounts } from '../../contracts/quality-window.ts';
import { NORMAL_95 } from '../statistics/normal-quantile.ts';
import { studentQuantile } from '../statistics/student.ts';
import { varianceBetweenDays } from './between-days.ts';
import { type BinInfluence, binInfluence } from './bin-metrics.ts';
import { LEAST_DAYS, runInflation } from './day-variance.ts';
import { binsOf, labelledRows, sumOutcomes } from './outcome-counts.ts';
import { rowVariance } from './row-variance.ts';
import type { ScoreBins } from './score-bins.ts';

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
      const influence = binInfluence(metric, whole, cut);
      return varianceBetweenDays(
        byDay.map((day) => influenceOf(day, influence)),
        rowVariance(metric, whole, cut),
      );
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

/** What days that differ as the reference's add to a realised metric over `days` of them in a row. */
export function spreadOver(days: number, { realised, autocorrelation }: DayVariance): number {
  return (realised * runInflation(days, Math.max(0, autocorrelation))) / days;
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

/** What a day adds to a metric, to first order. */
function influenceOf({ positives, negatives }: ScoreBins, { positive, negative }: BinInfluence): number {
  let sum = 0;
  for (let bin = 0; bin < positives.length; bin++)
    sum += (positives[bin] ?? 0) * (positive[bin] ?? 0) + (negatives[bin] ?? 0) * (negative[bin] ?? 0);
  return sum;
}
