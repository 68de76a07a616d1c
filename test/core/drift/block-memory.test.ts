import { describe, expect, it } from 'vitest';
import { blockMemory, worthOfBlock } from '../../../core/drift/block-memory.ts';
import { seededRandom } from '../../../core/statistics/random.ts';

/** Days of two bins whose first share is `share`. */
const days = (shares: readonly number[]) => shares.map((share) => [1000 * share, 1000 * (1 - share)]);

describe('blockMemory', () => {
  it('is the autocorrelation at lag 1 of the shares', () => {
    // Deviations of .1 .2 .4 .3 .3 from their mean .26: -.16 -.06 .14 .04 .04; products -.16·-.06 + -.06·.14 + .14·.04 + .04·.04.
    const products = 0.0096 - 0.0084 + 0.0056 + 0.0016;
    const squares = 0.0256 + 0.0036 + 0.0196 + 0.0016 + 0.0016;
    expect(blockMemory(days([0.1, 0.2, 0.4, 0.3, 0.3]))).toBeCloseTo(products / squares, 12);
  });

  it('finds about .6 in an autoregression of .6, and next to nothing in days of their own', () => {
    const random = seededRandom(4);
    let mood = 0;
    const moody = Array.from({ length: 2000 }, () => {
      mood = 0.6 * mood + (random() - 0.5) * 0.1;
      return 0.5 + mood;
    });
    expect(Math.abs(blockMemory(days(moody)) - 0.6)).toBeLessThan(0.06);
    expect(blockMemory(days(Array.from({ length: 2000 }, () => 0.3 + random() * 0.1)))).toBeLessThan(0.06);
  });

  it('is 0 for days that alternate, do not differ or are too few', () => {
    expect(blockMemory(days([0.1, 0.3, 0.1, 0.3]))).toBe(0);
    expect(blockMemory(days([0.5, 0.5, 0.5, 0.5]))).toBe(0);
    expect(blockMemory(days([0.1, 0.3]))).toBe(0);
    expect(blockMemory([])).toBe(0);
  });
});

describe('worthOfBlock', () => {
  it('is 1 for independent blocks and falls to 0: (1 − r²) / (1 + r²)', () => {
    expect([worthOfBlock(0), worthOfBlock(0.5), worthOfBlock(1)]).toEqual([1, 0.6, 0]);
  });
});
