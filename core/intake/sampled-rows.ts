import type { Column, DataSchema } from '../../contracts/data-schema.ts';
import { emptyRecord, readRecord } from './read/csv-records.ts';

/** A sample of accepted rows by column: their values in normal form, null where missing. */
export interface SampledRows {
  readonly rows: number;
  /** Values of a column of the schema, by its name; empty for any other name. */
  column(name: string): readonly (string | null)[];
}

/** The sample's lines, which are in normal form, as columns. */
export function sampledRows(lines: readonly string[], schema: DataSchema): SampledRows {
  const columns = schema.columns.map((): (string | null)[] => []);
  const rules = { delimiter: 44, mostCells: schema.columns.length, maxCell: Number.POSITIVE_INFINITY };
  const record = emptyRecord();
  for (const line of lines) {
    readRecord(line, 0, true, rules, record);
    for (const [index, column] of columns.entries()) column.push(record.cells[index] ?? null);
  }
  const byName = new Map(schema.columns.map(({ name }, index) => [name, columns[index] ?? []]));
  return { rows: lines.length, column: (name) => byName.get(name) ?? [] };
}

/** A value in normal form as a number: instants in milliseconds, booleans as 0 and 1, NaN where missing; undefined for texts. */
export function numbersOf(column: Column, values: readonly (string | null)[]): readonly number[] | undefined {
  if (column.kind === 'numeric') return values.map((value) => (value === null ? Number.NaN : Number(value)));
  if (column.kind === 'timestamp')
    return values.map((value) => (value === null ? Number.NaN : Date.parse(`${value.replace(' ', 'T')}Z`)));
  return undefined;
}
