import { describe, expect, it } from 'vitest';
import { type GroupShare, gapQuantile, gapSpread } from '../../../core/quality/gap-days.ts';

const DAYS = 12;
const A_DAY = 100;

/** A group of which half is selected, and on every other day ten of a hundred more, on the others ten fewer. */
function group(direction: 1 | -1, days = DAYS): GroupShare {
  const byDay = Array.from({ length: days }, (_, day) => ({
    count: 50 + 10 * direction * (day % 2 === 0 ? 1 : -1),
    rows: A_DAY,
  }));
  return { count: 50 * days, rows: A_DAY * days, days: byDay, referenceDays: [] };
}

const without = (share: GroupShare): GroupShare => ({ ...share, days: share.days.slice(0, 3) });

describe('gapSpread', () => {
  it('is how much more the daily difference varies than rows let it', () => {
    // By hand: a day adds ±(10 + 10)/1200 to the difference; 12/11 · 12 · (20/1200)² over 2 · ¼/1200.
    const between = (12 / 11) * 12 * (20 / 1200) ** 2;
    const { designEffect, degrees } = gapSpread(group(1), group(-1));
    expect(designEffect).toBeCloseTo(between / (0.5 / 1200), 10);
    expect(degrees).toBe(DAYS - 1);
  });

  it('lets cancel what days do to both groups alike', () => {
    expect(gapSpread(group(1), group(1)).designEffect).toBe(1);
  });

  it('takes the days of the reference for a window of few', () => {
    const [first, second] = [group(1), group(-1)];
    const few = (share: GroupShare): GroupShare => ({
      ...without(share),
      count: 150,
      rows: 300,
      referenceDays: share.days,
    });
    const { designEffect, degrees } = gapSpread(few(first), few(second));
    // What twelve such days add to their mean beyond their rows, for three days: four times as much.
    const added = (12 / 11) * 12 * (20 / 1200) ** 2 - 0.5 / 1200;
    expect(designEffect).toBeCloseTo(1 + (4 * added) / (0.5 / 300), 10);
    expect(degrees).toBe(DAYS - 1);
  });

  it('takes rows for independent where neither side has ten days', () => {
    expect(gapSpread(without(group(1)), without(group(-1)))).toEqual({
      designEffect: 1,
      degrees: Number.POSITIVE_INFINITY,
    });
  });

  it('is 1 for shares that do not vary at all', () => {
    const none: GroupShare = {
      count: 0,
      rows: 1200,
      days: group(1).days.map(({ rows }) => ({ count: 0, rows })),
      referenceDays: [],
    };
    expect(gapSpread(none, none).designEffect).toBe(1);
  });
});

describe('gapQuantile', () => {
  it('is Student’s, or normal', () => {
    // scipy 1.17.1: stats.t.ppf(.975, 11), stats.norm.ppf(.975)
    expect(gapQuantile(0.05, 11)).toBeCloseTo(2.200985160082949, 9);
    expect(gapQuantile(0.05, Number.POSITIVE_INFINITY)).toBeCloseTo(1.959963984540054, 9);
  });
});
