import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { separation } from '../../../core/intake/separation.ts';

/** Rows in fours, so that both halves of the cross-fit see the same. */
const repeated = <T>(values: readonly T[], times: number): readonly T[] =>
  Array.from({ length: times }, () => values.flatMap((value) => [value, value])).flat();

describe('how well a column alone tells the target', () => {
  test('a column of two values has the AUC of its one threshold, the mean of both rates of right answers', () => {
    // 8 of 10 positives are marked, 3 of 10 negatives: (0.8 + 0.7) / 2, by the trapezoid under a ROC curve of one point.
    const target = repeated([...Array(10).fill(true), ...Array(10).fill(false)], 5);
    const column = repeated(
      [...Array(8).fill('yes'), ...Array(2).fill('no'), ...Array(3).fill('yes'), ...Array(7).fill('no')],
      5,
    );
    expect(separation(column, target)).toBeCloseTo(0.75, 12);
  });

  test('a column that is the target tells all, also upside down and in the middle of a range', () => {
    const target = Array.from({ length: 400 }, (_, row) => Math.floor(row / 2) % 2 === 0);
    expect(
      separation(
        target.map((late) => (late ? 'no' : 'yes')),
        target,
      ),
    ).toBe(1);
    expect(
      separation(
        target.map((late, row) => (late ? 0 : (row % 4) * 20 - 50)),
        target,
      ),
    ).toBe(1);
    expect(
      separation(
        target.map((late) => (late ? Number.NaN : 3)),
        target,
      ),
    ).toBe(1);
  });

  test('values seen once tell nothing', () => {
    const target = Array.from({ length: 400 }, (_, row) => Math.floor(row / 2) % 2 === 0);
    expect(
      separation(
        target.map((_, row) => `id${row}`),
        target,
      ),
    ).toBe(0.5);
  });

  test('too few rows of a class say nothing', () => {
    const target = Array.from({ length: 400 }, (_, row) => row < 19);
    expect(separation(target.map(String), target)).toBeUndefined();
  });

  test('it is a share, whatever the values', () => {
    const rows = fc.array(fc.tuple(fc.double(), fc.boolean()), { minLength: 60, maxLength: 120 });
    fc.assert(
      fc.property(rows, (pairs) => {
        const told = separation(
          pairs.map(([value]) => value),
          pairs.map(([, label]) => label),
        );
        if (told !== undefined) expect(told >= 0 && told <= 1).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
