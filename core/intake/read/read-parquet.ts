import { type Duck, type DuckValue, quoteName, quoteText } from '../../duckdb.ts';
import type { Cell } from '../normalise/cell.ts';
import { type DescribedColumn, isText, longestText, refuseBombs, refuseWideFiles } from './parquet-limits.ts';
import { ContentBeyondLimit, type ReadLimits, RefusedFile, type RowSink } from './row-sink.ts';

/** Reads the rows of a Parquet file. @throws RefusedFile when it is damaged or unpacks to too much */
export async function readParquet(
  path: string,
  bytes: number,
  limits: ReadLimits,
  duck: Duck,
  sink: RowSink,
): Promise<void> {
  const orRefuse = refusing(path);
  await orRefuse(() => refuseWideFiles(path, limits, duck));
  const described = await orRefuse(() => describe(path, duck));
  await orRefuse(() => refuseBombs(path, bytes, described.length, limits, duck));
  const most = await orRefuse(() => longestText(path, described, duck));
  const columns = described.map((column) => parquetColumn(column, most));
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
      if (most !== undefined && cells.some(isCut))
        sink.malformed(`a text is longer than ${most} bytes, more than is read where texts are so long`, raw());
      else sink.row(cells, raw);
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

async function describe(path: string, duck: Duck): Promise<readonly DescribedColumn[]> {
  const described = await duck.rows(`DESCRIBE SELECT * FROM read_parquet(${quoteText(path)})`);
  return described.map(([name, type]) => ({ name: String(name), type: String(type) }));
}

/** What begins in place of a text that is too long to be read; no text that is accepted holds a NUL. */
const CUT = '\0cut ';

const isCut = (cell: Cell): boolean => typeof cell === 'string' && cell.startsWith(CUT);

function parquetColumn({ name, type }: DescribedColumn, most: number | undefined): ParquetColumn {
  const quoted = quoteName(name);
  if (most !== undefined && isText(type)) {
    const cut = `chr(0) || 'cut ' || left(CAST(${quoted} AS VARCHAR), 100)`;
    return {
      name,
      select: `CASE WHEN strlen(${quoted}) > ${most} THEN ${cut} ELSE CAST(${quoted} AS VARCHAR) END`,
      cell: plainCell,
    };
  }
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

/** Turns errors of the database into refusals, which do not tell where the file lay. */
function refusing(path: string) {
  return async <T>(act: () => Promise<T>): Promise<T> => {
    try {
      return await act();
    } catch (error) {
      if (error instanceof RefusedFile || error instanceof ContentBeyondLimit) throw error;
      const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
      throw new RefusedFile(
        'unreadable',
        `the Parquet file is damaged, cut off or of a kind we cannot read: ${reason?.replaceAll(`"${path}"`, '').replaceAll(path, '').slice(0, 300)}`,
      );
    }
  };
}
