import { describe, expect, it } from 'vitest';
import { chiSquareTail, logGamma, normalTail, upperGamma } from '../../../core/statistics/gamma.ts';

/** Relative difference from a reference value. */
const off = (got: number, want: number) => Math.abs(got - want) / Math.max(Math.abs(want), Number.MIN_VALUE);

// Reference values: scipy 1.17.1 (special.gammaln, special.gammaincc, stats.norm.sf, stats.chi2.sf).
describe('special functions', () => {
  it('logGamma equals scipy within 1e-13', () => {
    for (const [x, want] of [
      [0.1, 2.252712651734206],
      [0.5, 0.5723649429247],
      [3.7, 1.428072326665388],
      [50, 144.56574394634487],
      [1e5, 1051287.7089736569],
    ] as const)
      expect(off(logGamma(x), want), String(x)).toBeLessThan(1e-13);
    expect(Math.abs(logGamma(1))).toBeLessThan(1e-14);
  });

  it('upperGamma equals scipy within 1e-11 relative, also far in the tail', () => {
    for (const [a, x, want] of [
      [0.5, 0.1, 0.6547208460185768],
      [3, 2.5, 0.5438131158833297],
      [3, 30, 4.501016648012131e-11],
      [120, 100, 0.9717696060351343],
      [120, 260, 9.600135124188608e-23],
      [0.5, 400, 5.395865611607819e-176],
    ] as const)
      expect(off(upperGamma(a, x), want), `${a} ${x}`).toBeLessThan(1e-11);
    expect(upperGamma(2, 0)).toBe(1);
  });

  it('normalTail equals scipy within 1e-12 relative on both sides', () => {
    for (const [z, want] of [
      [-2, 0.9772498680518208],
      [-0.3, 0.6179114221889526],
      [0, 0.5],
      [1.96, 0.024997895148220435],
      [6, 9.865876450376946e-10],
      [20, 2.7536241186061556e-89],
    ] as const)
      expect(off(normalTail(z), want), String(z)).toBeLessThan(1e-12);
  });

  it('the chi-square tail with two degrees of freedom is exp(-x/2)', () => {
    for (const x of [0.1, 1, 10, 100]) expect(off(chiSquareTail(x, 2), Math.exp(-x / 2))).toBeLessThan(1e-12);
  });
});
