import { describe, expect, it } from 'vitest';
import { centerAndScale, pairsCounter } from '../../../core/profile/pairs.ts';
import { seededRandom } from '../../../core/statistics/random.ts';

const frame = (width: number) => ({
  names: Array.from({ length: width }, (_, i) => `f${i}`),
  centers: Array.from({ length: width }, (_, i) => i / 10),
  scales: Array.from({ length: width }, (_, i) => 1 + i / 5),
});

describe('pairsCounter', () => {
  it('sums clipped standard scores and every product of two, as the formula says, for any number of columns', () => {
    for (const width of [2, 3, 5, 8]) {
      const { names, centers, scales } = frame(width);
      const random = seededRandom(width);
      const columns = names.map(() => Float64Array.from({ length: 5000 }, () => 20 * (random() - 0.5)));
      const counter = pairsCounter({ names, centers, scales });
      counter.add(columns.map((column) => column.subarray(0, 3000)));
      counter.add(columns.map((column) => column.subarray(3000)));
      const { rows, sums, products } = counter.profile();
      const z = columns.map((column, i) =>
        column.map((x) => Math.max(-6, Math.min(6, (x - (centers[i] ?? 0)) / (scales[i] ?? 1)))),
      );
      expect(rows).toBe(5000);
      let at = 0;
      z.forEach((left, i) => {
        expect(sums[i]).toBeCloseTo(
          left.reduce((sum, value) => sum + value, 0),
          8,
        );
        for (const right of z.slice(i)) {
          expect(products[at]).toBeCloseTo(
            left.reduce((sum, value, row) => sum + value * (right[row] ?? 0), 0),
            7,
          );
          at += 1;
        }
      });
      expect(products).toHaveLength(at);
    }
  });

  it('takes a missing or infinite value for the center', () => {
    const counter = pairsCounter({ names: ['a', 'b'], centers: [5, 5], scales: [1, 1] });
    counter.add([
      Float64Array.of(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 7),
      Float64Array.of(6, 6, 6, 6),
    ]);
    expect(counter.profile()).toMatchObject({ rows: 4, sums: [2, 4], products: [4, 2, 4] });
  });
});

describe('centerAndScale', () => {
  it('are about mean and standard deviation of a normal column', () => {
    const random = seededRandom(3);
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const { center, scale } = centerAndScale(Float64Array.from({ length: 20_000 }, () => 100 + 15 * normal()).sort());
    expect(center).toBeCloseTo(100, 0);
    expect(Math.abs(scale - 15)).toBeLessThan(0.5);
  });

  it('fall back to the plain deviation when half of the values are equal, and to 1 when all are', () => {
    // Of 0, 0, 0, 0, 4 the mean is 0.8 and the variance 2.56.
    expect(centerAndScale(Float64Array.of(0, 0, 0, 0, 4)).scale).toBeCloseTo(1.6);
    expect(centerAndScale(Float64Array.of(2, 2))).toEqual({ center: 2, scale: 1 });
    // 1 / 5e-324 is infinite.
    expect(centerAndScale(Float64Array.of(0, 5e-324)).scale).toBe(1);
    expect(centerAndScale(new Float64Array())).toEqual({ center: 0, scale: 1 });
  });
});
