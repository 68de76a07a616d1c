import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Baseline, Profile } from '../../../contracts/profile.ts';
import { spreadOf, testChange } from '../../../core/drift/block-spread.ts';
import { baselineRun, blocksFor, blocksOfFeature, windowRun } from '../../../core/drift/blocks.ts';
import { drawnOnce, stepBelow } from '../../../core/drift/null-cache.ts';
import { blocksNull, independentRowsNull } from '../../../core/drift/null-model.ts';
import { meanOf } from '../../../core/drift/tail-fit.ts';
import { testedBins } from '../../../core/drift/tested-bins.ts';
import { profileNumbers } from '../../../core/profile/numeric.ts';
import { normalTail } from '../../../core/statistics/gamma.ts';
import { poisson } from '../../../core/statistics/poisson.ts';
import { seededRandom } from '../../../core/statistics/random.ts';

const block = (...names: readonly string[]): Profile => ({
  version: 1,
  rows: 2,
  features: Object.fromEntries(names.map((name) => [name, profileNumbers([0], Float64Array.of(-1, 1))])),
});
const times = (count: number, ...names: readonly string[]) => Array.from({ length: count }, () => block(...names));
const baselineOf = (days: number, hours?: number): Baseline => ({
  profile: block('x'),
  days: times(days, 'x'),
  ...(hours === undefined ? {} : { hours: times(hours, 'x') }),
  importance: {},
});

describe('blocksFor', () => {
  it('takes days for windows of a day or longer, hours for shorter ones, and nothing without time', () => {
    expect(blocksFor(baselineOf(20, 400), 24)).toMatchObject({ null: 'day-blocks', span: 1, cycle: 7 });
    expect(blocksFor(baselineOf(20, 400), 168)).toMatchObject({ null: 'day-blocks', span: 7 });
    expect(blocksFor(baselineOf(20, 400), 1)).toMatchObject({ null: 'hour-blocks', span: 1, cycle: 7 });
    expect(blocksFor(baselineOf(5, 120), 3)).toMatchObject({ null: 'hour-blocks', span: 3, cycle: 24 });
    expect(blocksFor(baselineOf(0), 24).null).toBe('independent-rows');
  });

  it('falls back to days for hourly windows of a baseline without hours, and to rows with fewer than ten days', () => {
    expect(blocksFor(baselineOf(20), 1)).toMatchObject({ null: 'day-blocks', span: 1 });
    expect(blocksFor(baselineOf(9, 40), 1).null).toBe('independent-rows');
  });

  it('draws runs of neighbours when the baseline holds four of them', () => {
    expect(windowRun(blocksFor(baselineOf(28), 168))).toBe(7);
    expect(windowRun(blocksFor(baselineOf(27), 168))).toBe(1);
    expect(baselineRun(blocksFor(baselineOf(28), 24))).toBe(7);
    expect(baselineRun(blocksFor(baselineOf(22), 24))).toBe(1);
  });
});

describe('blocksOfFeature', () => {
  it('gives a feature that only days know (predictions) the days, and one that nothing knows no blocks', () => {
    const days = times(20, 'x', 'prediction');
    const blocks = blocksFor({ ...baselineOf(0), days, hours: times(400, 'x') }, 1);
    expect(blocksOfFeature(blocks, 'prediction').window).toHaveLength(20);
    expect(blocksOfFeature(blocks, 'x').window).toHaveLength(400);
    expect(blocksOfFeature(blocks, 'y').null).toBe('independent-rows');
  });
});

describe('blocksNull', () => {
  const random = seededRandom(5);
  const shares = Array.from({ length: 20 }, () => 0.05);
  /** Days of one source: nothing but chance between them. */
  const days = Array.from({ length: 60 }, () => shares.map((share) => poisson(share * 4000, random)));
  const pooled = shares.map((_, bin) => days.reduce((sum, day) => sum + (day[bin] ?? 0), 0));
  const blocks = { null: 'day-blocks', baseline: days, window: days, span: 1, cycle: 7 } as const;

  it('is the null of independent rows when the days do not differ and the window is smaller than a day', () => {
    const [byDays, byRows] = [
      blocksNull(blocks, 1000, seededRandom(1)),
      independentRowsNull(pooled, 1000, seededRandom(2)),
    ].map(meanOf);
    expect(Math.abs((byDays ?? 0) / (byRows ?? 1) - 1)).toBeLessThan(0.06);
  });

  it('never expects less than a day has, however many rows the window holds', () => {
    const [large, larger] = [40_000, 4_000_000].map((rows) => meanOf(blocksNull(blocks, rows, seededRandom(3))));
    expect(large).toBe(larger);
    expect(large).toBeGreaterThan(meanOf(independentRowsNull(pooled, 40_000, seededRandom(4))));
  });
});

describe('spread and change', () => {
  it('without blocks is the normal test', () => {
    const spread = { centre: 0, between: 0, degrees: Number.POSITIVE_INFINITY, windows: Number.POSITIVE_INFINITY };
    expect(testChange(-0.3, 0.01, spread).pValue).toBeCloseTo(2 * normalTail(3), 12);
  });

  // Paired form of the classic: with no sampling variance it is the t interval for one new observation, t = d / (s √(1 + 1/n));
  // scipy 1.17.1: 2 * t.sf(2.5 / sqrt(1.1), 9) for s = 1, n = 10.
  it('with blocks alone is the t test of one more observation', () => {
    const values = [-1.5, -1.1, -0.7, -0.3, -0.1, 0.1, 0.3, 0.7, 1.1, 1.5];
    const squares = values.reduce((sum, value) => sum + value ** 2, 0);
    const scaled = values.map((value) => ({ value: value / Math.sqrt(squares / 9), sampling: 0 }));
    const spread = spreadOf(scaled, { perWindow: 1, overlap: 1 });
    expect(spread).toMatchObject({ degrees: 9, windows: 10 });
    expect(spread.between).toBeCloseTo(1, 12);
    expect(testChange(2.5, 0, spread).pValue).toBeCloseTo(0.04098133411003496, 9);
  });

  it('takes off what sampling alone explains, down to nothing', () => {
    const values = [1, 2, 3, 2].map((value) => ({ value, sampling: 5 }));
    expect(spreadOf(values, { perWindow: 1, overlap: 1 })).toMatchObject({ centre: 2, between: 0 });
  });
});

describe('null distributions drawn once', () => {
  it('are shared by windows of nearly one size, never by a smaller one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000_000 }), (rows) => {
        const step = stepBelow(rows);
        expect(step).toBeLessThanOrEqual(rows);
        expect(step).toBeGreaterThan(rows * 0.94);
        expect(stepBelow(step)).toBe(step);
      }),
    );
  });

  it('are drawn the first time and kept', () => {
    const cache = new Map<string, readonly number[]>();
    let draws = 0;
    const draw = () => {
      draws += 1;
      return [1];
    };
    expect([drawnOnce(cache, 'a', draw), drawnOnce(cache, 'a', draw), drawnOnce(cache, 'b', draw)]).toHaveLength(3);
    expect(draws).toBe(2);
    expect(drawnOnce(undefined, 'a', draw)).toEqual([1]);
    expect(draws).toBe(3);
  });
});

describe('testedBins', () => {
  it('is 10 below 1000 rows, 25 below 10 000, else 50', () => {
    expect([0, 999, 1000, 9999, 10_000, 5_000_000].map(testedBins)).toEqual([10, 10, 25, 25, 50, 50]);
  });
});
