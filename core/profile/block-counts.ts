import type { CategoryProfile, NumericProfile, Pairs } from '../../contracts/profile.ts';
import { saturated } from './saturated.ts';

/** Bins of one feature counted block by block, over the stored bins of the baseline. */
export interface BlockCounts<T> {
  /** The profile of one block. */
  readonly profile: (block: number) => T;
}

/** A numeric feature counted block by block. */
export interface NumericBlocks extends BlockCounts<NumericProfile> {
  /** Adds values with their bins and the blocks they belong to; −1 is no block. */
  readonly add: (values: Float64Array, bins: Uint16Array, blockOf: Int32Array) => void;
}

/** Places of one block: rows, missing, Σx, Σx², min, max. */
const MOMENTS = 6;

/** Counts over the bins of `whole` for each of `blocks` blocks; sums per bin are not kept. */
export function numericBlocks({ edges, measures }: NumericProfile, blocks: number): NumericBlocks {
  const width = edges.length + 1;
  const counts = new Uint32Array(blocks * width);
  const moments = new Float64Array(blocks * MOMENTS);
  for (let block = 0; block < blocks; block++)
    moments.set([0, 0, 0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], block * MOMENTS);
  const bump = (at: number, by: number) => {
    moments[at] = (moments[at] ?? 0) + by;
  };
  return {
    add: (values, bins, blockOf) => {
      for (let i = 0; i < values.length; i++) {
        const block = blockOf[i] ?? -1;
        if (block < 0) continue;
        const value = values[i] ?? 0;
        const own = block * MOMENTS;
        bump(own, 1);
        if (value - value !== 0) {
          bump(own + 1, 1);
          continue;
        }
        const at = block * width + (bins[i] ?? 0);
        counts[at] = (counts[at] ?? 0) + 1;
        bump(own + 2, value);
        bump(own + 3, value * value);
        moments[own + 4] = Math.min(moments[own + 4] ?? value, value);
        moments[own + 5] = Math.max(moments[own + 5] ?? value, value);
      }
    },
    profile: (block) => {
      const [rows = 0, missing = 0, sum = 0, sumOfSquares = 0, min = 0, max = 0] = moments.subarray(block * MOMENTS);
      const present = rows > missing;
      return {
        kind: 'numeric',
        ...(measures === undefined ? {} : { measures }),
        edges,
        counts: [...counts.subarray(block * width, (block + 1) * width)],
        sums: [],
        rows,
        missing,
        sum: saturated(sum),
        sumOfSquares: saturated(sumOfSquares),
        min: present ? min + 0 : null,
        max: present ? max + 0 : null,
      };
    },
  };
}

/** A category feature counted block by block. */
export interface CategoryBlocks extends BlockCounts<CategoryProfile> {
  readonly add: (value: string | undefined, block: number, times: number) => void;
}

/** Counts over the known values of `whole` for each of `blocks` blocks; which unknown values there were is not kept. */
export function categoryBlocks({ values }: CategoryProfile, blocks: number): CategoryBlocks {
  const codes = new Map(values.map((value, code) => [value, code]));
  const [other, missing, width] = [values.length, values.length + 1, values.length + 2];
  const counts = new Uint32Array(blocks * width);
  return {
    add: (value, block, times) => {
      if (block < 0) return;
      const at = block * width + (value === undefined ? missing : (codes.get(value) ?? other));
      counts[at] = (counts[at] ?? 0) + times;
    },
    profile: (block) => {
      const own = [...counts.subarray(block * width, (block + 1) * width)];
      return {
        kind: 'category',
        values,
        counts: own.slice(0, other),
        other: own[other] ?? 0,
        rows: own.reduce((total, count) => total + count, 0),
        missing: own[missing] ?? 0,
      };
    },
  };
}

/** Pairs counted block by block. */
export interface PairsBlocks extends BlockCounts<Pairs> {
  /** Adds rows of scaled values, by column, and the blocks they belong to; −1 is no block. */
  readonly add: (scaled: readonly Float64Array[], length: number, blockOf: Int32Array) => void;
}

/** Sums over the centers and scales of `whole` for each of `blocks` blocks. */
export function pairsBlocks({ names, centers, scales }: Pairs, blocks: number): PairsBlocks {
  const width = names.length;
  const size = 1 + width + (width * (width + 1)) / 2;
  const totals = new Float64Array(blocks * size);
  const row = new Float64Array(width);
  return {
    add: (scaled, length, blockOf) => {
      for (let i = 0; i < length; i++) {
        const block = blockOf[i] ?? -1;
        if (block < 0) continue;
        for (let column = 0; column < width; column++) row[column] = scaled[column]?.[i] ?? 0;
        addRow(row, totals, block * size);
      }
    },
    profile: (block) => {
      const [rows = 0, ...rest] = totals.subarray(block * size, (block + 1) * size);
      return { names, centers, scales, rows, sums: rest.slice(0, width), products: rest.slice(width) };
    },
  };
}

/** Adds one row: 1, its values, and the upper triangle of their products. */
function addRow(row: Float64Array, totals: Float64Array, start: number): void {
  const width = row.length;
  totals[start] = (totals[start] ?? 0) + 1;
  let product = start + 1 + width;
  for (let left = 0; left < width; left++) {
    const value = row[left] ?? 0;
    totals[start + 1 + left] = (totals[start + 1 + left] ?? 0) + value;
    for (let right = left; right < width; right++) {
      totals[product] = (totals[product] ?? 0) + value * (row[right] ?? 0);
      product++;
    }
  }
}
