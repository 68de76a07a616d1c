import type { ColumnBuffer } from '../column-buffer.ts';
import type { JudgedSchema } from '../normalise/column.ts';
import { byteKinds, CELL_END, type Line, ORDINARY, type PlainCell } from './cell-form.ts';
import { plainCell } from './plain-cell.ts';

/** Takes the plain rows at the front of CSV bytes: no quotes, no other characters than ASCII, nothing wrong in any cell. */
export interface PlainRows {
  /** Takes rows from `from` on, and says where the first one begins that is not plain or not whole. */
  take(bytes: Buffer, from: number): number;
}

/** What becomes of plain rows. */
export interface PlainRowsOutlet {
  readonly columns: readonly ColumnBuffer[];
  /** A row is set in `columns`; its line in normal form, without the line end, are the bytes from `start` to `end`. */
  row(lines: Buffer, start: number, end: number): void;
  /** The lines of all rows since the last call. */
  lines(bytes: Uint8Array): void;
}

const [COMMA, LF, CR] = [44, 10, 13];
const LINES_BYTES = 1 << 19;
/** Room for every column that is no text, with what separates it, and for the quotes of those that are. */
const COLUMN_BYTES = 40;
/** Longest row that is taken without looking for its cells first. */
const MOST_ROW_BYTES = 1 << 16;

interface PlainColumn {
  readonly take: PlainCell;
  readonly source: number;
  readonly nullable: boolean;
  readonly buffer: ColumnBuffer;
}

/** The plain rows of a file with this header, or undefined where every row must be judged from its text. */
export function plainRows(
  schema: JudgedSchema,
  names: readonly string[],
  delimiter: number,
  outlet: PlainRowsOutlet,
): PlainRows | undefined {
  if ((schema.rules ?? []).length > 0) return undefined;
  const kinds = byteKinds(delimiter);
  const columns: PlainColumn[] = [];
  for (const [index, column] of schema.columns.entries()) {
    const take = plainCell(column, schema, kinds);
    const buffer = outlet.columns[index];
    const source = names.indexOf(column.name);
    if (take === undefined || buffer === undefined || source === -1) return undefined;
    columns.push({ take, source, nullable: column.nullable === true, buffer });
  }
  const room = COLUMN_BYTES * columns.length;
  const bytes = Buffer.alloc(Math.max(LINES_BYTES, 4 * room) + MOST_ROW_BYTES);
  const line: Line = { bytes, at: 0, limit: bytes.length - room };
  const inOrder = names.length === columns.length && columns.every(({ source }, index) => source === index);
  const takeRow = inOrder
    ? rowInOrder(columns, delimiter, kinds, line)
    : rowInAnyOrder(columns, cellFinder(names.length, delimiter, kinds), kinds, line);
  return {
    take: (chunk, from) => {
      let at = from;
      line.at = 0;
      // A row that a line end follows is never read beyond the chunk, which costs more than it seems.
      const lastLineEnd = chunk.lastIndexOf(LF);
      while (at <= lastLineEnd) {
        const begin = line.at;
        const end = takeRow(chunk, at);
        if (end === -1) {
          line.at = begin;
          break;
        }
        outlet.row(line.bytes, begin, line.at);
        line.bytes[line.at++] = LF;
        at = end;
        if (line.at > LINES_BYTES / 2) {
          outlet.lines(line.bytes.subarray(0, line.at));
          line.at = 0;
        }
      }
      if (line.at > 0) outlet.lines(line.bytes.subarray(0, line.at));
      return at;
    },
  };
}

/** Takes the row at a place, and says where the next begins; -1 when it is not plain or not whole. */
type TakeRow = (bytes: Buffer, from: number) => number;

/** A file whose columns are the schema's in its order: each cell is looked at once. */
function rowInOrder(columns: readonly PlainColumn[], delimiter: number, kinds: Uint8Array, line: Line): TakeRow {
  return (bytes, from) => {
    let at = from;
    for (let index = 0; index < columns.length; index++) {
      const column = columns[index];
      if (column === undefined) return -1;
      if (index > 0) {
        if (bytes[at] !== delimiter) return -1;
        at++;
        line.bytes[line.at++] = COMMA;
      }
      if (kinds[bytes[at] ?? 0] === CELL_END) {
        if (!column.nullable) return -1;
        column.buffer.setMissing();
        continue;
      }
      at = column.take(bytes, at, column.buffer, line);
      if (at === -1) return -1;
    }
    // A blank line is no row where there is more than one column, and where there is one it is left to the reader of texts.
    return at === from ? -1 : behindLineEnd(bytes, at);
  };
}

function behindLineEnd(bytes: Buffer, at: number): number {
  if (bytes[at] === LF) return at + 1;
  return bytes[at] === CR && bytes[at + 1] === LF ? at + 2 : -1;
}

/** A file with its columns in another order, or with more of them. */
function rowInAnyOrder(
  columns: readonly PlainColumn[],
  cells: ReturnType<typeof cellFinder>,
  kinds: Uint8Array,
  line: Line,
): TakeRow {
  return (bytes, from) => {
    const next = cells.find(bytes, from);
    if (next === -1) return -1;
    for (let index = 0; index < columns.length; index++) {
      const column = columns[index];
      if (column === undefined) return -1;
      if (index > 0) line.bytes[line.at++] = COMMA;
      const start = cells.starts[column.source] ?? 0;
      if (kinds[bytes[start] ?? 0] === CELL_END) {
        if (!column.nullable) return -1;
        column.buffer.setMissing();
      } else if (column.take(bytes, start, column.buffer, line) === -1) return -1;
    }
    return next;
  };
}

/** Finds where the cells of a row begin; `find` says where the next row begins, or -1 when this one is not plain or not whole. */
function cellFinder(count: number, delimiter: number, kinds: Uint8Array) {
  const starts = new Int32Array(count);
  const find = (bytes: Buffer, from: number): number => {
    const limit = Math.min(bytes.length, from + MOST_ROW_BYTES);
    let cell = 0;
    starts[0] = from;
    for (let at = from; at < limit; at++) {
      const code = bytes[at] ?? 0;
      if (kinds[code] === ORDINARY) continue;
      if (code === delimiter) {
        if (++cell === count) return -1;
        starts[cell] = at + 1;
      } else return cell + 1 === count && at > from ? behindLineEnd(bytes, at) : -1;
    }
    return -1;
  };
  return { starts, find };
}
