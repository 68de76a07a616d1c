import type { DataSchema } from '../../contracts/data-schema.ts';
import { type Duck, type DuckValue, quoteName, quoteText } from '../duckdb.ts';
import type { StoredType } from './normalise/column.ts';
import { storedColumns } from './stored-columns.ts';
import type { Part } from './write-parts.ts';
import { contentHasher } from './write-parts.ts';

/** A table expression over all parts in order, with each row's 0-based place as the column `position`. */
export function partsTable(parts: readonly Part[], schema: DataSchema, position: string): string {
  const columns = schema.columns.map(({ name }) => quoteName(name)).join(', ');
  let before = 0;
  const selects = parts.map(({ path, rows }) => {
    const select = `SELECT ${columns}, file_row_number + ${before} AS ${quoteName(position)} FROM read_parquet(${quoteText(path)}, file_row_number=true)`;
    before += rows;
    return select;
  });
  return `(${selects.join(' UNION ALL ')})`;
}

/** A column name that the schema does not use; SQL does not tell capitals from small letters. */
export function freeName(schema: DataSchema, wanted: string): string {
  const taken = new Set(schema.columns.map(({ name }) => name.toLowerCase()));
  let name = wanted;
  while (taken.has(name)) name += '_';
  return name;
}

/** The content hash of stored parts, recomputed from the Parquet files: equals the one intake computed from the upload. */
export async function contentHashOf(paths: readonly string[], schema: DataSchema, duck: Duck): Promise<string> {
  const hasher = contentHasher(schema);
  const columns = storedColumns(schema);
  for (const path of paths) {
    const select = columns.map(({ name, type }) => storedText(name, type)).join(', ');
    for await (const chunk of duck.columns(`SELECT ${select} FROM read_parquet(${quoteText(path)})`))
      for (let row = 0; row < (chunk[0]?.length ?? 0); row++)
        hasher.update(`${columns.map(({ type }, index) => cellText(chunk[index]?.[row] ?? null, type)).join(',')}\n`);
  }
  return hasher.digest('hex');
}

/** SQL of a stored column in a form that `cellText` turns into its normal text. */
function storedText(name: string, type: StoredType): string {
  const quoted = quoteName(name);
  return type === 'DOUBLE' || type === 'BOOLEAN' ? quoted : `CAST(${quoted} AS VARCHAR)`;
}

function cellText(value: DuckValue, type: StoredType): string {
  if (value === null) return '';
  return type === 'VARCHAR' ? `"${String(value).replaceAll('"', '""')}"` : String(value);
}
