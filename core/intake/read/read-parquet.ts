import { type Duck, type DuckValue, quoteName, quoteText } from '../../duckdb.ts';
import type { Cell } from '../normalise/cell.ts';
import { beyondLimit, ContentBeyondLimit, type ReadLimits, RefusedFile, type RowSink } from './row-sink.ts';

/** More cells than this, and more than `maxRatio` to a byte of the file, are taken for a bomb. */
const FREE_CELLS = 100_000_000;

/** Reads the rows of a Parquet file. @throws RefusedFile when it is damaged or unpacks to too much */
export async function readParquet(
  path: string,
  bytes: number,
  limits: ReadLimits,
  duck: Duck,
  sink: RowSink,
): Promise<void> {
  const columns = await orRefuse(() => columnsOf(path, duck));
  await orRefuse(() => refuseBombs(path, bytes, columns.length, limits, duck));
  sink.header(columns.map(({ name }) => name));
  const chunks = duck.columns(
    `SELECT ${columns.map(({ select }) => select).join(', ')} FROM read_parquet(${quoteText(path)})`,
  );
  const cells: Cell[] = [];
  const raw = () => JSON.stringify(cells);
  const iterator = chunks[Symbol.asyncIterator]();
  for (;;) {
    const next = await orRefuse(() => iterator.next());
    if (next.done === true) return;
    const chunk = next.value;
    const rows = chunk[0]?.length ?? 0;
    for (let row = 0; row < rows; row++) {
      for (const [index, column] of columns.entries()) cells[index] = column.cell(chunk[index]?.[row] ?? null);
      sink.row(cells, raw);
    }
    await sink.drain();
  }
}

interface ParquetColumn {
  readonly name: string;
  /** SQL for the column as text, number or boolean. */
  readonly select: string;
  readonly cell: (value: DuckValue) => Cell;
}

async function columnsOf(path: string, duck: Duck): Promise<readonly ParquetColumn[]> {
  const described = await duck.rows(`DESCRIBE SELECT * FROM read_parquet(${quoteText(path)})`);
  return described.map(([name, type]) => parquetColumn(String(name), String(type)));
}

function parquetColumn(name: string, type: string): ParquetColumn {
  const quoted = quoteName(name);
  if (type === 'FLOAT' || type === 'DOUBLE') return { name, select: `CAST(${quoted} AS DOUBLE)`, cell: plainCell };
  if (type === 'BOOLEAN') return { name, select: quoted, cell: plainCell };
  if (type === 'TIMESTAMP WITH TIME ZONE')
    return { name, select: `CAST(make_timestamp(epoch_us(${quoted})) AS VARCHAR) || 'Z'`, cell: plainCell };
  if (type.startsWith('DECIMAL')) return { name, select: `CAST(${quoted} AS VARCHAR)`, cell: decimalCell };
  if (/[[(]|BLOB|MAP|STRUCT|UNION|BIT|VARIANT/.test(type) && !type.startsWith('DECIMAL') && !type.startsWith('ENUM'))
    return {
      name,
      select: `${quoted} IS NOT NULL`,
      cell: (present) => (present === true ? { shown: `a ${type.slice(0, 100)}` } : null),
    };
  return { name, select: `CAST(${quoted} AS VARCHAR)`, cell: plainCell };
}

/** Digits that any double keeps; a decimal of more is told as text, so that none is lost. */
const EXACT_DIGITS = 15;

function decimalCell(value: DuckValue): Cell {
  return typeof value === 'string' && value.length <= EXACT_DIGITS ? Number(value) : plainCell(value);
}

function plainCell(value: DuckValue): Cell {
  if (typeof value === 'bigint') return String(value);
  return value === '' ? null : value;
}

async function refuseBombs(
  path: string,
  bytes: number,
  columns: number,
  limits: ReadLimits,
  duck: Duck,
): Promise<void> {
  const file = quoteText(path);
  const [[rows] = []] = await duck.rows(`SELECT num_rows FROM parquet_file_metadata(${file})`);
  const [[unpacked] = []] = await duck.rows(
    `SELECT coalesce(sum(total_uncompressed_size), 0)::DOUBLE FROM parquet_metadata(${file})`,
  );
  const cells = Number(rows) * columns;
  if (Number(unpacked) > limits.maxBytes)
    throw beyondLimit(limits, `unpacks to more than ${limits.maxBytes} bytes; split the file`);
  if (cells > FREE_CELLS && cells > bytes * limits.maxRatio)
    throw new RefusedFile(
      'too-large',
      `says it holds ${cells} cells in ${bytes} bytes, as decompression bombs do; split the file`,
    );
}

async function orRefuse<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof RefusedFile || error instanceof ContentBeyondLimit) throw error;
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new RefusedFile(
      'unreadable',
      `the Parquet file is damaged, cut off or of a kind we cannot read: ${reason?.slice(0, 300)}`,
    );
  }
}
