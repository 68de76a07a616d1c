import type { DataSchema } from '../../contracts/data-schema.ts';
import { type Duck, quoteText } from '../duckdb.ts';
import type { StoredType } from '../intake/normalise/column.ts';
import { storedColumns } from '../intake/stored-columns.ts';
import type { Table, ValueKind } from './table.ts';

const KINDS: Readonly<Record<StoredType, ValueKind>> = {
  DOUBLE: 'number',
  BIGINT: 'number',
  VARCHAR: 'text',
  BOOLEAN: 'boolean',
  TIMESTAMP: 'instant',
};

/** Rows that intake stored as Parquet, as profiles read them: typed by the schema, never held. */
export function storedTable(
  schema: DataSchema,
  { paths, rows }: { readonly paths: readonly string[]; readonly rows: number },
  duck: Duck,
): Table {
  const from = `read_parquet([${paths.map(quoteText).join(', ')}])`;
  return { duck, from, columns: new Map(storedColumns(schema).map(({ name, type }) => [name, KINDS[type]])), rows };
}
