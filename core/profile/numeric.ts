import type { NumericProfile } from '../../contracts/profile.ts';
import { BATCH, binTable, emptyTally, tallyValues } from './bin-table.ts';
import { saturated } from './saturated.ts';

/** What the numbers of a numeric profile are; undefined: the column's own values. */
export type Measures = NumericProfile['measures'];

/** A numeric column being counted over fixed edges, some values at a time. */
export interface NumericCounter {
  /** NaN and the infinities count as missing. */
  readonly add: (values: Float64Array) => void;
  readonly profile: () => NumericProfile;
}

/**
 * A counter over the edges and of what `bins` measures. `onBatch` is told the values and bins of every batch, where the values of one
 * column are counted in a second way; the bin of a missing value means nothing.
 */
export function numericCounter(
  { edges, measures }: Pick<NumericProfile, 'edges' | 'measures'>,
  onBatch?: (start: number, values: Float64Array, bins: Uint16Array) => void,
): NumericCounter {
  const table = binTable(edges);
  const tally = emptyTally(edges.length + 1);
  const bins = new Uint16Array(BATCH);
  let rows = 0;
  return {
    add: (values) => {
      rows += values.length;
      for (let start = 0; start < values.length; start += BATCH) {
        const batch = values.subarray(start, start + BATCH);
        tallyValues(table, tally, batch, bins);
        onBatch?.(start, batch, bins);
      }
    },
    profile: () => {
      const [missing = 0, sumOfSquares = 0, min = 0, max = 0] = tally.moments;
      const present = rows > missing;
      return {
        kind: 'numeric',
        ...(measures === undefined ? {} : { measures }),
        edges: [...edges],
        counts: [...tally.counts],
        sums: Array.from(tally.sums, saturated),
        rows,
        missing,
        sum: saturated(tally.sums.reduce((total, sum) => total + sum, 0)),
        sumOfSquares: saturated(sumOfSquares),
        // Adding 0 turns -0 into 0, so that the order of rows cannot show.
        min: present ? min + 0 : null,
        max: present ? max + 0 : null,
      };
    },
  };
}

/** Profile of a numeric column over fixed edges. NaN counts as missing. */
export function profileNumbers(edges: readonly number[], values: Float64Array, measures?: Measures): NumericProfile {
  const counter = numericCounter({ edges: [...edges], measures });
  counter.add(values);
  return counter.profile();
}

/** The sum of two profiles over the same edges. */
export function mergeNumeric(a: NumericProfile, b: NumericProfile): NumericProfile {
  return {
    kind: 'numeric',
    ...(a.measures === undefined ? {} : { measures: a.measures }),
    edges: a.edges,
    counts: a.counts.map((count, bin) => count + (b.counts[bin] ?? 0)),
    sums: a.sums.map((sum, bin) => saturated(sum + (b.sums[bin] ?? 0))),
    rows: a.rows + b.rows,
    missing: a.missing + b.missing,
    sum: saturated(a.sum + b.sum),
    sumOfSquares: saturated(a.sumOfSquares + b.sumOfSquares),
    min: outermost(a.min, b.min, Math.min),
    max: outermost(a.max, b.max, Math.max),
  };
}

function outermost(a: number | null, b: number | null, pick: (a: number, b: number) => number): number | null {
  if (a === null) return b;
  return b === null ? a : pick(a, b);
}
