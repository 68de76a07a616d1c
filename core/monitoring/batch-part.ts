import type { CapturedBatch, CapturedValues } from '../capture/fast/captured-batch.ts';

/** Some rows of a batch, as a batch of its own; the same batch when they are all of them. */
export function batchPart(batch: CapturedBatch, rows: readonly number[]): CapturedBatch {
  if (rows.length === batch.rows) return batch;
  const numbers = (values: Float64Array) => Float64Array.from(rows, (row) => values[row] ?? Number.NaN);
  const part = (values: CapturedValues): CapturedValues => ({
    size: values.size,
    meaning: values.meaning,
    valueAt: values.valueAt,
    places: Int32Array.from(rows, (row) => values.places[row] ?? -1),
  });
  return {
    rows: rows.length,
    asked: batch.asked,
    answered: batch.answered,
    modelPackage: batch.modelPackage,
    numbers: new Map([...batch.numbers].map(([name, values]) => [name, numbers(values)])),
    values: new Map([...batch.values].map(([name, values]) => [name, part(values)])),
    scores: numbers(batch.scores),
    at: numbers(batch.at),
    labels: numbers(batch.labels),
    places: Uint32Array.from(rows, (row) => batch.places[row] ?? 0),
    idOf: (row) => batch.idOf(rows[row] ?? -1),
    shapOf: (row) => batch.shapOf(rows[row] ?? -1),
  };
}

/** The rows of a batch by what `keyOf` says of each, in their order. */
export function batchParts(batch: CapturedBatch, keyOf: (row: number) => string): ReadonlyMap<string, CapturedBatch> {
  const rows = Map.groupBy(
    Array.from({ length: batch.rows }, (_, row) => row),
    keyOf,
  );
  return new Map([...rows].map(([key, some]) => [key, batchPart(batch, some)]));
}
