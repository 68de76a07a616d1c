import type { NumericProfile } from '../../contracts/profile.ts';
import { binOf } from './edges.ts';

/** Profile of a numeric column over fixed edges. NaN counts as missing. */
export function profileNumbers(edges: readonly number[], values: Float64Array): NumericProfile {
  const counts = new Array<number>(edges.length + 1).fill(0);
  const sums = new Array<number>(edges.length + 1).fill(0);
  let missing = 0;
  let sumOfSquares = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (Number.isNaN(value)) {
      missing += 1;
      continue;
    }
    const bin = binOf(edges, value);
    counts[bin] = (counts[bin] ?? 0) + 1;
    sums[bin] = (sums[bin] ?? 0) + value;
    sumOfSquares += value * value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const present = values.length > missing;
  return {
    kind: 'numeric',
    edges: [...edges],
    counts,
    sums,
    rows: values.length,
    missing,
    sum: sums.reduce((total, sum) => total + sum, 0),
    sumOfSquares,
    // Adding 0 turns -0 into 0, so that the order of rows cannot show.
    min: present ? min + 0 : null,
    max: present ? max + 0 : null,
  };
}

/** The sum of two profiles over the same edges. */
export function mergeNumeric(a: NumericProfile, b: NumericProfile): NumericProfile {
  return {
    kind: 'numeric',
    edges: a.edges,
    counts: a.counts.map((count, bin) => count + (b.counts[bin] ?? 0)),
    sums: a.sums.map((sum, bin) => sum + (b.sums[bin] ?? 0)),
    rows: a.rows + b.rows,
    missing: a.missing + b.missing,
    sum: a.sum + b.sum,
    sumOfSquares: a.sumOfSquares + b.sumOfSquares,
    min: outermost(a.min, b.min, Math.min),
    max: outermost(a.max, b.max, Math.max),
  };
}

function outermost(a: number | null, b: number | null, pick: (a: number, b: number) => number): number | null {
  if (a === null) return b;
  return b === null ? a : pick(a, b);
}
