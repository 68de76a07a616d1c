import type { BusinessMetric } from '../../contracts/monitoring-config.ts';
import type { BusinessValue } from '../../contracts/quality.ts';
import type { Moments } from '../../contracts/quality-window.ts';
import { varianceBetweenDays } from '../quality/between-days.ts';
import { studentQuantile } from '../statistics/student.ts';

/** Fewer days with rows say too little about how much days differ. */
const LEAST_DAYS = 10;
/** Below this the mean of a skewed figure has no interval worth its name. */
const LEAST_ROWS = 30;

/** No figures. */
export const noMoments = (): Moments => ({ rows: 0, sum: 0, sumOfSquares: 0 });

/** Both together. */
export function mergeMoments(a: Moments, b: Moments): Moments {
  return { rows: a.rows + b.rows, sum: a.sum + b.sum, sumOfSquares: a.sumOfSquares + b.sumOfSquares };
}

/**
 * A business metric's mean per row with its 95 % interval (Student's t), and whether the target is met. With ten days or more whole days
 * are the blocks (ratio estimator over clusters, Cochran 1977 §6.3), where that is wider, days that follow each other among them. Undefined without rows.
 * @param days sums of each day of the window
 * @param windowRows all rows of the window; `total` extends the mean to them
 */
export function businessValue(
  metric: BusinessMetric,
  days: readonly Moments[],
  windowRows: number,
): BusinessValue | undefined {
  const whole = days.reduce(mergeMoments, noMoments());
  if (whole.rows === 0) return undefined;
  const mean = whole.sum / whole.rows;
  const withRows = days.filter(({ rows }) => rows > 0);
  const half = halfWidth(whole, withRows);
  const interval: [number, number] = [mean - half, mean + half];
  const target = metric.target ?? null;
  return {
    name: metric.name,
    unit: metric.unit,
    value: mean,
    interval,
    rows: whole.rows,
    target,
    verdict: whole.rows < LEAST_ROWS && target !== null ? 'cannot-tell' : verdictOf(interval, target),
    total: mean * windowRows,
    independent: withRows.length < LEAST_DAYS ? 'rows' : 'days',
  };
}

function halfWidth(whole: Moments, days: readonly Moments[]): number {
  if (whole.rows < 2) return 0;
  const mean = whole.sum / whole.rows;
  const spread = Math.max(0, whole.sumOfSquares - whole.rows * mean ** 2) / (whole.rows - 1);
  const byRows = spread / whole.rows;
  if (days.length < LEAST_DAYS) return studentQuantile(0.975, whole.rows - 1) * Math.sqrt(byRows);
  const influences = days.map(({ sum, rows }) => (sum - mean * rows) / whole.rows);
  return studentQuantile(0.975, days.length - 1) * Math.sqrt(byRows + varianceBetweenDays(influences, byRows));
}

function verdictOf([low, high]: readonly [number, number], target: BusinessValue['target']): BusinessValue['verdict'] {
  if (target === null || (target.atLeast === undefined && target.atMost === undefined)) return 'no-target';
  const { atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY } = target;
  if (high < atLeast || low > atMost) return 'missed';
  return low >= atLeast && high <= atMost ? 'met' : 'cannot-tell';
}
