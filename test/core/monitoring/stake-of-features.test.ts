import { describe, expect, it } from 'vitest';
import { stakeOfFeatures } from '../../../core/monitoring/stake-of-features.ts';
import { SETUP } from '../../lambdas/monitor/monitoring-stage.ts';

const setup = {
  ...SETUP,
  reference: { ...SETUP.reference, importance: { distance: 1, earlier: 3 } },
  business: { cost: { rows: 100, sum: 200, sumOfSquares: 900 }, minutes: { rows: 100, sum: 50, sumOfSquares: 90 } },
};
const day = (sum: number) => ({
  day: 1,
  counts: { days: [], columns: 0, scored: { rows: [], expected: [], variance: [], joint: [] }, labelled: null },
  attribution: { rows: 0, sums: [] },
  business: { cost: { rows: 10, sum, sumOfSquares: 0 }, minutes: { rows: 10, sum: 1, sumOfSquares: 0 } },
  groups: {},
});
const window = { version: 1 as const, days: [day(30), day(50)], segments: {}, arrival: [] };
const [cost, minutes] = [
  { name: 'cost', unit: 'USD' },
  { name: 'minutes', unit: 'minutes' },
];

describe('money at stake', () => {
  it('is the change of the first metric in a currency over a month, shared out as the model weighs its features', () => {
    // 4 a row in the window, 2 in the reference, 20 rows in each of 30 windows: 1 200 in all, a quarter and three quarters.
    expect(stakeOfFeatures(setup, window, [minutes, cost], 30)).toEqual({ distance: 300, earlier: 900 });
  });

  it('is not told without a metric in a currency, or where the metric could not be computed', () => {
    expect(stakeOfFeatures(setup, window, [minutes], 30)).toEqual({});
    expect(stakeOfFeatures({ ...setup, business: {} }, window, [cost], 30)).toEqual({});
    expect(stakeOfFeatures(setup, { ...window, days: [] }, [cost], 30)).toEqual({});
    expect(stakeOfFeatures(setup, { ...window, days: [{ ...day(1), business: {} }] }, [cost], 30)).toEqual({});
  });
});
