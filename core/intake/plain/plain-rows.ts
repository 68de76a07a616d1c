import type { DataSchema } from '../../../contracts/data-schema.ts';
import type { ColumnBuffer } from '../row-group.ts';
import { type Line, type PlainCell, plainCell } from './plain-cell.ts';

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

const [COMMA, LF, CR, QUOTE] = [44, 10, 13, 34];
/** A longer row is not plain; the buffer for lines holds many of them. */
const MOST_ROW_BYTES = 1 << 16;
const LINES_BYTES = 1 << 19;

interface PlainColumn {
  readonly take: PlainCell;
  readonly source: number;
  readonly nullable: boolean;
  readonly buffer: ColumnBuffer;
}

/** The plain rows of a file with this header, or undefined where every row must be judged from its text. */
export function plainRows(
  schema: DataSchema,
  names: readonly string[],
  delimiter: number,
  outlet: PlainRowsOutlet,
): PlainRows | undefined {
  if ((schema.rules ?? []).length > 0 || names.length > MOST_ROW_BYTES / 4) return undefined;
  const columns: PlainColumn[] = [];
  for (const [index, column] of schema.columns.entries()) {
    const take = plainCell(column, schema);
    const buffer = outlet.columns[index];
    const source = names.indexOf(column.name);
    if (take === undefined || buffer === undefined || source === -1) return undefined;
    columns.push({ take, source, nullable: column.nullable === true, buffer });
  }
  const cells = cellFinder(names.length, delimiter);
  // Quotes and separators: three bytes a column more than the row has, and a few for values that grow.
  const room = MOST_ROW_BYTES + 24 * columns.length;
  const line: Line = { bytes: Buffer.alloc(Math.max(LINES_BYTES, 2 * room)), at: 0 };

  const takeRow = (bytes: Buffer): boolean => {
    const { starts, ends } = cells;
    for (let index = 0; index < columns.length; index++) {
      const column = columns[index];
      if (column === undefined) return false;
      if (index > 0) line.bytes[line.at++] = COMMA;
      const start = starts[column.source] ?? 0;
      const end = ends[column.source] ?? 0;
      if (start === end) {
        if (!column.nullable) return false;
        column.buffer.setMissing();
      } else if (!column.take(bytes, start, end, column.buffer, line)) return false;
    }
    return true;
  };

  return {
    take: (bytes, from) => {
      let at = from;
      line.at = 0;
      for (;;) {
        const end = cells.find(bytes, at);
        const begin = line.at;
        if (end === -1 || !takeRow(bytes)) {
          line.at = begin;
          break;
        }
        outlet.row(line.bytes, begin, line.at);
        line.bytes[line.at++] = LF;
        at = end;
        if (line.at + room > line.bytes.length) {
          outlet.lines(line.bytes.subarray(0, line.at));
          line.at = 0;
        }
      }
      if (line.at > 0) outlet.lines(line.bytes.subarray(0, line.at));
      return at;
    },
  };
}

/** Finds the cells of a row of `count` cells: `find` says where the next row begins, or -1 when this one is not plain or not whole. */
function cellFinder(count: number, delimiter: number) {
  const [starts, ends] = [new Int32Array(count), new Int32Array(count)];
  const special = new Uint8Array(256).fill(1, 128);
  for (const code of [delimiter, LF, CR, QUOTE, 0]) special[code] = 1;
  const find = (bytes: Buffer, from: number): number => {
    const limit = Math.min(bytes.length, from + MOST_ROW_BYTES);
    let cell = 0;
    let at = from;
    starts[0] = at;
    for (; at < limit; at++) {
      const code = bytes[at] ?? 0;
      if (special[code] === 0) continue;
      if (code === delimiter) {
        ends[cell++] = at;
        if (cell === count) return -1;
        starts[cell] = at + 1;
      } else if (code === LF || (code === CR && bytes[at + 1] === LF)) {
        ends[cell] = at;
        // A blank line is no row where there is more than one column.
        return cell + 1 === count ? at + (code === LF ? 1 : 2) : -1;
      } else return -1;
    }
    return -1;
  };
  return { starts, ends, find };
}
