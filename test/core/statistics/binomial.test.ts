import { describe, expect, it } from 'vitest';
import { binomial } from '../../../core/statistics/binomial.ts';
import { seededRandom } from '../../../core/statistics/random.ts';

const DRAWS = 40_000;
const draws = (trials: number, probability: number, seed: number) => {
  const random = seededRandom(seed);
  return Array.from({ length: DRAWS }, () => binomial(trials, probability, random));
};

describe('binomial', () => {
  it('has mean np and variance np(1 − p), in both methods and on both sides of a half', () => {
    for (const [trials, probability] of [
      [5, 0.3],
      [30, 0.9],
      [1000, 0.004],
      [60, 0.5],
      [100_000, 0.03],
      [400, 0.97],
    ] as const) {
      const values = draws(trials, probability, 3);
      const mean = values.reduce((sum, value) => sum + value, 0) / DRAWS;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / DRAWS;
      const want = trials * probability * (1 - probability);
      expect(Math.abs(mean - trials * probability), `mean of ${trials}`).toBeLessThan(5 * Math.sqrt(want / DRAWS));
      expect(Math.abs(variance / want - 1), `variance of ${trials}`).toBeLessThan(0.05);
    }
  });

  // scipy.stats.binom.pmf(20, 60, 0.35), scipy 1.17.1.
  it('follows its own probabilities where draws are rejected', () => {
    const hits = draws(60, 0.35, 5).filter((count) => count === 20).length / DRAWS;
    expect(Math.abs(hits - 0.10478528937457333)).toBeLessThan(4 * Math.sqrt(0.105 / DRAWS));
  });

  it('never leaves 0 to the number of trials, and is certain at 0 and 1', () => {
    const random = seededRandom(1);
    expect([binomial(0, 0.5, random), binomial(7, 0, random), binomial(7, 1, random)]).toEqual([0, 0, 7]);
    expect(draws(25, 0.5, 2).every((count) => count >= 0 && count <= 25)).toBe(true);
  });
});
