import { open } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { ModelwayError } from '../../contracts/problems.ts';
import type { Instance } from '../../contracts/serving.ts';
import { type Duck, quoteName, quoteText } from '../../core/duckdb.ts';
import { sentValue, type Table, type ValueKind } from '../../core/profile/table.ts';

const PARQUET_MAGIC = 'PAR1';
const JSON_ENDING = /\.(json|jsonl|ndjson)(\.gz|\.zst)?$/i;
/** Types of DuckDB, by what a feature makes of them. */
const NUMBER = /^(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|UTINYINT|USMALLINT|UINTEGER|UBIGINT|FLOAT|DOUBLE|DECIMAL.*)$/;
const INSTANT = /^(DATE|TIMESTAMP.*)$/;

/** Files read as one table. */
export interface RowFiles extends Table {
  /** All rows, some at a time. */
  readonly chunks: () => AsyncIterable<readonly Instance[]>;
}

/** Opens local files (CSV, JSON, Parquet) as one table. @throws ModelwayError with the reader's reason when one cannot be read */
export async function rowFiles(duck: Duck, files: readonly string[], cwd: string): Promise<RowFiles> {
  const sources = await Promise.all(files.map((file) => sourceOf(resolve(cwd, file), file)));
  const table = sources.map((source) => `SELECT * FROM ${source}`).join(' UNION ALL BY NAME ');
  try {
    const columns = new Map(
      (await duck.rows(`DESCRIBE ${table}`)).map(([name, type]) => [String(name), kindOf(String(type))]),
    );
    const rows = await rowsOf(duck, sources);
    const from = `(${table})`;
    return {
      duck,
      from,
      columns,
      ...(rows === undefined ? {} : { rows }),
      chunks: () => chunksOf(duck, from, columns),
    };
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
  from: string,
  columns: ReadonlyMap<string, ValueKind>,
): AsyncGenerator<readonly Instance[]> {
  const names = [...columns.keys()];
  const selected = [...columns].map(([name, kind]) => `${sentValue(quoteName(name), kind)} AS ${quoteName(name)}`);
  for await (const chunk of duck.columns(`SELECT ${selected.join(', ')} FROM ${from}`)) {
    const length = chunk[0]?.length ?? 0;
    yield Array.from({ length }, (_, row) =>
      Object.fromEntries(names.map((name, column) => [name, plainValue(chunk[column]?.[row])])),
    );
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

/** Rows of Parquet files, which their footers tell; undefined when there are others among them. */
async function rowsOf(duck: Duck, sources: readonly string[]): Promise<number | undefined> {
  if (!sources.every((source) => source.startsWith('read_parquet('))) return undefined;
  const counts = sources.map((source) => source.replace('read_parquet', 'SELECT num_rows FROM parquet_file_metadata'));
  return (await duck.rows(counts.join(' UNION ALL '))).reduce((sum, [rows]) => sum + Number(rows), 0);
}

async function sourceOf(path: string, shown: string): Promise<string> {
  const file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(PARQUET_MAGIC.length), 0, PARQUET_MAGIC.length, 0);
  await file.close();
  if (bytesRead === 0)
    throw new ModelwayError('unreadable-file', 'input', [
      { path: shown, message: 'is empty, without even a header', fix: 'name files that hold rows' },
    ]);
  const name = quoteText(path);
  if (buffer.toString('latin1') === PARQUET_MAGIC || extname(path) === '.parquet') return `read_parquet(${name})`;
  return JSON_ENDING.test(path) ? `read_json_auto(${name})` : `read_csv_auto(${name}, sample_size = -1)`;
}
