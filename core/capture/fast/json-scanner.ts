import { scanNumber, scanned } from './number-scanner.ts';
import { beginRow, ROLE, type RowStore, rowStore, setBytes, setValue } from './row-store.ts';

const SPACE = 32;
const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const BACKSLASH = 92;
const NEWLINE = 10;
const OPEN = { array: 91, object: 123 } as const;
const CLOSE = { array: 93, object: 125 } as const;
const WORDS = [
  { bytes: Buffer.from('true'), value: true },
  { bytes: Buffer.from('false'), value: false },
  { bytes: Buffer.from('null'), value: null },
] as const;
const FEATURES = Buffer.from('features');
const INSTANCES = Buffer.from('instances');
const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
const NUMBER_BYTE = Uint8Array.from({ length: 256 }, (_, byte) =>
  '+-.0123456789eE'.includes(String.fromCharCode(byte)) ? 1 : 0,
);
/** Keys of a row whose order is remembered. */
const REMEMBERED_KEYS = 256;

/** Reads rows of JSON from `bytes[from..to)` into columns; false, with some rows written, for what is left to the general decoder. */
export type JsonScanner = (bytes: Buffer, from: number, to: number, into: RowStore) => boolean;

/** What is known of the columns of rows. Every function below takes a place in the bytes and gives the next, or −1. */
interface Reading {
  /** Where the rows of the request at hand go. */
  into: RowStore;
  readonly keys: readonly Uint8Array[];
  readonly byName: ReadonlyMap<string, number>;
  /** The column of the first, second, … key of the last row: keys mostly come in one order. */
  readonly expected: Int32Array;
  readonly byPosition: boolean;
}

/**
 * A scanner of flat rows in the usual forms: objects by column name or `{"features": […]}`, alone, one a line, or below `instances`.
 * Without `byPosition` arrays are left to the general decoder.
 */
export function jsonScanner(columns: readonly string[], byPosition: boolean): JsonScanner {
  const reading: Reading = {
    into: rowStore([], []),
    keys: columns.map((name) => Buffer.from(name, 'utf8')),
    byName: new Map(columns.map((name, column) => [name, column])),
    expected: new Int32Array(REMEMBERED_KEYS).fill(-1),
    byPosition,
  };
  return (bytes, from, to, into) => {
    reading.into = into;
    const opened = past(bytes, from, to, OPEN.object);
    if (opened < 0) return false;
    const first = spaces(bytes, opened, to);
    if (keyEnd(bytes, first, to, INSTANCES) > 0) return scanInstances(reading, bytes, first, to);
    for (let at = from; ; ) {
      at = scanRow(reading, bytes, at, to);
      if (at < 0) return false;
      at = spaces(bytes, at, to);
      if (at === to) return true;
      if (bytes[at] !== NEWLINE) return false;
      while (at < to && (bytes[at] === NEWLINE || bytes[at] === SPACE)) at++;
      if (at === to) return true;
    }
  };
}

/** Reads `"instances": [rows…]}` to the end of the bytes. */
function scanInstances(reading: Reading, bytes: Buffer, from: number, to: number): boolean {
  const colon = past(bytes, keyEnd(bytes, from, to, INSTANCES), to, COLON);
  let at = past(bytes, colon, to, OPEN.array);
  while (at >= 0) {
    at = scanRow(reading, bytes, at, to);
    const comma = past(bytes, at, to, COMMA);
    if (comma < 0) break;
    at = comma;
  }
  at = past(bytes, past(bytes, at, to, CLOSE.array), to, CLOSE.object);
  if (at < 0) return false;
  while (at < to && (bytes[at] === NEWLINE || bytes[at] === SPACE)) at++;
  return at === to;
}

function scanRow(reading: Reading, bytes: Buffer, from: number, to: number): number {
  const opened = past(bytes, from, to, OPEN.object);
  if (opened < 0 || !beginRow(reading.into)) return -1;
  const at = spaces(bytes, opened, to);
  const positional = keyEnd(bytes, at, to, FEATURES);
  if (positional < 0) return scanMembers(reading, bytes, at, to);
  if (!reading.byPosition) return -1;
  const array = past(bytes, past(bytes, positional, to, COLON), to, OPEN.array);
  return past(bytes, scanPositions(reading, bytes, array, to), to, CLOSE.object);
}

/** Reads the values of a row in the order of the columns, and the bracket after them. */
function scanPositions(reading: Reading, bytes: Buffer, from: number, to: number): number {
  const last = reading.keys.length - 1;
  let at = from;
  for (let column = 0; column <= last && at >= 0; column++) {
    at = scanValue(reading.into, bytes, spaces(bytes, at, to), to, column, true);
    at = past(bytes, at, to, column === last ? CLOSE.array : COMMA);
  }
  return at;
}

