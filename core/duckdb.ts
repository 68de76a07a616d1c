import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';

/** A value of a result; our queries select nothing else. */
export type DuckValue = string | number | bigint | boolean | null;

/** An embedded DuckDB with bounded memory: one connection for statements, one more for every stream. */
export interface Duck {
  run(sql: string): Promise<void>;
  /** All rows of a small result. */
  rows(sql: string): Promise<readonly (readonly DuckValue[])[]>;
  /** A result of any size, as chunks of columns, in order. */
  columns(sql: string): AsyncIterable<readonly (readonly DuckValue[])[]>;
  close(): void;
}

export interface DuckSettings {
  /** What cannot be held in memory is written below this folder. */
  readonly folder: string;
  /** Left out: 512. */
  readonly memoryMegabytes?: number;
  /** Left out: 1, which keeps CPU time and memory lowest. */
  readonly threads?: number;
}

/** Opens a database in memory that reads and writes local files only: no extension is ever fetched. */
export async function openDuck({ folder, memoryMegabytes = 512, threads = 1 }: DuckSettings): Promise<Duck> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${memoryMegabytes}MB`,
    threads: String(threads),
    temp_directory: `${folder}/spill`,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  return {
    run: async (sql) => {
      await connection.run(sql);
    },
    rows: async (sql) => (await connection.runAndReadAll(sql)).getRows().map((row) => row.map(plainValue)),
    columns: (sql) => streamed(instance, sql),
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** A name in SQL. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text literal in SQL. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

async function* streamed(instance: DuckDBInstance, sql: string): AsyncGenerator<readonly (readonly DuckValue[])[]> {
  const connection: DuckDBConnection = await instance.connect();
  try {
    const result = await connection.stream(sql);
    for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk())
      yield chunk.getColumns().map((column) => column.map(plainValue));
  } finally {
    connection.closeSync();
  }
}

function plainValue(value: DuckDBValue): DuckValue {
  return typeof value === 'object' && value !== null ? String(value) : (value ?? null);
}
