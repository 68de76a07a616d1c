import { describe, expect, it } from 'vitest';
import { normalEquivalent } from '../../../core/quality/normal-equivalent.ts';

const TABLE = [
  [3.6, 23, 3.1727455220570495],
  [-3.4, 30, -3.1017819007328096],
  [2, 9, 1.7710473762883996],
  [-6, 12.5, -4.044608681249294],
] as const;

describe('normalEquivalent', () => {
  it('is as unlikely as the t', () => {
    // scipy 1.17.1: norm.isf(t.sf(x, df))
    for (const [t, degrees, z] of TABLE) expect(normalEquivalent(t, degrees), `${t}, ${degrees}`).toBeCloseTo(z, 6);
  });

  it('is the t itself where degrees are many, and 0 at 0', () => {
    expect(normalEquivalent(-4.2, Number.POSITIVE_INFINITY)).toBe(-4.2);
    expect(normalEquivalent(0, 9)).toBeCloseTo(0, 12);
  });

  it('is NaN for NaN', () => {
    expect(normalEquivalent(Number.NaN, 9)).toBeNaN();
  });
});
