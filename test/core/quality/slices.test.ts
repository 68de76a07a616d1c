import { describe, expect, it } from 'vitest';
import type { OutcomeCounts, Segment } from '../../../contracts/quality-window.ts';
import { dayEffect } from '../../../core/quality/day-effect.ts';
import { judgeSlices } from '../../../core/quality/slices.ts';
import { poisson } from '../../../core/statistics/poisson.ts';
import { seededRandom } from '../../../core/statistics/random.ts';
import { outcomesOf, type Table } from './outcome-table.ts';

const rules = {
  metric: 'accuracy',
  margin: 0.01,
  cut: 1,
  effect: dayEffect([], 1),
  referenceBetween: 0,
  estimate: () => [],
} as const;
const segment = (tables: readonly Table[]): Segment => ({
  column: 'city',
  edges: null,
  values: tables.map((_, index) => `c${index}`),
  reference: tables.map(outcomesOf),
});
const judge = (before: readonly Table[], now: readonly Table[]) =>
  judgeSlices([segment(before)], { city: now.map(outcomesOf) }, rules);

/** `rows` rows of which the share `right` is predicted rightly, half of them positive. */
const right = (rows: number, share: number): Table => ({
  truePositives: Math.round((rows / 2) * share),
  falseNegatives: Math.round((rows / 2) * (1 - share)),
  trueNegatives: Math.round((rows / 2) * share),
  falsePositives: Math.round((rows / 2) * (1 - share)),
});

describe('judgeSlices', () => {
  it('finds the value on which the model got worse, and leaves the others', () => {
    const found = judge([right(4000, 0.8), right(4000, 0.6)], [right(2000, 0.7), right(2000, 0.6)]);
    expect(found.map(({ value, verdict }) => [value, verdict])).toEqual([
      ['c0', 'worse'],
      ['c1', 'fine'],
    ]);
    expect(found[0]?.message).toBe('city c0: worse, accuracy 0.800 in the reference, 0.700 now');
    expect(found[0]?.realised.find(({ name }) => name === 'accuracy')?.value).toBe(0.7);
  });

  it('takes a value that was always hard for fine', () => {
    expect(judge([right(4000, 0.6)], [right(4000, 0.6)])[0]?.verdict).toBe('fine');
  });

  it('does not test fewer than 200 labels, or 30 of a class, on either side', () => {
    const few = [right(100, 0.2), { ...right(1000, 0.9), falseNegatives: 0, truePositives: 20 }];
    expect(judge([right(4000, 0.9), right(4000, 0.9)], few).map(({ verdict }) => verdict)).toEqual([
      'untested',
      'untested',
    ]);
    expect(judge([right(100, 0.9)], [right(4000, 0.2)])[0]?.verdict).toBe('untested');
  });

  it('leaves values without rows out', () => {
    expect(
      judge([right(4000, 0.9), right(4000, 0.9)], [right(0, 1), right(300, 0.9)]).map(({ value }) => value),
    ).toEqual(['c1']);
  });

  it('calls any of twenty equal slices worse in about 5 % of draws at most, when each lies a margin below', () => {
    const random = seededRandom(11);
    const draws = 200;
    let alarms = 0;
    const drawn = (rows: number, share: number): OutcomeCounts => {
      const table = right(rows, share);
      return outcomesOf(Object.fromEntries(Object.entries(table).map(([name, mean]) => [name, poisson(mean, random)])));
    };
    const values = Array.from({ length: 20 }, (_, index) => `c${index}`);
    for (let draw = 0; draw < draws; draw++) {
      const reference = values.map(() => drawn(1000, 0.81));
      const now = values.map(() => drawn(300, 0.8));
      const found = judgeSlices([{ column: 'city', edges: null, values, reference }], { city: now }, rules);
      alarms += found.some(({ verdict }) => verdict === 'worse') ? 1 : 0;
    }
    expect(alarms / draws).toBeLessThan(0.09);
  });
});
