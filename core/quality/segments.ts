import type { OutcomeCounts, Segment } from '../../contracts/quality-window.ts';
import type { Instance } from '../../contracts/serving.ts';
import { plain } from '../drift/message.ts';
import { binOf } from '../profile/edges.ts';
import { numberOf } from '../profile/watched.ts';
import { countOutcome, emptyOutcomes } from './outcome-counts.ts';
import type { CodedRow } from './row-coder.ts';

/** Values followed one by one, the most frequent of the reference; others share a slice. */
const MOST_VALUES = 30;
/** A numeric column with more values than this is cut into quarters. */
const MOST_NUMBERS = 12;
const OTHER = 'other';
const MISSING = 'missing';

/** A row of the reference: its bins, and what became of it. */
export interface KnownRow {
  readonly instance: Instance;
  readonly coded: CodedRow;
  /** 0 or 1. */
  readonly label: number;
}

/** The values of a column as slices, fixed by the reference so that later counts add up, with the reference's outcomes for each. */
export function fitSegment(column: string, rows: readonly KnownRow[], bins: number): Segment {
  const cells = rows.map(({ instance }) => cellOf(instance, column));
  const edges = quarterEdges(cells);
  const values = edges === null ? frequentValues(cells) : rangeNames(edges);
  const segment = { column, edges, values: [...new Set([...values, OTHER, MISSING])] };
  const reference = segment.values.map(() => emptyOutcomes(bins));
  const sliceOf = segmentReader(segment);
  for (const { instance, coded, label } of rows) {
    const counts = reference[sliceOf(instance)];
    if (counts !== undefined) countOutcome(counts, coded, label);
  }
  return { ...segment, reference };
}

/** Tells which of a segment's values a row has. */
export function segmentReader({
  column,
  edges,
  values,
}: Pick<Segment, 'column' | 'edges' | 'values'>): (instance: Instance) => number {
  const [other, missing] = [values.indexOf(OTHER), values.indexOf(MISSING)];
  const known = new Map(values.map((value, index) => [value, index]));
  return (instance) => {
    const cell = cellOf(instance, column);
    if (cell === null || cell === undefined || cell === '') return missing;
    if (edges === null) return known.get(String(cell)) ?? other;
    const number = numberOf(cell);
    return Number.isNaN(number) ? other : binOf(edges, number);
  };
}

const cellOf = (instance: Instance, column: string) => (Object.hasOwn(instance, column) ? instance[column] : undefined);

/** No rows over a segment's values. */
export function emptySegment({ values }: Pick<Segment, 'values'>, bins: number): readonly OutcomeCounts[] {
  return values.map(() => emptyOutcomes(bins));
}

/** Quartiles of a numeric column with many values; null for others. */
function quarterEdges(cells: readonly (Instance[string] | undefined)[]): number[] | null {
  const numbers = cells.filter((cell) => typeof cell === 'number' && Number.isFinite(cell));
  if (new Set(numbers).size <= MOST_NUMBERS) return null;
  const sorted = Float64Array.from(numbers, numberOf).sort();
  const quartiles = [1, 2, 3].map((quarter) => sorted[Math.floor((quarter * sorted.length) / 4)] ?? 0);
  return [...new Set(quartiles)];
}

function rangeNames(edges: readonly number[]): readonly string[] {
  return Array.from({ length: edges.length + 1 }, (_, index) => {
    const [low, high] = [edges[index - 1], edges[index]];
    if (low === undefined) return `below ${plain(high ?? 0)}`;
    return high === undefined ? `from ${plain(low)}` : `${plain(low)} to ${plain(high)}`;
  });
}

function frequentValues(cells: readonly (Instance[string] | undefined)[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const cell of cells)
    if (cell !== null && cell !== undefined && cell !== '')
      counts.set(String(cell), (counts.get(String(cell)) ?? 0) + 1);
  return [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, MOST_VALUES)
    .map(([value]) => value);
}
