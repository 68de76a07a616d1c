import { describe, expect, it } from 'vitest';
import { normalTail } from '../../../core/statistics/gamma.ts';
import { NORMAL_95, normalQuantile } from '../../../core/statistics/normal-quantile.ts';
import { studentQuantile } from '../../../core/statistics/student.ts';

// scipy 1.17.1: stats.norm.ppf, stats.t.ppf
describe('normalQuantile', () => {
  it.each([
    [0.975, 1.959963984540054],
    [0.995, 2.5758293035489004],
    [0.5, 0],
    [0.9999, 3.719016485455709],
    [0.001, -3.090232306167813],
    [1 - 0.05 / 2 / 45, 3.2607674884205338],
    [1e-10, -6.361340902404056],
  ])('of %d is scipy’s', (probability, expected) => {
    expect(Math.abs(normalQuantile(probability) - expected)).toBeLessThan(1e-11);
  });

  it('undoes the tail, and knows its 95 % point', () => {
    for (const z of [0.001, 0.3, 1, 4, 8]) expect(Math.abs(-normalQuantile(normalTail(z)) - z)).toBeLessThan(1e-11);
    expect(Math.abs(normalQuantile(0.975) - NORMAL_95)).toBeLessThan(1e-14);
  });
});

describe('studentQuantile', () => {
  it.each([
    [0.975, 1, 12.706204736174694],
    [0.975, 2, 4.302652729749462],
    [0.975, 5, 2.5705818356363146],
    [0.975, 9, 2.262157162798205],
    [0.975, 29, 2.045229642132703],
    [0.975, 200, 1.9718962236339088],
    [0.9, 9, 1.3830287383966329],
    [0.9995, 4, 8.610301581379522],
  ])('of %d with %d degrees is scipy’s', (probability, degrees, expected) => {
    expect(Math.abs(studentQuantile(probability, degrees) - expected)).toBeLessThan(1e-10);
  });

  it('is symmetric', () => {
    expect(studentQuantile(0.1, 9)).toBe(-studentQuantile(0.9, 9));
  });
});
