import { scanDecimal } from './decimal-scanner.ts';
import { beginRow, ROLE, type RowStore, setValue } from './row-store.ts';
import { endOfText, type Source, STOP, scanAnyText, scanText } from './text-scanner.ts';
import { valueTable } from './value-table.ts';

const COMMA = 44;
const NEWLINE = 10;
const RETURN = 13;
const BACKSLASH = 92;
const LETTER_N = 110;
const LETTER_R = 114;
const NO_TABLE = valueTable();

/** How the ends of rows are written: as bytes, or as the escapes of a JSON string. */
export type Newlines = 'plain' | 'escaped';

/**
 * Reads rows of CSV that begin at a byte into columns, the same rows as `csvRows` and `readInstances` give, and gives where the first byte
 * stands that belongs to none. −1, with some rows written, for what is left to them: quotes, other escapes, a header, control characters,
 * rows of another length.
 */
export function scanCsv(source: Source, from: number, newlines: Newlines, into: RowStore, header: Uint8Array): number {
  const { view } = source;
  if (startsWith(source.bytes, from, header)) return -1;
  let at = from;
  for (;;) {
    if (!beginRow(into)) return -1;
    at = scanRow(source, at, into);
    if (at < 0) return -1;
    const before = at;
    // Empty rows are none.
    for (let next = pastNewline(view, at, newlines); next > at; next = pastNewline(view, at, newlines)) at = next;
    if (at === before || at >= view.byteLength || isEnd(view.getUint8(at))) return at;
  }
}

/** A quote ends the string that the rows are in, a byte of 0 the bytes that hold them. */
const isEnd = (byte: number) => byte === 34 || byte === 0;

/** Past the newline at a byte; the byte itself if there is none. */
function pastNewline(view: DataView, at: number, newlines: Newlines): number {
  if (at + 4 > view.byteLength) return at;
  const first = view.getUint8(at);
  const second = view.getUint8(at + 1);
  if (newlines === 'plain') return first === NEWLINE ? at + 1 : first === RETURN && second === NEWLINE ? at + 2 : at;
  if (first !== BACKSLASH) return at;
  if (second === LETTER_N) return at + 2;
  const returned = second === LETTER_R && view.getUint8(at + 2) === BACKSLASH && view.getUint8(at + 3) === LETTER_N;
  return returned ? at + 4 : at;
}

/** Reads one row; gives where it ends, or −1. */
function scanRow(source: Source, from: number, into: RowStore): number {
  const { view } = source;
  const { roles, bases, slots, numbers, places, tables, row } = into;
  const length = view.byteLength;
  const last = roles.length - 1;
  let at = from;
  for (let column = 0; ; column++) {
    const role = roles[column] ?? 0;
    if (at >= length) return -1;
    if (column < last && view.getUint8(at) === COMMA) {
      at++;
      continue;
    }
    const index = (bases[column] ?? 0) + row;
    let end = -1;
    if (role === ROLE.number) {
      end = scanDecimal(view, at, numbers, index);
      const after = end < 0 || end >= length ? LETTER_N : view.getUint8(end);
      if (column < last ? after !== COMMA : !isFieldEnd(after)) end = scanOther(source, at, column, into);
    } else if (role === ROLE.category && column < last)
      end = scanText(source, at, STOP.comma, tables[slots[column] ?? 0] ?? NO_TABLE, places, index);
    else if (role === ROLE.category && !isFieldEnd(view.getUint8(at)))
      end = scanAnyText(source, at, true, tables[slots[column] ?? 0] ?? NO_TABLE, places, index);
    else end = scanOther(source, at, column, into);
    if (end < 0 || end >= length) return -1;
    if (column === last) return view.getUint8(end) === COMMA ? -1 : end;
    if (view.getUint8(end) !== COMMA) return -1;
    at = end + 1;
  }
}

/** Whether a byte ends a row, so that a last field that begins with it is empty. */
const isFieldEnd = (byte: number) => byte < 32 || byte === 34 || byte === BACKSLASH;

/** Reads a field as text. */
function scanOther({ bytes }: Source, at: number, column: number, into: RowStore): number {
  const end = endOfText(bytes, at, true);
  if (end > at && into.roles[column] !== ROLE.ignored) setValue(into, column, bytes.toString('utf8', at, end));
  return end;
}

function startsWith(bytes: Uint8Array, from: number, what: Uint8Array): boolean {
  if (bytes.length - from < what.length) return false;
  for (let i = 0; i < what.length; i++) if (bytes[from + i] !== what[i]) return false;
  return true;
}
