/** Cells of a table: few enough to stay in the processor's nearest cache, enough that hardly one holds an edge. */
const CELLS = 1 << 13;

/**
 * Bins of one column, made for counting millions of values. A value's cell, which never falls when the value grows, gives the first bin
 * that can be its own; a scan over the edges inside the cell ends the search. Exact, whatever the cells are.
 */
export interface BinTable {
  /** The edges, then NaN, at which every scan ends. */
  readonly edges: Float64Array;
  /** Number of edges in the cells before each cell. */
  readonly below: Uint16Array;
  readonly cells: Cells;
}

/** Cells of equal width, or of equal width in the order of floating-point numbers, which is nearly that of their logarithms. */
type Cells = LinearCells | FloatingCells;
interface LinearCells {
  readonly kind: 'linear';
  readonly lowest: number;
  readonly perUnit: number;
}
interface FloatingCells {
  readonly kind: 'floating';
  readonly lowest: number;
  readonly shift: number;
}

/** The table of ascending edges, with the cells that part them best. */
export function binTable(edges: readonly number[]): BinTable {
  const linear = filled(edges, linearCells(edges));
  const floating = filled(edges, floatingCells(edges));
  const { below, cells } = floating.crowding < linear.crowding ? floating : linear;
  return { edges: Float64Array.from([...edges, Number.NaN]), below, cells };
}

/** What one column has counted so far. */
export interface Tally {
  readonly counts: Float64Array;
  readonly sums: Float64Array;
  /** Missing values, Σx², smallest and largest value. */
  readonly moments: Float64Array;
}

/** A tally of nothing over `bins` bins. */
export function emptyTally(bins: number): Tally {
  const moments = Float64Array.of(0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
  return { counts: new Float64Array(bins), sums: new Float64Array(bins), moments };
}

/** Values that are counted at a time, and the length that arrays of their bins need. */
export const BATCH = 2048;

/**
 * Adds at most `BATCH` values to a tally; NaN and the infinities count as missing. `bins` takes the bin of every value that is not
 * missing. One loop without calls or branches that can be saved: most of the time of a profile is spent here.
 */
export function tallyValues(table: BinTable, tally: Tally, values: Float64Array, bins: Uint16Array): void {
  if (table.cells.kind === 'linear') tallyLinear(table, table.cells, tally, values, bins);
  else tallyFloating(table, table.cells, tally, values, bins);
}

function tallyLinear(
  { edges, below }: BinTable,
  { lowest, perUnit }: LinearCells,
  { counts, sums, moments }: Tally,
  values: Float64Array,
  bins: Uint16Array,
): void {
  const length = values.length;
  let missing = 0;
  let squares = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < length; i++) {
    const value = values[i] ?? 0;
    if (value - value !== 0) {
      missing++;
      continue;
    }
    const cell = (value - lowest) * perUnit;
    let bin = below[cell >= CELLS ? CELLS - 1 : cell > 0 ? cell | 0 : 0] ?? 0;
    while ((edges[bin] ?? 0) <= value) bin++;
    bins[i] = bin;
    counts[bin] = (counts[bin] ?? 0) + 1;
    sums[bin] = (sums[bin] ?? 0) + value;
    squares += value * value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  addMoments(moments, missing, squares, min, max);
}

/** The same with the cells of the order of floating-point numbers. */
function tallyFloating(
  { edges, below }: BinTable,
  cells: FloatingCells,
  { counts, sums, moments }: Tally,
  values: Float64Array,
  bins: Uint16Array,
): void {
  floatingCellsOf(values, cells, bins);
  const length = values.length;
  let missing = 0;
  let squares = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < length; i++) {
    const value = values[i] ?? 0;
    if (value - value !== 0) {
      missing++;
      continue;
    }
    let bin = below[bins[i] ?? 0] ?? 0;
    while ((edges[bin] ?? 0) <= value) bin++;
    bins[i] = bin;
    counts[bin] = (counts[bin] ?? 0) + 1;
    sums[bin] = (sums[bin] ?? 0) + value;
    squares += value * value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  addMoments(moments, missing, squares, min, max);
}

function addMoments(moments: Float64Array, missing: number, squares: number, min: number, max: number): void {
  moments[0] = (moments[0] ?? 0) + missing;
  moments[1] = (moments[1] ?? 0) + squares;
  moments[2] = Math.min(moments[2] ?? min, min);
  moments[3] = Math.max(moments[3] ?? max, max);
}

function linearCellsOf(values: Float64Array, { lowest, perUnit }: LinearCells, cellOf: Uint16Array): void {
  for (let i = 0; i < values.length; i++) {
    const cell = ((values[i] ?? 0) - lowest) * perUnit;
    cellOf[i] = cell >= CELLS ? CELLS - 1 : cell > 0 ? cell : 0;
  }
}

function floatingCellsOf(values: Float64Array, { lowest, shift }: FloatingCells, cellOf: Uint16Array): void {
  const halves = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  for (let i = 0; i < values.length; i++) {
    const half = halves[2 * i + 1] ?? 0;
    const distance = (half ^ ((half >> 31) & 0x7fffffff)) - lowest;
    const cell = distance > 0 ? distance >>> shift : 0;
    cellOf[i] = cell >= CELLS ? CELLS - 1 : cell;
  }
}

function linearCells(edges: readonly number[]): Cells {
  const lowest = edges[0] ?? 0;
  const perUnit = (CELLS - 1) / ((edges.at(-1) ?? 0) - lowest);
  return { kind: 'linear', lowest, perUnit: Number.isFinite(perUnit) ? perUnit : 0 };
}

function floatingCells(edges: readonly number[]): Cells {
  const lowest = orderOf(edges[0] ?? 0);
  const span = orderOf(edges.at(-1) ?? 0) - lowest;
  let shift = 0;
  while (span / 2 ** shift >= CELLS) shift += 1;
  return { kind: 'floating', lowest, shift };
}

/** The edges in their cells; `crowding` is what scans cost: the squares of the numbers of edges that share a cell. */
function filled(edges: readonly number[], cells: Cells): { below: Uint16Array; cells: Cells; crowding: number } {
  const cellOf = new Uint16Array(edges.length);
  if (cells.kind === 'linear') linearCellsOf(Float64Array.from(edges), cells, cellOf);
  else floatingCellsOf(Float64Array.from(edges), cells, cellOf);
  const below = new Uint16Array(CELLS);
  for (const cell of cellOf) below[cell] = (below[cell] ?? 0) + 1;
  let [before, crowding] = [0, 0];
  for (let cell = 0; cell < CELLS; cell++) {
    const here = below[cell] ?? 0;
    crowding += here ** 2;
    below[cell] = before;
    before += here;
  }
  return { below, cells, crowding };
}

const DOUBLE = new DataView(new ArrayBuffer(8));

/** The upper half of a double as a whole number that grows with the double: the bits of negative ones are turned. */
function orderOf(value: number): number {
  DOUBLE.setFloat64(0, value);
  const half = DOUBLE.getInt32(0);
  return half ^ ((half >> 31) & 0x7fffffff);
}
