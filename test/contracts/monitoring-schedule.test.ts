import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fleetSpreadMinutes, minuteOf } from '../../contracts/monitoring-schedule.ts';

test('a fleet of up to a hundred judges its windows in one minute, a larger one in ten', () => {
  expect([1, 100, 101, 1000].map(fleetSpreadMinutes)).toEqual([1, 1, 10, 10]);
});

test('a model keeps its minute, which lies within the spread', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z][a-z0-9-]{1,39}$/), fc.integer({ min: 1, max: 60 }), (model, spread) => {
      const minute = minuteOf(model, spread);
      expect(minute).toBe(minuteOf(model, spread));
      expect(minute).toBeGreaterThanOrEqual(0);
      expect(minute).toBeLessThan(spread);
    }),
  );
});

test('a hash of a name is the published FNV-1a', () => {
  // Test vectors of the FNV specification (draft-eastlake-fnv): "a" and "foobar", 32 bits.
  expect(minuteOf('a', 2 ** 32)).toBe(0xe4_0c_29_2c);
  expect(minuteOf('foobar', 2 ** 32)).toBe(0xbf_9c_f9_68);
});

test('a thousand names with a number fall about evenly on ten minutes', () => {
  const models = Array.from({ length: 1000 }, (_, index) => `churn-${index}`);
  const counts = Array.from(
    { length: 10 },
    (_, minute) => models.filter((name) => minuteOf(name, 10) === minute).length,
  );
  // 99.9 % quantile of chi-square with 9 degrees of freedom (scipy 1.17: chi2.ppf(0.999, 9)).
  expect(counts.reduce((sum, count) => sum + (count - 100) ** 2 / 100, 0)).toBeLessThan(27.877);
});
