import { open } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { ModelwayError } from '../../contracts/problems.ts';
import type { Instance } from '../../contracts/serving.ts';
import { type Duck, quoteName, quoteText } from '../../core/duckdb.ts';

const PARQUET_MAGIC = 'PAR1';
const JSON_ENDING = /\.(json|jsonl|ndjson)(\.gz|\.zst)?$/i;
/** Types of DuckDB, by what a feature makes of them. */
const NUMBER = /^(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|UTINYINT|USMALLINT|UINTEGER|UBIGINT|FLOAT|DOUBLE|DECIMAL.*)$/;
const INSTANT = /^(DATE|TIMESTAMP.*)$/;

/** What a column's values are. */
export type ValueKind = 'number' | 'boolean' | 'instant' | 'text';

/** Files read as one table. */
export interface RowFiles {
  readonly columns: ReadonlyMap<string, ValueKind>;
  /** All rows, some at a time. */
  readonly chunks: () => AsyncIterable<readonly Instance[]>;
}

/** Opens local files (CSV, JSON, Parquet) as one table. @throws ModelwayError with the reader's reason when one cannot be read */
export async function rowFiles(duck: Duck, files: readonly string[], cwd: string): Promise<RowFiles> {
  const sources = await Promise.all(files.map((file) => sourceOf(resolve(cwd, file))));
  const table = sources.map((source) => `SELECT * FROM ${source}`).join(' UNION ALL BY NAME ');
  try {
    const columns = new Map(
      (await duck.rows(`DESCRIBE ${table}`)).map(([name, type]) => [String(name), kindOf(String(type))]),
    );
    return { columns, chunks: () => chunksOf(duck, table, columns) };
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new ModelwayError(
      'unreadable-file',
      'input',
      [{ path: files.join(', '), message: `could not be read: ${reason}`, fix: 'check them with modelway validate' }],
      { cause },
    );
  }
}

async function* chunksOf(
  duck: Duck,
  table: string,
  columns: ReadonlyMap<string, ValueKind>,
): AsyncGenerator<readonly Instance[]> {
  const names = [...columns.keys()];
  const selected = [...columns].map(([name, kind]) => `${valueSql(quoteName(name), kind)} AS ${quoteName(name)}`);
  for await (const chunk of duck.columns(`SELECT ${selected.join(', ')} FROM (${table})`)) {
    const length = chunk[0]?.length ?? 0;
    yield Array.from({ length }, (_, row) =>
      Object.fromEntries(names.map((name, column) => [name, plainValue(chunk[column]?.[row])])),
    );
  }
}

/** Numbers as doubles, instants as ISO text in UTC: the form in which callers send them. */
function valueSql(column: string, kind: ValueKind): string {
  switch (kind) {
    case 'number':
      return `CAST(${column} AS DOUBLE)`;
    case 'instant':
      return `strftime(CAST(${column} AS TIMESTAMP), '%Y-%m-%dT%H:%M:%SZ')`;
    case 'boolean':
      return column;
    case 'text':
      return `CAST(${column} AS VARCHAR)`;
    default:
      return kind satisfies never;
  }
}

function plainValue(value: string | number | bigint | boolean | null | undefined): Instance[string] {
  return typeof value === 'bigint' ? Number(value) : (value ?? null);
}

function kindOf(type: string): ValueKind {
  if (NUMBER.test(type)) return 'number';
  if (INSTANT.test(type)) return 'instant';
  return type === 'BOOLEAN' ? 'boolean' : 'text';
}

async function sourceOf(path: string): Promise<string> {
  const file = await open(path);
  const { buffer } = await file.read(Buffer.alloc(PARQUET_MAGIC.length), 0, PARQUET_MAGIC.length, 0);
  await file.close();
  const name = quoteText(path);
  if (buffer.toString('latin1') === PARQUET_MAGIC || extname(path) === '.parquet') return `read_parquet(${name})`;
  return JSON_ENDING.test(path) ? `read_json_auto(${name})` : `read_csv_auto(${name}, sample_size = -1)`;
}
