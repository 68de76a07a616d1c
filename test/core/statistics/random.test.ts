import { describe, expect, it } from 'vitest';
import { poisson } from '../../../core/statistics/poisson.ts';
import { namedSeed, seededRandom } from '../../../core/statistics/random.ts';

const draw = (count: number, next: () => number) => Array.from({ length: count }, next);

function moments(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1) };
}

describe('seededRandom', () => {
  it('repeats itself for one seed and differs for neighbouring ones', () => {
    expect(draw(5, seededRandom(7))).toEqual(draw(5, seededRandom(7)));
    expect(draw(5, seededRandom(7))).not.toEqual(draw(5, seededRandom(8)));
  });

  it('is uniform: mean 1/2, variance 1/12, ten equal bins (chi-square below its 99.9 % point, 27.9)', () => {
    const values = draw(100_000, seededRandom(1));
    const { mean, variance } = moments(values);
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.003);
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.001);
    const bins = new Array<number>(10).fill(0);
    for (const value of values) bins[Math.floor(value * 10)] = (bins[Math.floor(value * 10)] ?? 0) + 1;
    expect(bins.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)).toBeLessThan(27.9);
  });

  it('gives names seeds of their own', () => {
    expect(namedSeed(1, 'a')).toBe(namedSeed(1, 'a'));
    expect(new Set([namedSeed(1, 'a'), namedSeed(1, 'b'), namedSeed(2, 'a')]).size).toBe(3);
  });
});

describe('poisson', () => {
  it('has mean and variance equal to its parameter, in both methods', () => {
    for (const parameter of [0.3, 4, 9.9, 10, 37, 5000]) {
      const random = seededRandom(11);
      const { mean, variance } = moments(draw(40_000, () => poisson(parameter, random)));
      expect(Math.abs(mean / parameter - 1), `mean ${parameter}`).toBeLessThan(5 / Math.sqrt(40_000 * parameter));
      expect(Math.abs(variance / parameter - 1), `variance ${parameter}`).toBeLessThan(0.05);
    }
  });

  it('follows its own probabilities around the switch of methods (P(X = 10) = e^-12 12^10/10!)', () => {
    const random = seededRandom(5);
    const hits = draw(50_000, () => poisson(12, random)).filter((count) => count === 10).length;
    const want = Math.exp(-12 + 10 * Math.log(12)) / 3_628_800;
    expect(Math.abs(hits / 50_000 - want)).toBeLessThan(4 * Math.sqrt(want / 50_000));
  });

  it('of mean 0 is 0', () => {
    expect(poisson(0, seededRandom(1))).toBe(0);
  });
});
