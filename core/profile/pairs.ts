import type { NumericProfile, Pairs } from '../../contracts/profile.ts';
import { BATCH } from './bin-table.ts';
import { quantile } from './edges.ts';

/** Features of which pairs are counted at most, the model's first ones; the work grows with the square of their number. */
export const MAX_PAIRED = 50;
/** A value counts as at most this many scales from its center, so that one stray value cannot outweigh a window. */
const CLIP = 6;
/** Interquartile range of the standard normal distribution. */
const NORMAL_QUARTILES = 1.3489795003921634;

type Frame = Pick<Pairs, 'names' | 'centers' | 'scales'>;

/** Pairs of numeric features being summed, some rows at a time. */
export interface PairsCounter {
  /** One array per name, all of one length; NaN and the infinities count as missing. */
  readonly add: (columns: readonly Float64Array[]) => void;
  readonly profile: () => Pairs;
}

/** Whether pairs are counted of a numeric feature. An instant runs on by itself, whatever the others do. */
export function isPaired(measures: NumericProfile['measures']): boolean {
  return measures !== 'instant';
}

/** Below this a scale has no inverse. */
const LEAST_SCALE = 1e-300;

/**
 * Median and a robust standard deviation of sorted values: their quartiles', the plain one where half of the values are equal, and 1
 * where neither is a number that can be divided by.
 */
export function centerAndScale(sorted: Float64Array): { readonly center: number; readonly scale: number } {
  const spread = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / NORMAL_QUARTILES;
  const scale = spread > 0 ? spread : deviationOf(sorted);
  return { center: quantile(sorted, 0.5), scale: Number.isFinite(scale) && scale > LEAST_SCALE ? scale : 1 };
}

function deviationOf(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

/** Told of every batch: its first row, the scaled values by column, and how many there are. */
type OnBatch = (start: number, scaled: readonly Float64Array[], length: number) => void;

/** A counter over the centers and scales of a baseline. `onBatch` is for counting the same values in a second way. */
export function pairsCounter({ names, centers, scales }: Frame, onBatch?: OnBatch): PairsCounter {
  const width = names.length;
  const scaled = names.map(() => new Float64Array(BATCH));
  const sums = new Float64Array(width);
  const products = new Float64Array((width * (width + 1)) / 2);
  let rows = 0;
  const addBatch = (columns: readonly Float64Array[], start: number, length: number) => {
    columns.forEach((values, index) => {
      const into = scaled[index] ?? new Float64Array(BATCH);
      const batch = values.subarray(start, start + length);
      sums[index] = (sums[index] ?? 0) + standardize(batch, centers[index] ?? 0, scales[index] ?? 1, into);
    });
    addProducts(scaled, length, products);
    onBatch?.(start, scaled, length);
  };
  return {
    add: (columns) => {
      const length = columns[0]?.length ?? 0;
      rows += length;
      for (let start = 0; start < length; start += BATCH) addBatch(columns, start, Math.min(BATCH, length - start));
    },
    profile: () => ({
      names: [...names],
      centers: [...centers],
      scales: [...scales],
      rows,
      sums: [...sums],
      products: [...products],
    }),
  };
}

/** The sum of two pairs over the same names, centers and scales. */
export function mergePairs(a: Pairs, b: Pairs): Pairs {
  return {
    ...a,
    rows: a.rows + b.rows,
    sums: a.sums.map((sum, index) => sum + (b.sums[index] ?? 0)),
    products: a.products.map((product, index) => product + (b.products[index] ?? 0)),
  };
}

/** Adds the upper triangle of the products of columns, a tile of two by four columns at a time. */
function addProducts(columns: readonly Float64Array[], length: number, products: Float64Array): void {
  const width = columns.length;
  const none = columns[0] ?? new Float64Array(length);
  const column = (index: number) => columns[index] ?? none;
  const tile = new Float64Array(8);
  for (let top = 0; top < width; top += 2)
    for (let left = top; left < width; left += 4) {
      const four = [column(left), column(left + 1), column(left + 2), column(left + 3)] as const;
      tileProducts(column(top), column(top + 1), four, length, tile);
      for (let cell = 0; cell < 8; cell++) {
        const [row, other] = [top + (cell >> 2), left + (cell & 3)];
        if (row >= width || other >= width || other < row) continue;
        const at = (row * (2 * width - row + 1)) / 2 + other - row;
        products[at] = (products[at] ?? 0) + (tile[cell] ?? 0);
      }
    }
}

type Four = readonly [Float64Array, Float64Array, Float64Array, Float64Array];

/** Eight sums at once: the values are loaded once for all of them, and no sum waits for another. */
function tileProducts(p: Float64Array, q: Float64Array, [a, b, c, d]: Four, length: number, tile: Float64Array): void {
  let pa = 0;
  let pb = 0;
  let pc = 0;
  let pd = 0;
  let qa = 0;
  let qb = 0;
  let qc = 0;
  let qd = 0;
  for (let row = 0; row < length; row++) {
    const inP = p[row] ?? 0;
    const inQ = q[row] ?? 0;
    const inA = a[row] ?? 0;
    pa += inP * inA;
    qa += inQ * inA;
    const inB = b[row] ?? 0;
    pb += inP * inB;
    qb += inQ * inB;
    const inC = c[row] ?? 0;
    pc += inP * inC;
    qc += inQ * inC;
    const inD = d[row] ?? 0;
    pd += inP * inD;
    qd += inQ * inD;
  }
  tile.set([pa, pb, pc, pd, qa, qb, qc, qd]);
}

/** (x − center) / scale within ±6; a missing value becomes 0. Returns their sum. */
function standardize(values: Float64Array, center: number, scale: number, into: Float64Array): number {
  const length = values.length;
  const perUnit = 1 / scale;
  let sum = 0;
  for (let i = 0; i < length; i++) {
    const value = values[i] ?? 0;
    const z = (value - center) * perUnit;
    const clipped = value - value !== 0 ? 0 : z > CLIP ? CLIP : z < -CLIP ? -CLIP : z;
    into[i] = clipped;
    sum += clipped;
  }
  return sum;
}
