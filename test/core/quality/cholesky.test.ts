import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inverseOf, productOf } from '../../../core/quality/cholesky.ts';

describe('inverseOf', () => {
  it('inverts by hand', () => {
    // The inverse of [[4, 2], [2, 3]] is [[3, −2], [−2, 4]] / 8.
    const inverse = inverseOf(Float64Array.from([4, 2, 2, 3]), 2);
    [3 / 8, -2 / 8, -2 / 8, 4 / 8].forEach((value, at) => {
      expect(inverse[at]).toBeCloseTo(value, 14);
    });
  });

  it('times the matrix is the identity', () => {
    const entries = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(entries, (values) => {
        const root = Float64Array.from(values);
        // root·rootᵀ + 1 is positive definite.
        const matrix = new Float64Array(16).map((_, at) => {
          const [i, j] = [Math.floor(at / 4), at % 4];
          return [0, 1, 2, 3].reduce(
            (sum, k) => sum + (root[4 * i + k] ?? 0) * (root[4 * j + k] ?? 0),
            i === j ? 1 : 0,
          );
        });
        productOf(matrix, inverseOf(matrix, 4), 4).forEach((value, at) => {
          expect(value).toBeCloseTo(Math.floor(at / 4) === at % 4 ? 1 : 0, 8);
        });
      }),
    );
  });

  it('is not finite for a matrix that is not positive definite', () => {
    expect(Number.isFinite(inverseOf(Float64Array.from([1, 2, 2, 1]), 2)[3])).toBe(false);
  });
});
