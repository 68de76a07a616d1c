import { scanNumber, scanned } from './number-scanner.ts';
import { beginRow, ROLE, type RowStore, setBytes, setValue } from './row-store.ts';

const COMMA = 44;
const NEWLINE = 10;
const RETURN = 13;
const QUOTE = 34;
const FIRST_PRINTABLE = 32;

/**
 * Reads rows of CSV from `bytes[from..to)` into columns: the same rows as `csvRows` and `readInstances` give. False, with some rows
 * written, for what is left to them: quotes, a header, control characters, rows of another length.
 */
export function scanCsv(bytes: Buffer, from: number, to: number, into: RowStore, header: Uint8Array): boolean {
  if (startsWith(bytes, from, to, header)) return false;
  let at = from;
  while (at < to) {
    if (bytes[at] === NEWLINE) at++;
    else if (bytes[at] === RETURN && bytes[at + 1] === NEWLINE) at += 2;
    else {
      if (!beginRow(into)) return false;
      at = scanRow(bytes, at, to, into);
      if (at < 0) return false;
    }
  }
  return true;
}

/** Reads one row; gives where the next begins, or −1. */
function scanRow(bytes: Buffer, from: number, to: number, into: RowStore): number {
  const { roles, bases, numbers, row } = into;
  let at = from;
  for (let column = 0; column < roles.length; column++) {
    const start = at;
    if (roles[column] === ROLE.number) {
      scanNumber(bytes, at);
      if (scanned.end > 0 && (scanned.end === to || isSeparator(bytes[scanned.end] ?? 0))) {
        numbers[(bases[column] ?? 0) + row] = scanned.value;
        at = scanned.end;
      } else {
        at = endOfField(bytes, at, to);
        if (at > start) setValue(into, column, bytes.toString('utf8', start, at));
      }
    } else {
      at = endOfField(bytes, at, to);
      if (at > start && roles[column] === ROLE.category) setBytes(into, column, bytes, start, at);
      else if (at > start && roles[column] === ROLE.several) setValue(into, column, bytes.toString('utf8', start, at));
    }
    if (at < 0) return -1;
    const last = column === roles.length - 1;
    if (last !== (at === to || bytes[at] !== COMMA)) return -1;
    if (!last) at++;
  }
  if (at === to || bytes[at] === NEWLINE) return at + 1;
  return bytes[at] === RETURN && bytes[at + 1] === NEWLINE ? at + 2 : -1;
}

const isSeparator = (byte: number) => byte === COMMA || byte === NEWLINE || byte === RETURN;

/** Where the field ends, or −1 when it holds what is not read here. */
function endOfField(bytes: Buffer, from: number, to: number): number {
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) return -1;
    if (byte > COMMA) continue;
    if (isSeparator(byte)) return at;
    if (byte < FIRST_PRINTABLE) return -1;
  }
  return to;
}

function startsWith(bytes: Uint8Array, from: number, to: number, what: Uint8Array): boolean {
  if (to - from < what.length) return false;
  for (let i = 0; i < what.length; i++) if (bytes[from + i] !== what[i]) return false;
  return true;
}
