import { describe, expect, it } from 'vitest';
import type { BusinessMetric } from '../../../contracts/monitoring-config.ts';
import { columnTypes, readyMetrics } from '../../../core/business/business-metrics.ts';
import { businessValue, noMoments } from '../../../core/business/business-value.ts';
import { moneyAtStake } from '../../../core/business/money-at-stake.ts';

const metric = (target?: BusinessMetric['target']): BusinessMetric => ({
  name: 'revenue',
  unit: 'USD',
  expression: 'value',
  ...(target === undefined ? {} : { target }),
});
const momentsOf = (values: readonly number[]) => ({
  rows: values.length,
  sum: values.reduce((sum, value) => sum + value, 0),
  sumOfSquares: values.reduce((sum, value) => sum + value * value, 0),
});
const VALUES = Array.from({ length: 5 }, () => [3, -1.5, 4, 4.25, 0, 9, 2, 6.5]).flat();

describe('businessValue', () => {
  it('gives the mean with scipy’s t interval, and the total over all rows', () => {
    // scipy 1.17.1: stats.t.interval(.95, 39, loc=mean, scale=sem)
    const found = businessValue(metric(), [momentsOf(VALUES)], 100);
    expect(found).toMatchObject({ value: 3.40625, rows: 40, unit: 'USD', verdict: 'no-target', total: 3.40625 * 100 });
    expect(found?.independent).toBe('rows');
    expect(Math.abs((found?.interval[0] ?? 0) - 2.3836723402842823)).toBeLessThan(1e-9);
    expect(Math.abs((found?.interval[1] ?? 0) - 4.428827659715718)).toBeLessThan(1e-9);
  });

  it('takes days for blocks from ten on, as statsmodels’ clusters', () => {
    // statsmodels 0.15.0: OLS on a constant, cov_type='cluster' without correction, × √(12/11); scipy's t with 11 degrees
    const sizes = [3, 5, 4, 6, 2, 7, 5, 5, 4, 3, 6, 5];
    let row = 0;
    const days = sizes.map((size, day) => momentsOf(Array.from({ length: size }, () => (day % 3) * 10 + (row++ % 4))));
    const found = businessValue(metric(), days, 55);
    expect(found?.independent).toBe('days');
    expect(Math.abs((found?.value ?? 0) - 12.018181818181816)).toBeLessThan(1e-12);
    expect(Math.abs((found?.interval[0] ?? 0) - 6.368420768338946)).toBeLessThan(1e-9);
    expect(Math.abs((found?.interval[1] ?? 0) - 17.667942868024685)).toBeLessThan(1e-9);
  });

  it('meets or misses a target only with the whole interval', () => {
    const verdict = (target: BusinessMetric['target']) =>
      businessValue(metric(target), [momentsOf(VALUES)], 40)?.verdict;
    expect(verdict({ atLeast: 1 })).toBe('met');
    expect(verdict({ atLeast: 3.4 })).toBe('cannot-tell');
    expect(verdict({ atLeast: 9 })).toBe('missed');
    expect(verdict({ atMost: 1 })).toBe('missed');
    expect(verdict({ atLeast: 0, atMost: 8 })).toBe('met');
    expect(verdict({})).toBe('no-target');
  });

  it('cannot tell from fewer than 30 rows, and says nothing without any', () => {
    expect(businessValue(metric({ atLeast: 5 }), [momentsOf([1, 1, 1])], 3)?.verdict).toBe('cannot-tell');
    expect(businessValue(metric(), [noMoments()], 10)).toBeUndefined();
  });
});

describe('readyMetrics', () => {
  it('names every problem of every metric at once', () => {
    const columns = columnTypes({
      columns: [
        { name: 'amount', kind: 'numeric' },
        { name: 'won', kind: 'boolean' },
      ],
      target: 'won',
    });
    const bad = (expression: string) => ({ ...metric(), expression });
    expect(() => readyMetrics([bad('row.won ? 1.0 : 0.0'), bad('row.amount'), bad('scor')], columns)).toThrow(
      /business\[0\]\.expression: reads a column won[\s\S]*business\[1\]\.name: two metrics[\s\S]*business\[2\]\.expression: names scor/,
    );
    expect(readyMetrics([bad('row.amount')], columns)).toHaveLength(1);
  });
});

describe('moneyAtStake', () => {
  it('spreads the change of the total as the model weighs its features', () => {
    expect(moneyAtStake({ a: 3, b: 1 }, { before: 2, now: 1.5, rows: 1000 })).toEqual({ a: 375, b: 125 });
  });

  it('is empty without explanations, and nothing without a change', () => {
    expect(moneyAtStake({}, { before: 2, now: 1, rows: 10 })).toEqual({});
    expect(moneyAtStake({ a: 3 }, { before: 2, now: 2, rows: 10 })).toEqual({ a: 0 });
  });
});
