import type { DuckDBConnection, DuckDBDataChunk, DuckDBInstance, DuckDBValue } from '@duckdb/node-api';

/** A value of a result; our queries select nothing else. */
export type DuckValue = string | number | bigint | boolean | null;

/** An embedded DuckDB with bounded memory: one connection for statements, one more for every stream. */
export interface Duck {
  /** Where it writes what it cannot hold in memory. */
  readonly folder: string;
  run(sql: string): Promise<void>;
  /** All rows of a small result. */
  rows(sql: string): Promise<readonly (readonly DuckValue[])[]>;
  /** A result of any size, as chunks of columns, in order. */
  columns(sql: string): AsyncIterable<readonly (readonly DuckValue[])[]>;
  /**
   * A result of any size whose columns are all DOUBLE and never null, as chunks of columns that hold until the next chunk is asked for.
   * Nothing is copied.
   */
  numbers(sql: string): AsyncIterable<readonly Float64Array[]>;
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

/**
 * A database in memory that reads and writes local files only: no extension is ever fetched. It is opened, and its library loaded, when
 * it is first asked something: most uploads never ask.
 */
export async function openDuck(settings: DuckSettings): Promise<Duck> {
  let opening: Promise<Opened> | undefined;
  let opened: Opened | undefined;
  const open = (): Promise<Opened> => {
    opening ??= start(settings).then((database) => {
      opened = database;
      return database;
    });
    return opening;
  };
  return {
    folder: settings.folder,
    run: async (sql) => {
      await (await open()).connection.run(sql);
    },
    rows: async (sql) =>
      (await (await open()).connection.runAndReadAll(sql)).getRows().map((row) => row.map(plainValue)),
    columns: (sql) => streamed(open, sql, (chunk) => chunk.getColumns().map((column) => column.map(plainValue))),
    numbers: (sql) => streamed(open, sql, doubles),
    close: () => {
      opened?.connection.closeSync();
      opened?.instance.closeSync();
    },
  };
}

interface Opened {
  readonly instance: DuckDBInstance;
  readonly connection: DuckDBConnection;
}

async function start({ folder, memoryMegabytes = 512, threads = 1 }: DuckSettings): Promise<Opened> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${memoryMegabytes}MB`,
    threads: String(threads),
    temp_directory: `${folder}/spill`,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  return { instance, connection: await instance.connect() };
}

/** A name in SQL. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text literal in SQL. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

async function* streamed<T>(
  open: () => Promise<Opened>,
  sql: string,
  read: (chunk: DuckDBDataChunk) => T,
): AsyncGenerator<T> {
  const { instance } = await open();
  const connection = await instance.connect();
  try {
    const result = await connection.stream(sql);
    for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk())
      yield read(chunk);
  } finally {
    connection.closeSync();
  }
}

function doubles(chunk: DuckDBDataChunk): readonly Float64Array[] {
  return Array.from({ length: chunk.columnCount }, (_, index) => {
    const vector = chunk.getColumnVector(index);
    // The array itself is declared private; asking value by value costs five times as much.
    const items: unknown = vector === null ? undefined : Reflect.get(vector, 'items');
    if (items instanceof Float64Array) return items;
    throw new TypeError(`column ${index} is ${vector.type}, not DOUBLE`);
  });
}

function plainValue(value: DuckDBValue): DuckValue {
  return typeof value === 'object' && value !== null ? String(value) : (value ?? null);
}
