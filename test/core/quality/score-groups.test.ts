import { describe, expect, it } from 'vitest';
import { scoreGroups } from '../../../core/quality/score-groups.ts';

const even = (bins: number, rows: number) => new Array<number>(bins).fill(rows);

describe('scoreGroups', () => {
  it('makes five groups of equal mass with four cells each', () => {
    const { groups, cells } = scoreGroups(even(100, 200), 40);
    expect(groups.filter((group) => group === 2)).toHaveLength(20);
    expect(groups.at(-1)).toBe(4);
    expect(cells.at(-1)).toBe(19);
  });

  it('begins a cell at the threshold, within its group', () => {
    const { groups, cells } = scoreGroups(even(100, 200), 42);
    expect(cells[42]).toBe((cells[41] ?? 0) + 1);
    expect(groups[42]).toBe(groups[41]);
    expect(cells.at(-1)).toBe(20);
  });

  it('makes one group of few rows', () => {
    expect(new Set(scoreGroups(even(20, 10), 5).groups).size).toBe(1);
  });
});
