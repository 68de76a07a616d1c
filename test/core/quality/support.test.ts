import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { supportOf } from '../../../core/quality/support.ts';
import { referenceOf } from './counted.ts';

/** A reference of two features of two values whose sample has 30, 20, 10 and 40 rows of each pair; one score cell. */
function reference() {
  const pairs = [
    [1, 1, 30],
    [1, 2, 20],
    [2, 1, 10],
    [2, 2, 40],
  ] as const;
  const bytes = pairs.flatMap(([a, b, rows]) => Array.from({ length: rows }, () => [0, a, b]).flat());
  const feature = (name: string) => ({ name, kind: 'category' as const, values: ['one', 'two'] });
  return {
    ...referenceOf(300, 1).reference,
    edges: [],
    groups: [0],
    cells: [0],
    theta: [new Array<number>(8).fill(0)],
    features: [feature('a'), feature('b')],
    sample: { rows: 100, bins: Buffer.from(bytes).toString('base64') },
  };
}

/** Joint counts of one cell over the columns other, one, two, missing of `a` and then of `b`. */
const window = (a: readonly number[], b: readonly number[]) => ({
  rows: Float64Array.from([100]),
  joint: Float64Array.from([...a, ...b]),
});

describe('supportOf', () => {
  it('is the effective share of a raked table', () => {
    // numpy 2.4.6: iterative proportional fitting of [[30, 20], [10, 40]] to rows .7/.3 and columns .5/.5, then (Σw)²/(nΣw²)
    expect(supportOf(reference(), window([0, 70, 30, 0], [0, 50, 50, 0]))).toBeCloseTo(0.8604042543932823, 4);
  });

  it('is 1 for a window that looks like the reference', () => {
    expect(supportOf(reference(), window([0, 50, 50, 0], [0, 40, 60, 0]))).toBeCloseTo(1, 10);
  });

  it('loses the share of the window that the reference never saw', () => {
    expect(supportOf(reference(), window([90, 5, 5, 0], [0, 40, 60, 0]))).toBeLessThan(0.11);
  });

  it('is not defined without rows', () => {
    expect(supportOf(reference(), { rows: new Float64Array(1), joint: new Float64Array(8) })).toBeNaN();
  });
});
