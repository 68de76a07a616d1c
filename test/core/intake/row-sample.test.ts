import { expect, test } from 'vitest';
import { rowSample } from '../../../core/intake/row-sample.ts';

function sampled(rows: number, most: number, characters = 1, mostCharacters?: number): readonly number[] {
  const sample = rowSample<number>(most, mostCharacters);
  for (let row = 0; row < rows; row++) if (sample.wants()) sample.keep(row, characters);
  return sample.rows();
}

test('a short stream is kept whole, in order', () => {
  expect(sampled(100, 100)).toEqual(Array.from({ length: 100 }, (_, row) => row));
});

test('of a long one at most the number asked for, and about half of it at least', () => {
  for (const rows of [101, 1000, 100_000]) {
    const kept = sampled(rows, 100);
    expect(kept.length).toBeLessThanOrEqual(100);
    expect(kept.length).toBeGreaterThan(30);
    expect(sampled(rows, 100)).toEqual(kept);
  }
});

test('rows of every part and every period of the stream are among them', () => {
  const kept = sampled(200_000, 10_000);
  const share = (of: (row: number) => boolean) => kept.filter(of).length / kept.length;
  // Binomial with p = 1/2 and n ≥ 5000: five standard errors are 0.035.
  expect(Math.abs(share((row) => row < 100_000) - 0.5)).toBeLessThan(0.036);
  for (const period of [2, 64, 1024])
    expect(Math.abs(share((row) => row % period < period / 2) - 0.5)).toBeLessThan(0.036);
});

test('large rows are kept in smaller numbers', () => {
  expect(sampled(10_000, 10_000, 1000, 50_000).length).toBeLessThanOrEqual(50);
  expect(sampled(3, 10, 1000, 100).length).toBe(1);
});
