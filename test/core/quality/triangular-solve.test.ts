import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choleskyFactor, inverseOf } from '../../../core/quality/cholesky.ts';
import { solveLower, solveUpper } from '../../../core/quality/triangular-solve.ts';

describe('solveLower and solveUpper', () => {
  // L = [[2, 0], [1, 3]].
  const factor = Float64Array.from([2, 0, 1, 3]);

  it('solve by hand', () => {
    // L (2, 1) = (4, 5); Lᵀ (2, 1) = (5, 3).
    expect([...solveLower(factor, Float64Array.from([4, 5]))]).toEqual([2, 1]);
    expect([...solveUpper(factor, Float64Array.from([5, 3]))]).toEqual([2, 1]);
  });

  it('one after the other undo the matrix that the factor comes from', () => {
    const entries = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(entries, (values) => {
        const at = (i: number, k: number) => values[3 * i + k] ?? 0;
        // root·rootᵀ + 1 is positive definite.
        const matrix = new Float64Array(9).map((_, index) => {
          const [i, j] = [Math.floor(index / 3), index % 3];
          return [0, 1, 2].reduce((sum, k) => sum + at(i, k) * at(j, k), i === j ? 1 : 0);
        });
        const x = [9, 10, 11].map((index) => values[index] ?? 0);
        const right = Float64Array.from([0, 1, 2], (i) =>
          x.reduce((sum, own, j) => sum + (matrix[3 * i + j] ?? 0) * own, 0),
        );
        const root = choleskyFactor(matrix, 3);
        solveUpper(root, solveLower(root, right)).forEach((value, i) => {
          expect(value).toBeCloseTo(x[i] ?? 0, 8);
        });
        // |L⁻¹ x|² = xᵀ A⁻¹ x.
        const inverse = inverseOf(matrix, 3);
        const form = x.reduce(
          (sum, a, i) => sum + x.reduce((own, b, j) => own + a * b * (inverse[3 * i + j] ?? 0), 0),
          0,
        );
        const length = solveLower(root, Float64Array.from(x)).reduce((sum, value) => sum + value ** 2, 0);
        expect(length).toBeCloseTo(form, 8);
      }),
    );
  });

  it('are not finite where a diagonal is 0', () => {
    expect(Number.isFinite(solveLower(Float64Array.from([0, 0, 1, 1]), Float64Array.from([1, 1]))[1])).toBe(false);
  });
});
