import { numberSql, type Table } from './table.ts';
import type { ColumnFeature } from './watched.ts';

/** Rows from which edges are taken: far more than 200 bins need. */
export const SAMPLE_ROWS = 200_000;
const SEED = 7;

/**
 * Finite values of numeric features in ascending order, by name: all of a small table, of a larger one a seeded sample of about 200 000
 * rows. The same table, the same sample.
 */
export async function sortedSamples(
  features: readonly ColumnFeature[],
  table: Table,
): Promise<ReadonlyMap<string, Float64Array>> {
  if (features.length === 0) return new Map();
  const selected = features.map((feature) => numberSql(table, feature));
  const gathered = features.map(() => gatherer());
  for await (const columns of table.duck.numbers(`SELECT ${selected.join(', ')} FROM ${table.from}${sampling(table)}`))
    for (const [index, values] of columns.entries()) gathered[index]?.add(values);
  return new Map(features.map(({ name }, index) => [name, gathered[index]?.sorted() ?? new Float64Array()]));
}

/** Where the number of rows is known each row is drawn by itself, which is cheaper than a reservoir. */
function sampling({ rows }: Table): string {
  if (rows === undefined) return ` USING SAMPLE reservoir(${SAMPLE_ROWS} ROWS) REPEATABLE (${SEED})`;
  if (rows <= SAMPLE_ROWS) return '';
  return ` USING SAMPLE ${(100 * SAMPLE_ROWS) / rows} PERCENT (bernoulli, ${SEED})`;
}

/** Collects finite values in an array that doubles when it is full. */
function gatherer() {
  let held = new Float64Array(4096);
  let length = 0;
  return {
    add: (values: Float64Array) => {
      if (length + values.length > held.length) {
        const larger = new Float64Array(2 * (length + values.length));
        larger.set(held.subarray(0, length));
        held = larger;
      }
      for (let i = 0; i < values.length; i++) {
        const value = values[i] ?? 0;
        if (value - value !== 0) continue;
        held[length] = value;
        length++;
      }
    },
    sorted: () => held.subarray(0, length).sort(),
  };
}
