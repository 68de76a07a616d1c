import { describe, expect, it } from 'vitest';
import type { Fairness } from '../../../contracts/quality.ts';
import { judgeFairness } from '../../../core/quality/fairness.ts';
import { noGroupRows } from '../../../core/quality/group-sums.ts';
import { poisson } from '../../../core/statistics/poisson.ts';
import { seededRandom } from '../../../core/statistics/random.ts';
import { outcomesOf, type Table } from './outcome-table.ts';

const judge = (groups: Readonly<Record<string, Table>>, maximumGap = 0.05) => {
  const counted = Object.entries(groups).map(([name, table]) => ({ name, counts: outcomesOf(table) }));
  return new Map<string, Fairness>(judgeFairness('sex', counted, 1, maximumGap).map((one) => [one.measure, one]));
};

/** Three groups whose measures fairlearn 0.15.0 gives as .1, 1/3 and 1/3. */
const THREE = {
  a: { truePositives: 60, falsePositives: 30, falseNegatives: 20, trueNegatives: 90 },
  b: { truePositives: 25, falsePositives: 45, falseNegatives: 35, trueNegatives: 95 },
  c: { truePositives: 40, falsePositives: 20, falseNegatives: 30, trueNegatives: 60 },
};

describe('judgeFairness', () => {
  it('gives fairlearn’s differences', () => {
    // fairlearn 0.15.0: demographic_parity_difference, equal_opportunity_difference, equalized_odds_difference
    const found = judge(THREE);
    expect(Math.abs((found.get('demographic-parity')?.gap ?? 0) - 0.10000000000000003)).toBeLessThan(1e-12);
    expect(Math.abs((found.get('equal-opportunity')?.gap ?? 0) - 0.3333333333333333)).toBeLessThan(1e-12);
    expect(Math.abs((found.get('equalised-odds')?.gap ?? 0) - 0.3333333333333333)).toBeLessThan(1e-12);
    expect(found.get('equal-opportunity')?.groups).toEqual(['a', 'b']);
  });

  it('gives statsmodels’ Newcombe interval for one pair', () => {
    // statsmodels 0.15.0: confint_proportions_2indep(56, 70, 48, 80, method='newcomb', compare='diff', alpha=.05)
    const found = judge({
      f: { unknownPositives: 56, unknownNegatives: 14 },
      m: { unknownPositives: 48, unknownNegatives: 32 },
    });
    const [low, high] = found.get('demographic-parity')?.interval ?? [0, 0];
    expect(Math.abs(low - 0.05243147240236498)).toBeLessThan(1e-12);
    expect(Math.abs(high - 0.33387265403690614)).toBeLessThan(1e-12);
    expect(found.get('demographic-parity')?.verdict).toBe('gap');
  });

  it('calls a gap only when it is sure, and says when it cannot rule one out', () => {
    const verdict = (rows: number, left: number, right: number) =>
      judge({
        f: { unknownPositives: rows * left, unknownNegatives: rows * (1 - left) },
        m: { unknownPositives: rows * right, unknownNegatives: rows * (1 - right) },
      }).get('demographic-parity')?.verdict;
    expect(verdict(5000, 0.3, 0.5)).toBe('gap');
    expect(verdict(100, 0.3, 0.4)).toBe('cannot-rule-out');
    expect(verdict(5000, 0.3, 0.3)).toBe('fine');
  });

  it('leaves groups of fewer than 30 rows out, and says so when none remain', () => {
    const found = judge({ f: { truePositives: 200, falseNegatives: 0 }, m: { truePositives: 0, falseNegatives: 29 } });
    expect([...found.values()].map(({ verdict }) => verdict)).toEqual(Array(3).fill('too-little-data'));
    expect(judge({}).get('demographic-parity')).toMatchObject({ verdict: 'too-little-data', groups: ['', ''] });
  });

  it('says what the gap was in the reference, and which pair is surest to differ', () => {
    const parity = (left: number, right: number, rows: number) =>
      [left, right].map((share) =>
        outcomesOf({ unknownPositives: rows * share, unknownNegatives: rows * (1 - share) }),
      );
    const [f, m] = parity(0.5, 0.25, 4000);
    const [before, after] = parity(0.5, 0.375, 4000);
    const few = outcomesOf({ unknownPositives: 8, unknownNegatives: 32 });
    if (f === undefined || m === undefined) throw new Error('two groups');
    const [found] = judgeFairness(
      'sex',
      [
        { name: 'f', counts: f, reference: before },
        { name: 'm', counts: m, reference: after },
        { name: 'x', counts: few },
      ],
      1,
      0.05,
    );
    expect(found?.groups).toEqual(['f', 'x']);
    expect(found?.message).toContain('surest between f and m, by 25.0');
    const [two] = judgeFairness(
      'sex',
      [
        { name: 'f', counts: f, reference: before },
        { name: 'm', counts: m, reference: after },
      ],
      1,
      0.05,
    );
    expect(two?.message).toMatch(
      /25\.0 points between f and m .*; 12\.5 points in the reference; the interval assumes independent rows$/,
    );
    expect(two?.independent).toBe('rows');
  });

  it('widens intervals by what the daily difference varies, and says so', () => {
    const sums = (selected: number) => ({ ...noGroupRows(), rows: 100, selected });
    const group = (name: string, share: number, swing: number) => ({
      name,
      counts: outcomesOf({ unknownPositives: 1200 * share, unknownNegatives: 1200 * (1 - share) }),
      days: Array.from({ length: 12 }, (_, day) => sums(100 * share + (day % 2 === 0 ? swing : -swing))),
    });
    const parity = (swing: number) =>
      judgeFairness('sex', [group('f', 0.4, swing), group('m', 0.5, -swing)], 1, 0.05)[0];
    const [calm, moody] = [parity(0), parity(10)];
    expect(calm?.verdict).toBe('gap');
    expect(moody?.verdict).toBe('cannot-rule-out');
    expect(moody?.independent).toBe('days');
    expect(moody?.message).not.toContain('assumes');
    expect(moody?.gap).toBe(calm?.gap);
  });

  it('needs labels for opportunity and odds only', () => {
    const found = judge({
      f: { unknownPositives: 500, unknownNegatives: 500 },
      m: { unknownPositives: 100, unknownNegatives: 900 },
    });
    expect([...found.values()].map(({ verdict }) => verdict)).toEqual(['gap', 'too-little-data', 'too-little-data']);
  });

  it('calls equal groups unfair in fewer than 1 % of draws, also when there are ten of them', () => {
    const random = seededRandom(3);
    const names = Array.from({ length: 10 }, (_, index) => `g${index}`);
    let gaps = 0;
    for (let draw = 0; draw < 200; draw++) {
      const table = () => ({ unknownPositives: poisson(60, random), unknownNegatives: poisson(140, random) });
      const found = judge(Object.fromEntries(names.map((name) => [name, table()])));
      gaps += found.get('demographic-parity')?.verdict === 'gap' ? 1 : 0;
    }
    expect(gaps).toBeLessThanOrEqual(2);
  });
});
