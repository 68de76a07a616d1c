import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { symmetricEigen } from '../../../core/statistics/symmetric-eigen.ts';

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);

describe('symmetricEigen', () => {
  // numpy 2.4.6 linalg.eigh, in falling order; each vector's sign such that its first component is positive.
  it('equals numpy', () => {
    const { values, vectors } = symmetricEigen([
      [4, 1, 0.5, -2],
      [1, 3, 0.2, 0],
      [0.5, 0.2, 1, 0.7],
      [-2, 0, 0.7, 5],
    ]);
    [6.674964800553655, 3.663832172570044, 2.0517734580819336, 0.6094295687943682].forEach((want, i) => {
      expect(values[i]).toBeCloseTo(want, 12);
    });
    const first = vectors[0] ?? [];
    const sign = Math.sign(first[0] ?? 1);
    [0.6257606847952369, 0.16849247990610583, -0.03278375991152444, -0.760893602723633].forEach((want, i) => {
      expect((first[i] ?? 0) * sign).toBeCloseTo(want, 10);
    });
  });

  it('keeps the trace, gives vectors of length 1 at right angles, and A v = λ v', () => {
    const size = 6;
    const entries = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), {
      minLength: size * size,
      maxLength: size * size,
    });
    fc.assert(
      fc.property(entries, (cells) => {
        const cell = (i: number, j: number) => cells[Math.min(i, j) * size + Math.max(i, j)] ?? 0;
        const matrix = Array.from({ length: size }, (_, i) => Array.from({ length: size }, (__, j) => cell(i, j)));
        const { values, vectors } = symmetricEigen(matrix);
        const trace = matrix.reduce((sum, row, i) => sum + (row[i] ?? 0), 0);
        expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(trace, 8);
        vectors.forEach((vector, i) => {
          vectors.forEach((other, j) => {
            expect(dot(vector, other)).toBeCloseTo(i === j ? 1 : 0, 8);
          });
          matrix.forEach((row, k) => {
            expect(dot(row, vector)).toBeCloseTo((values[i] ?? 0) * (vector[k] ?? 0), 7);
          });
        });
      }),
      { numRuns: 50 },
    );
  });

  it('leaves the matrix it was given alone, and knows a matrix of nothing', () => {
    expect(symmetricEigen([])).toEqual({ values: [], vectors: [] });
    expect(symmetricEigen([[0]])).toEqual({ values: [0], vectors: [[1]] });
  });
});
