import { describe, expect, it } from 'vitest';
import { normalFrom } from '../../../bench/quality-goals/world.ts';
import { watchedFeatures } from '../../../core/profile/watched.ts';
import { dayPart } from '../../../core/quality/day-part.ts';
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
    memory: reference.days?.metrics.accuracy.autocorrelation ?? Number.NaN,
    repeated: reference.days?.metrics.accuracy.repeated ?? Number.NaN,
    spread: reference.days?.metrics.accuracy && { ...reference.days.metrics.accuracy, autocorrelation: 0 },
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
    const measured = meanOf(worlds.map(({ between }) => between));
    // A day left out is judged by the three others of its weekday: 4/3 of its variance, of which a third is that of the three.
    expect(Math.abs(measured / luck - 1)).toBeLessThan(0.1);
    const repeated = meanOf(worlds.map((world) => world.repeated));
    // The ridge draws three weekdays' mean to that of all days, and so takes part of their error away.
    const ofThree = (3 * DAY_ROWS) / (3 * DAY_ROWS + RIDGE);
    expect(Math.abs(repeated - ofThree ** 2 / 3)).toBeLessThan(0.04);
    // One day to come, and the 28 days of the reference.
    const judged = meanOf(
      worlds.map(({ spread }) => (spread === undefined ? 0 : dayPart(spread, 1) + dayPart(spread, DAYS))),
    );
    expect(Math.abs(judged / toCome - 1)).toBeLessThan(0.1);
    // A day that the fit knows: 1 − 1/28 − (2s − s²)(1/4 − 1/28).
    const known = luck * (1 - 1 / DAYS - (2 * shrinkage - shrinkage ** 2) * ofWeekday);
    const knowing = meanOf(worlds.map((world) => world.knowing));
    expect(Math.abs(knowing / known - 1)).toBeLessThan(0.1);
    expect(knowing).toBeLessThan(0.65 * toCome);
  });

  it('is 0 on average where days are alike', () => {
    const worlds = Array.from({ length: 40 }, (_, seed) => fourWeeks(0, seed));
    // The fit's own error, here a third of a day's variance, is no part of it. What is left is chance: an estimate of 0 from 21
    // degrees has a deviation of √(2/21) = .31 of a day's variance, the mean of forty .05.
    const ofDay = (RATE * (1 - RATE)) / DAY_ROWS;
    expect(Math.abs(meanOf(worlds.map(({ between }) => between)) / ofDay)).toBeLessThan(0.15);
  });

  it('finds no memory in days that have none, though days of a fold share the fit that judges them', () => {
    const worlds = Array.from({ length: 40 }, (_, seed) => fourWeeks(0.08, seed + 100));
    // Of 28 days an autocorrelation has a deviation of .19, cut off at −.1: the mean of a normal curve so cut off is .05.
    const memory = meanOf(worlds.map(({ memory: own }) => own));
    expect(Math.abs(memory - 0.05)).toBeLessThan(0.06);
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
