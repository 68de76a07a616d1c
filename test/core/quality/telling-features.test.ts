import { describe, expect, it } from 'vitest';
import { MOST_COLUMNS, tellingFeatures } from '../../../core/quality/telling-features.ts';
import { congruential } from './congruential.ts';

const chances = congruential(2_000, 5);
const noise = (seed: number, binCount: number) => ({
  bins: Uint16Array.from(congruential(2_000, seed), (value) => Math.floor(value * binCount)),
  binCount,
});
const telling = { bins: Uint16Array.from(chances, (value) => (value < 0.4 ? 1 : 0)), binCount: 2 };
const rows = {
  bins: new Uint16Array(2_000),
  labels: Float64Array.from(chances, (value, row) => (value < 0.4 ? 1 : row % 2)),
};

describe('tellingFeatures', () => {
  it('puts the feature first that explains what the score leaves over', () => {
    expect(tellingFeatures([noise(2, 5), telling, noise(3, 4)], rows, [0.7], [0])[0]).toBe(1);
  });

  it('leaves out what would make more than 400 columns, and takes smaller ones after it', () => {
    const wide = Array.from({ length: 3 }, (_, index) => noise(10 + index, 150));
    const chosen = tellingFeatures([...wide, telling], rows, [0.7], [0]);
    expect(chosen).toHaveLength(3);
    expect(chosen[0]).toBe(3);
    expect(150 * 2 + 2).toBeLessThanOrEqual(MOST_COLUMNS);
  });

  it('chooses none of none', () => {
    expect(tellingFeatures([], rows, [0.7], [0])).toEqual([]);
  });
});