/** Reads the members of an object from its first key on, and its closing brace. */
function scanMembers({ into, keys, byName, expected }: Reading, bytes: Buffer, from: number, to: number): number {
  let at = from;
  for (let place = 0; ; place++) {
    let column = expected[place] ?? -1;
    const key = keys[column];
    let end = key === undefined ? -1 : keyEnd(bytes, at, to, key);
    if (end < 0) {
      end = stringEnd(bytes, at, to);
      if (end < 0) return -1;
      column = byName.get(bytes.toString('utf8', at + 1, end - 1)) ?? -1;
      if (place < expected.length) expected[place] = column;
    }
    at = past(bytes, end, to, COLON);
    if (at < 0) return -1;
    at = spaces(bytes, scanValue(into, bytes, spaces(bytes, at, to), to, column, false), to);
    if (at < 0 || at >= to) return -1;
    if (bytes[at] === CLOSE.object) return at + 1;
    if (bytes[at] !== COMMA) return -1;
    at = spaces(bytes, at + 1, to);
  }
}

function scanValue(
  into: RowStore,
  bytes: Buffer,
  at: number,
  to: number,
  column: number,
  emptyIsMissing: boolean,
): number {
  if (at < 0 || at >= to) return -1;
  const byte = bytes[at] ?? 0;
  if (byte === QUOTE) return scanString(into, bytes, at, to, column, emptyIsMissing);
  if (NUMBER_BYTE[byte] === 1) return scanNumberInto(into, bytes, at, to, column);
  for (const word of WORDS) {
    const end = pastAll(bytes, at, to, word.bytes);
    if (end < 0) continue;
    if (column >= 0) setValue(into, column, word.value);
    return end;
  }
  return -1;
}

function scanString(
  into: RowStore,
  bytes: Buffer,
  at: number,
  to: number,
  column: number,
  emptyIsMissing: boolean,
): number {
  const end = stringEnd(bytes, at, to);
  if (end < 0 || column < 0) return end;
  if (emptyIsMissing && end === at + 2) setValue(into, column, null);
  else if (into.roles[column] === ROLE.category) setBytes(into, column, bytes, at + 1, end - 1);
  else if (into.roles[column] !== ROLE.ignored) setValue(into, column, bytes.toString('utf8', at + 1, end - 1));
  return end;
}

function scanNumberInto(into: RowStore, bytes: Buffer, at: number, to: number, column: number): number {
  scanNumber(bytes, at);
  let end = scanned.end;
  let value = scanned.value;
  const next = bytes[end] ?? 0;
  // A point, a digit or an exponent after it: not of the simple form.
  if (end === 0 || end >= to || !(next === COMMA || next === CLOSE.object || next === CLOSE.array || next === SPACE)) {
    end = at;
    while (end < to && NUMBER_BYTE[bytes[end] ?? 0] === 1) end++;
    const text = bytes.toString('latin1', at, end);
    if (!JSON_NUMBER.test(text)) return -1;
    value = Number(text);
  }
  if (column < 0) return end;
  // An infinite number is no number to whoever counts.
  if (into.roles[column] === ROLE.number) into.numbers[(into.bases[column] ?? 0) + into.row] = value;
  else setValue(into, column, value);
  return end;
}

function spaces(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at] === SPACE) at++;
  return at;
}

/** Past one byte after spaces. */
function past(bytes: Uint8Array, from: number, to: number, byte: number): number {
  if (from < 0) return -1;
  const at = spaces(bytes, from, to);
  return at < to && bytes[at] === byte ? at + 1 : -1;
}

function pastAll(bytes: Uint8Array, at: number, to: number, what: Uint8Array): number {
  if (at + what.length > to) return -1;
  for (let i = 0; i < what.length; i++) if (bytes[at + i] !== what[i]) return -1;
  return at + what.length;
}

/** Where `"key"` ends if it stands at `at`; −1 if it does not. */
function keyEnd(bytes: Uint8Array, at: number, to: number, key: Uint8Array): number {
  const end = at + key.length + 1;
  if (end >= to || bytes[at] !== QUOTE || bytes[end] !== QUOTE) return -1;
  for (let i = 0; i < key.length; i++) if (bytes[at + 1 + i] !== key[i]) return -1;
  return end + 1;
}

/** Where the string that begins at `at` ends, past its quote; −1 when it has escapes or is none. */
function stringEnd(bytes: Uint8Array, at: number, to: number): number {
  if (at >= to || bytes[at] !== QUOTE) return -1;
  for (let i = at + 1; i < to; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === QUOTE) return i + 1;
    if (byte === BACKSLASH || byte < SPACE) return -1;
  }
  return -1;
}
