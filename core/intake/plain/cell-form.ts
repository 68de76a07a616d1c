import type { ColumnBuffer } from '../column-buffer.ts';

/** Where normal text is written: bytes, and in `at` the place of the next. */
export interface Line {
  readonly bytes: Buffer;
  at: number;
  /** Texts may be written up to here; behind it is room for what is shorter. */
  readonly limit: number;
}

/** What a byte is in CSV of one delimiter: ordinary, never plain (quotes, NUL, what is not ASCII), or the end of a cell. */
export const ORDINARY = 0;
const NEVER_PLAIN = 1;
export const CELL_END = 2;

const QUOTE = 34;

/** The kinds of all bytes, where a carriage return ends a cell as well. */
export function byteKinds(delimiter: number): Uint8Array {
  const kinds = new Uint8Array(256).fill(NEVER_PLAIN, 128);
  kinds[0] = NEVER_PLAIN;
  kinds[QUOTE] = NEVER_PLAIN;
  for (const code of [delimiter, 10, 13]) kinds[code] = CELL_END;
  return kinds;
}

/**
 * Takes a cell that is not empty: sets its value, writes its normal text, and says where it ends; or says -1 when it is of a form that is
 * not plain, or is not acceptable: then the row is judged from its text. What it set and wrote so far is overwritten.
 */
export type PlainCell = (bytes: Buffer, start: number, column: ColumnBuffer, line: Line) => number;
