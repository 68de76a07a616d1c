import { describe, expect, it } from 'vitest';
import { fallingCusum } from '../../../core/quality/cusum.ts';

describe('fallingCusum', () => {
  it('adds up what lies more than half a standard error below', () => {
    expect(fallingCusum([-1, -2, -1.5])).toBeCloseTo(0.5 + 1.5 + 1, 12);
  });

  it('forgets a fall once days have been good', () => {
    expect(fallingCusum([-3, 4, -1])).toBeCloseTo(0.5, 12);
  });

  it('is 0 without days', () => {
    expect(fallingCusum([])).toBe(0);
  });
});
