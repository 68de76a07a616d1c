import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CategoryProfile, NumericProfile } from '../../../contracts/profile.ts';
import { blockOf, isBlock, LEVELS, levelCounts, levelGrouping } from '../../../core/profile/levels.ts';

/** Only the counts matter to levels. */
function numeric(counts: readonly number[]): NumericProfile {
  const rows = total(counts);
  const edges = counts.slice(1).map((_, bin) => bin);
  return {
    kind: 'numeric',
    edges,
    counts: [...counts],
    sums: counts.map(() => 0),
    rows,
    missing: 0,
    sum: 0,
    sumOfSquares: 0,
    min: null,
    max: null,
  };
}

function category(counts: readonly number[], other: number): CategoryProfile {
  const values = counts.map((_, code) => `v${code}`);
  return { kind: 'category', values, counts: [...counts], other, rows: total(counts) + other, missing: 0 };
}

const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
const binCounts = fc.array(fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 100_000 })), { minLength: 1, maxLength: 201 });

describe('levelCounts', () => {
  it('joins 200 bins of equal mass to 50, 25 and 10 of equal mass', () => {
    const even = numeric(new Array(200).fill(5));
    expect(levelCounts(even, even, 50)).toEqual(new Array(50).fill(20));
    expect(levelCounts(even, even, 25)).toEqual(new Array(25).fill(40));
    expect(levelCounts(even, even, 10)).toEqual(new Array(10).fill(100));
  });

  it('takes the groups from the baseline, whatever the window holds', () => {
    const baseline = numeric(new Array(200).fill(5));
    const window = numeric(Array.from({ length: 200 }, (_, bin) => (bin < 100 ? 0 : bin)));
    const groups = levelCounts(baseline, window, 10);
    expect(groups.slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
    expect(groups[5]).toBe(100 * 20 + 190);
  });

  it('leaves a bin alone that holds a group’s share by itself', () => {
    const counts = new Array<number>(200).fill(10);
    counts[77] = 2000;
    const groups = levelCounts(numeric(counts), numeric(counts), 10);
    expect(groups).toContain(2000);
  });

  it('never gives more groups than the level and never loses a row', () => {
    fc.assert(
      fc.property(binCounts, fc.constantFrom(...LEVELS), (counts, level) => {
        const groups = levelCounts(numeric(counts), numeric(counts), level);
        expect(groups.length).toBeLessThanOrEqual(level);
        expect(total(groups)).toBe(total(counts));
      }),
    );
  });

  it('keeps the groups of any fifty light bins within twice their fair share', () => {
    const light = fc.array(fc.integer({ min: 90, max: 110 }), { minLength: 150, maxLength: 200 });
    fc.assert(
      fc.property(light, fc.constantFrom(...LEVELS), (counts, level) => {
        const fair = total(counts) / level;
        for (const group of levelCounts(numeric(counts), numeric(counts), level)) {
          expect(group).toBeGreaterThan(fair / 2);
          expect(group).toBeLessThan(fair * 2);
        }
      }),
    );
  });

  it('counts values one by one, the rare ones together, and unknown ones last', () => {
    const wide = category(
      [...new Array(60).keys()].map((code) => 100 - code),
      7,
    );
    const groups = levelCounts(wide, wide, 50);
    expect(groups).toHaveLength(50);
    expect(groups.slice(0, 3)).toEqual([100, 99, 98]);
    // Values 48 to 59 hold 52 + 51 + … + 41.
    expect(groups.slice(-2)).toEqual([558, 7]);
    expect(levelCounts(category([5, 3], 1), category([0, 0], 9), 10)).toEqual([0, 0, 9]);
  });

  it('refuses a profile over other bins', () => {
    expect(() => levelCounts(numeric([1, 2]), numeric([1, 2, 3]), 10)).toThrow(/a profile over 2 bins was expected/);
    expect(() => levelCounts(numeric([1, 2]), category([1], 2), 10)).toThrow(/profiles-differ/);
  });
});

describe('blockOf', () => {
  it('keeps every level of what it condenses', () => {
    fc.assert(
      fc.property(
        binCounts,
        fc.infiniteStream(fc.nat({ max: 50 })),
        fc.constantFrom(...LEVELS),
        (counts, drawn, level) => {
          for (const shape of [numeric, (given: readonly number[]) => category(given, given.length)]) {
            const baseline = shape(counts);
            const window = shape([...drawn.take(counts.length)]);
            const block = blockOf(baseline, window);
            const grouping = levelGrouping(baseline, level);
            expect(grouping(block)).toEqual(grouping(window));
          }
        },
      ),
    );
  });

  it('names no bins, so that hundreds of blocks stay small', () => {
    const block = blockOf(numeric([1, 2, 3]), numeric([4, 5, 6]));
    expect(block).toMatchObject({ edges: [], sums: [], counts: [4, 5, 6], rows: 15 });
    expect(isBlock(block)).toBe(true);
    expect(isBlock(numeric([1, 2, 3]))).toBe(false);
  });

  it('is no block where there is a single bin, which has no edges anyway', () => {
    expect(isBlock(numeric([3]))).toBe(false);
  });
});
