import type { DataSchema } from '../../contracts/data-schema.ts';
import { ColumnBuffer, type RowCursor } from './column-buffer.ts';
import { columnDictionary } from './column-dictionary.ts';
import { storedType } from './normalise/column.ts';
import type { ColumnValues } from './parquet/column-chunk.ts';

/**
 * Rows gathered by column until they fill a row group. A row is first set cell by cell, and counts once it is committed: what an
 * uncommitted row set is overwritten by the next.
 */
export interface RowGroup {
  readonly columns: readonly ColumnBuffer[];
  /** Committed rows. */
  rows(): number;
  /** Counts the row that was set, whose line has so many characters. */
  commit(characters: number): void;
  isFull(): boolean;
  /** The values by column, in the order of the schema; they are valid until the next row is set. */
  values(): readonly ColumnValues[];
  /** Forgets all rows. */
  clear(): void;
}

/** Rows of a group at most, and the bytes its buffers may take. */
const MOST_ROWS = 49_152;
const FIXED_BYTES = 32 * 2 ** 20;
const MOST_CHARACTERS = 32 * 2 ** 20;

/** An empty row group for a schema; a group has fewer rows the more columns there are, so that its memory is bounded. */
export function rowGroup(schema: DataSchema): RowGroup {
  const mostRows = Math.max(64, Math.min(MOST_ROWS, Math.floor(FIXED_BYTES / (9 * schema.columns.length))));
  const cursor: RowCursor = { row: 0 };
  const columns = schema.columns.map(
    (column) => new ColumnBuffer(column.name, storedType(column), mostRows, cursor, columnDictionary(column, schema)),
  );
  let gathered = 0;
  return {
    columns,
    rows: () => cursor.row,
    commit: (characters) => {
      cursor.row++;
      gathered += characters;
    },
    isFull: () => cursor.row >= mostRows || gathered > MOST_CHARACTERS,
    values: () => columns.map((column) => column.values(cursor.row)),
    clear: () => {
      cursor.row = 0;
      gathered = 0;
    },
  };
}
