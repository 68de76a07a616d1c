import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { incompleteBeta } from '../../../core/statistics/incomplete-beta.ts';

const VALUES = [
  [0.3, 2, 5, 0.5798250000000003],
  [0.001, 40, 20000, 5.4864602780508716e-5],
  [0.02, 7, 301, 0.41639495553981737],
  [0.97, 0.5, 12.5, 1.0],
  [0.001, 90, 20000, 2.6627374615021568e-30],
] as const;

describe('incompleteBeta', () => {
  it('equals scipy.special.betainc (1.17.1), far tails included', () => {
    for (const [x, a, b, want] of VALUES)
      expect(Math.abs(incompleteBeta(x, a, b) / want - 1), `a ${a}`).toBeLessThan(1e-9);
  });

  it('is 0 at 0 and 1 at 1, and its two sides add up to 1', () => {
    expect([incompleteBeta(0, 2, 3), incompleteBeta(1, 2, 3)]).toEqual([0, 1]);
    const above0 = fc.double({ min: 0.1, max: 500, noNaN: true });
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), above0, above0, (x, a, b) => {
        expect(incompleteBeta(x, a, b) + incompleteBeta(1 - x, b, a)).toBeCloseTo(1, 9);
      }),
    );
  });
});
