import type { NumericalStatistics } from './monitor-schema.ts';

/** Bins of a numeric feature: edges in order, and between them counts and sums; one bin more than edges, both ends open. */
export interface SketchedBins {
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  readonly sums: readonly number[];
}

/** A value and the rows it stands for. */
interface Weighted {
  readonly value: number;
  readonly rows: number;
}

/** As many as a drift verdict looks at. */
const BINS = 50;
/** A sketch whose weights miss the rows by more than this share was written in another way than is known here. */
const TOLERANCE = 0.05;

/**
 * Bins of a feature from its sketch: about equally many rows in each, at most fifty, one for each value when there are no more. The
 * outermost bins lie beyond the smallest and the largest value and are empty, so that values out of range count as new. Without a
 * usable sketch the ten buckets serve, their rows taken to lie in the middle. Undefined when the file has neither.
 */
export function sketchedBins({ common, min, max, distribution }: NumericalStatistics): SketchedBins | undefined {
  const sketch = weighted(distribution?.kll.sketch?.data ?? [], common.num_present);
  const buckets = distribution?.kll.buckets ?? [];
  const rows =
    sketch ??
    buckets.map(({ lower_bound, upper_bound, count }) => ({ value: (lower_bound + upper_bound) / 2, rows: count }));
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const low = Math.min(min ?? first.value, first.value, buckets[0]?.lower_bound ?? first.value);
  const high = Math.max(max ?? last.value, last.value, buckets.at(-1)?.upper_bound ?? last.value);
  const inner = sketch === undefined ? buckets.slice(1).map((bucket) => bucket.lower_bound) : quantiles(rows);
  const edges = [low, ...inner.filter((edge) => edge > low && edge <= high), justAbove(high)];
  return counted([...new Set(edges)], rows, common.num_present);
}

/** The sketch's values in order; undefined when there is none, or its weights are not those of the rows. */
function weighted(levels: readonly (readonly number[])[], present: number): readonly Weighted[] | undefined {
  const values = levels.flatMap((level, index) => level.map((value) => ({ value, rows: 2 ** index })));
  const total = values.reduce((sum, { rows }) => sum + rows, 0);
  if (total === 0 || Math.abs(total - present) > TOLERANCE * present) return undefined;
  return values.sort((a, b) => a.value - b.value);
}

/** Values that begin a new bin when the rows are cut into equal parts. */
function quantiles(sorted: readonly Weighted[]): readonly number[] {
  const distinct = [...new Set(sorted.map(({ value }) => value))];
  if (distinct.length <= BINS) return distinct;
  const part = sorted.reduce((sum, { rows }) => sum + rows, 0) / BINS;
  let [below, next] = [0, part];
  return sorted.flatMap(({ value, rows }) => {
    const starts = below >= next;
    if (starts) next += part * Math.ceil((below - next + 1) / part);
    below += rows;
    return starts ? [value] : [];
  });
}

/** The rows over the edges, scaled to the number that was present, whole numbers that add up to it. */
function counted(edges: readonly number[], rows: readonly Weighted[], present: number): SketchedBins {
  const weights = new Array<number>(edges.length + 1).fill(0);
  const sums = new Array<number>(edges.length + 1).fill(0);
  for (const { value, rows: weight } of rows) {
    const bin = edges.filter((edge) => edge <= value).length;
    weights[bin] = (weights[bin] ?? 0) + weight;
    sums[bin] = (sums[bin] ?? 0) + weight * value;
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let [below, counted] = [0, 0];
  const counts = weights.map((weight) => {
    below += weight;
    const upTo = total === 0 ? 0 : Math.round((below * present) / total);
    const count = upTo - counted;
    counted = upTo;
    return count;
  });
  return { edges, counts, sums: sums.map((sum) => (total === 0 ? 0 : (sum * present) / total)) };
}

/** The least double above a number, so that the number itself lies below it. */
function justAbove(value: number): number {
  return value + Math.max(Number.MIN_VALUE, Math.abs(value) * Number.EPSILON);
}
