import { describe, expect, it } from 'vitest';
import { ageIndex, arrivalCurve, isMature, noArrivals } from '../../../core/labels/label-arrival.ts';

const DAY = 86_400_000;

describe('arrivalCurve', () => {
  it('tells the share of labels there by the end of each day', () => {
    const counts = noArrivals();
    for (const at of [0, 0.5 * DAY, 2 * DAY, 2.5 * DAY]) {
      const index = ageIndex(0, at);
      counts[index] = (counts[index] ?? 0) + 1;
    }
    expect(arrivalCurve(counts)).toEqual([
      { days: 1, share: 0.5 },
      { days: 2, share: 0.5 },
      { days: 3, share: 1 },
    ]);
  });

  it('is empty without labels', () => {
    expect(arrivalCurve(noArrivals())).toEqual([]);
  });

  it('counts labels older than sixty days together, and those from before their prediction as age 0', () => {
    expect(ageIndex(0, 400 * DAY)).toBe(60);
    expect(ageIndex(10, 0)).toBe(0);
  });
});

describe('isMature', () => {
  it('waits for the horizon after the end of the window, and no longer', () => {
    expect(isMature(0, 30, 30 * DAY)).toBe(true);
    expect(isMature(0, 30, 30 * DAY - 1)).toBe(false);
    expect(isMature(0, 0, 0)).toBe(true);
  });
});
