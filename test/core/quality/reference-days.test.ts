import { describe, expect, it } from 'vitest';
import { normalFrom } from '../../../bench/quality-goals/world.ts';
import { watchedFeatures } from '../../../core/profile/watched.ts';
import { varianceBetween } from '../../../core/quality/day-variance.ts';
import { fitQualityReference } from '../../../core/quality/quality-reference.ts';
import { rowCoder, UNIT } from '../../../core/quality/row-coder.ts';
import { seededRandom } from '../../../core/statistics/random.ts';

const DAYS = 28;
const WEEKDAYS = 7;
const DAY_ROWS = 200;
const RATE = 0.4;
const RIDGE = 30;
const features = watchedFeatures({ features: [{ kind: 'category', column: 'weekday' }] });

/**
 * The variance between days of a reference of four weeks whose share of positives differs from day to day by a normal draw of deviation
 * `tau`, the one that is seen when each day is judged by the fit that knows it, and that of the draws. The score says nothing and is always predicted
 * positive, so accuracy is the share of positives, and realised − estimated of a day is what it differs by.
 */
function fourWeeks(tau: number, seed: number) {
  const random = seededRandom(seed);
  const normal = normalFrom(random);
  const luck = Array.from({ length: DAYS }, () => tau * normal());
  const rows = luck.flatMap((own, day) =>
    Array.from({ length: DAY_ROWS }, () => ({
      day,
      instance: { weekday: `w${day % WEEKDAYS}` },
      label: random() < RATE + own ? 1 : 0,
    })),
  );
  const reference = fitQualityReference({
    features,
    instances: rows.map(({ instance }) => instance),
    scores: rows.map(() => 0.5),
    labels: rows.map(({ label }) => label),
    days: rows.map(({ day }) => day),
    threshold: 0.2,
  });
  const code = rowCoder(reference, features);
  const knowing = luck.map((_, day) => {
    const own = rows.filter((row) => row.day === day);
    const residuals = own.map(({ instance, label }) => label - code(instance, 0.5).expected / UNIT);
    const mean = residuals.reduce((sum, value) => sum + value, 0) / DAY_ROWS;
    return { day, mean, variance: (RATE * (1 - RATE)) / DAY_ROWS };
  });
  const centre = meanOf(luck);
  return {
    between: reference.days?.metrics.accuracy.residual ?? Number.NaN,
    knowing: varianceBetween(knowing),
    variance: luck.reduce((sum, own) => sum + (own - centre) ** 2, 0) / (DAYS - 1),
  };
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('referenceDays', () => {
  it('is the variance that days to come will show, though corrections by weekday take up part of the days they know', () => {
    const worlds = Array.from({ length: 40 }, (_, seed) => fourWeeks(0.08, seed));
    const luck = meanOf(worlds.map(({ variance }) => variance));
    // Of a day to come the fit expects its weekday's mean over four days, drawn to the mean of all 28 by the ridge: s = n/(n + λ). So
    // realised − expected varies by 1 + 1/28 + s² (1/4 − 1/28) of τ².
    const shrinkage = (4 * DAY_ROWS) / (4 * DAY_ROWS + RIDGE);
    const ofWeekday = 1 / 4 - 1 / DAYS;
    const toCome = luck * (1 + 1 / DAYS + shrinkage ** 2 * ofWeekday);
    // A day left out is judged by the three others of its weekday, so residuals are 4/3 of the distance to the mean of all four: of τ²
    // (4/3)² (1 − 1/4), and 28/27 because they sum to 0; a tenth more than what is to come, on the safe side.
    const leftOut = (((luck * 4) / 3) * DAYS) / (DAYS - 1);
    const measured = meanOf(worlds.map(({ between }) => between));
    expect(Math.abs(measured / leftOut - 1)).toBeLessThan(0.1);
    expect(measured).toBeGreaterThan(toCome);
    // A day that the fit knows: 1 − 1/28 − (2s − s²)(1/4 − 1/28).
    const known = luck * (1 - 1 / DAYS - (2 * shrinkage - shrinkage ** 2) * ofWeekday);
    const knowing = meanOf(worlds.map((world) => world.knowing));
    expect(Math.abs(knowing / known - 1)).toBeLessThan(0.1);
    expect(knowing).toBeLessThan(0.65 * toCome);
  });

  it('stays near 0 where days are alike', () => {
    const worlds = Array.from({ length: 40 }, (_, seed) => fourWeeks(0, seed));
    // The fit's own error, here a third of a day's variance, is no part of it. What is left is chance: an estimate of 0 from 21
    // degrees has a deviation of √(2/21) = .31 of a day's variance; cut off at 0, a normal one is .31/√(2π) = .12 on average.
    const ofDay = (RATE * (1 - RATE)) / DAY_ROWS;
    expect(meanOf(worlds.map(({ between }) => between)) / ofDay).toBeLessThan(0.3);
  });

  it('needs ten days', () => {
    const rows = Array.from({ length: 900 }, (_, row) => row);
    const input = {
      features,
      instances: rows.map((row) => ({ weekday: `w${row % 7}` })),
      scores: rows.map((row) => (row % 97) / 97),
      labels: rows.map((row) => (row % 3 === 0 ? 1 : 0)),
      threshold: 0.5,
    };
    expect(fitQualityReference({ ...input, days: rows.map((row) => row % 9) }).days).toBeNull();
    expect(fitQualityReference({ ...input, days: rows.map((row) => row % 10) }).days?.count).toBe(10);
  });
});
