import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holmAdjusted } from '../../../core/quality/holm.ts';
import { newcombeInterval } from '../../../core/quality/newcombe.ts';
import { wilsonInterval } from '../../../core/quality/wilson.ts';
import { normalQuantile } from '../../../core/statistics/normal-quantile.ts';

const expectClose = (got: readonly number[], wanted: readonly number[]) => {
  expect(got.length).toBe(wanted.length);
  got.forEach((value, index) => {
    expect(Math.abs(value - (wanted[index] ?? Number.NaN))).toBeLessThan(1e-12);
  });
};

// statsmodels 0.15.0: stats.proportion.proportion_confint(method='wilson')
describe('wilsonInterval', () => {
  it.each([
    [8, 10, [0.49016247153664183, 0.9433178485456247]],
    [0, 20, [0, 0.1611251580528194]],
    [20, 20, [0.8388748419471804, 1]],
    [137, 1000, [0.11707313063299472, 0.1597050960275183]],
    [1, 3, [0.06149194472039626, 0.7923403991979523]],
  ])('of %d in %d is statsmodels’', (count, rows, expected) => {
    expectClose(wilsonInterval(count, rows), expected);
  });

  it('says nothing without rows, and holds the share otherwise', () => {
    expect(wilsonInterval(0, 0)).toEqual([0, 1]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (rows, part) => {
        const count = Math.round(part * rows);
        const [low, high] = wilsonInterval(count, rows);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low - 1e-12).toBeLessThanOrEqual(count / rows);
        expect(high + 1e-12).toBeGreaterThanOrEqual(count / rows);
      }),
    );
  });
});

// statsmodels 0.15.0: stats.proportion.confint_proportions_2indep(method='newcomb', compare='diff', alpha=…)
describe('newcombeInterval', () => {
  it.each([
    [56, 70, 48, 80, 0.05, [0.05243147240236498, 0.33387265403690614]],
    [9, 10, 3, 10, 0.05, [0.1705227239345029, 0.809017973535488]],
    [0, 30, 5, 40, 0.01, [-0.3140271291533685, 0.07394041872935106]],
    [500, 1000, 520, 1100, 0.05 / 3, [-0.024945537548617676, 0.07929602508735248]],
  ])('of %d/%d less %d/%d at level %d is statsmodels’', (a, m, b, n, level, expected) => {
    const z = normalQuantile(1 - level / 2);
    expectClose(newcombeInterval({ count: a, rows: m }, { count: b, rows: n }, z), expected);
  });
});

// statsmodels 0.15.0: stats.multitest.multipletests(method='holm')
describe('holmAdjusted', () => {
  it('is statsmodels’, ties and caps included', () => {
    expectClose(holmAdjusted([0.01, 0.04, 0.03, 0.005, 0.5, 0.04]), [0.05, 0.12, 0.12, 0.03, 0.5, 0.12]);
    expectClose(holmAdjusted([0.9]), [0.9]);
    expect(holmAdjusted([])).toEqual([]);
  });
});
