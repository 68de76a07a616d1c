import { scanDecimal } from './decimal-scanner.ts';
import { type Literal, literal, pastLiteral } from './literal.ts';
import { beginRow, ROLE, type RowStore, rowStore, setValue } from './row-store.ts';
import { endOfText, type Source, STOP, scanText, sourceOf } from './text-scanner.ts';
import { valueTable } from './value-table.ts';

const SPACE = 32;
const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const BACKSLASH = 92;
const NEWLINE = 10;
const LETTER_N = 110;
const OPEN = { array: 91, object: 123 } as const;
const CLOSE = { array: 93, object: 125 } as const;
const WORDS = [
  { text: literal('true'), value: true },
  { text: literal('false'), value: false },
  { text: literal('null'), value: null },
] as const;
const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
const NUMBER_BYTE = Uint8Array.from({ length: 256 }, (_, byte) =>
  '+-.0123456789eE'.includes(String.fromCharCode(byte)) ? 1 : 0,
);
/** A name that JSON spells with escapes. */
const ODD_NAME = /["\\\p{Cc}]/u;
/** Keys of a row whose order is remembered. */
const REMEMBERED_KEYS = 256;
const NO_TABLE = valueTable();

/**
 * Reads rows of JSON that begin at a byte into columns, and gives where the first byte stands that belongs to none; −1, with some rows
 * written, for what is left to the general decoder.
 */
export type JsonScanner = (source: Source, from: number, into: RowStore) => number;

/** How quotes are written: as they are, or as the escapes of a JSON string that holds the text. */
export type Quotes = 'plain' | 'escaped';

/** What is known of the columns of rows. Every function below takes a place in the bytes and gives the next, or −1. */
interface Reading {
  source: Source;
  /** Where the rows of the request at hand go. */
  into: RowStore;
  readonly escaped: boolean;
  /** Keys with their quotes, and with the colon behind them. */
  readonly keys: readonly Literal[];
  readonly members: readonly Literal[];
  readonly byName: ReadonlyMap<string, number>;
  /** The column of the first, second, … key of the last row: keys mostly come in one order. */
  readonly expected: Int32Array;
  readonly byPosition: boolean;
  readonly features: Literal;
  readonly instances: Literal;
}

/**
 * A scanner of flat rows in the usual forms: objects by column name or `{"features": […]}`, alone, one a line, or below `instances`.
 * Without `byPosition` arrays are left to the general decoder.
 */
export function jsonScanner(columns: readonly string[], byPosition: boolean, quotes: Quotes): JsonScanner {
  if (columns.some((name) => ODD_NAME.test(name))) return () => -1;
  const quote = quotes === 'escaped' ? '\\"' : '"';
  const reading: Reading = {
    source: sourceOf(Buffer.alloc(0)),
    into: rowStore([], []),
    escaped: quotes === 'escaped',
    keys: columns.map((name) => literal(`${quote}${name}${quote}`)),
    members: columns.map((name) => literal(`${quote}${name}${quote}:`)),
    byName: new Map(columns.map((name, column) => [name, column])),
    expected: new Int32Array(REMEMBERED_KEYS).fill(-1),
    byPosition,
    features: literal(`${quote}features${quote}`),
    instances: literal(`${quote}instances${quote}`),
  };
  return (source, from, into) => {
    reading.source = source;
    reading.into = into;
    const opened = past(reading, from, OPEN.object);
    if (opened < 0) return -1;
    const first = spaces(reading, opened);
    if (pastLiteral(source.view, first, reading.instances) > 0) return scanInstances(reading, first);
    return scanLines(reading, from);
  };
}

/** Reads rows one a line. */
function scanLines(reading: Reading, from: number): number {
  for (let at = from; ; ) {
    at = scanRow(reading, at);
    if (at < 0) return -1;
    const end = pastNewlines(reading, spaces(reading, at));
    if (end === spaces(reading, at) || byteAt(reading, end) !== OPEN.object) return end;
    at = end;
  }
}

/** Reads `"instances": [rows…]}`. */
function scanInstances(reading: Reading, from: number): number {
  const colon = past(reading, pastLiteral(reading.source.view, from, reading.instances), COLON);
  let at = past(reading, colon, OPEN.array);
  while (at >= 0) {
    at = scanRow(reading, at);
    const comma = past(reading, at, COMMA);
    if (comma < 0) break;
    at = comma;
  }
  at = past(reading, past(reading, at, CLOSE.array), CLOSE.object);
  return at < 0 ? -1 : pastNewlines(reading, at);
}

function scanRow(reading: Reading, from: number): number {
  const opened = past(reading, from, OPEN.object);
  if (opened < 0 || !beginRow(reading.into)) return -1;
  const at = spaces(reading, opened);
  const positional = pastLiteral(reading.source.view, at, reading.features);
  if (positional < 0) return scanMembers(reading, at);
  if (!reading.byPosition) return -1;
  const array = past(reading, past(reading, positional, COLON), OPEN.array);
  return past(reading, scanPositions(reading, array), CLOSE.object);
}

/** Reads the values of a row in the order of the columns, and the bracket after them. */
function scanPositions(reading: Reading, from: number): number {
  const last = reading.keys.length - 1;
  let at = from;
  for (let column = 0; column <= last && at >= 0; column++) {
    at = scanValue(reading, spaces(reading, at), column, true);
    at = past(reading, at, column === last ? CLOSE.array : COMMA);
  }
  return at;
}

/** Reads the members of an object from its first key on, and its closing brace. */
function scanMembers(reading: Reading, from: number): number {
  const { expected, members } = reading;
  const { view } = reading.source;
  let at = from;
  for (let place = 0; ; place++) {
    let column = expected[place] ?? -1;
    const member = members[column];
    const known = member === undefined ? -1 : pastLiteral(view, at, member);
    if (known >= 0) at = known;
    else {
      const end = keyEnd(reading, at);
      if (end < 0) return -1;
      column = columnOf(reading, at, end);
      if (place < expected.length) expected[place] = column;
      at = past(reading, end, COLON);
      if (at < 0) return -1;
    }
    at = spaces(reading, scanValue(reading, spaces(reading, at), column, false));
    const next = byteAt(reading, at);
    if (next === CLOSE.object) return at + 1;
    if (next !== COMMA) return -1;
    at = spaces(reading, at + 1);
  }
}

function scanValue(reading: Reading, at: number, column: number, emptyIsMissing: boolean): number {
  const byte = byteAt(reading, at);
  if (NUMBER_BYTE[byte] === 1) return scanNumber(reading, at, column);
  if (byte === QUOTE || byte === BACKSLASH) return scanString(reading, at, column, emptyIsMissing);
  for (const { text, value } of WORDS) {
    const end = pastLiteral(reading.source.view, at, text);
    if (end < 0) continue;
    if (column >= 0) setValue(reading.into, column, value);
    return end;
  }
  return -1;
}

function scanString(reading: Reading, at: number, column: number, emptyIsMissing: boolean): number {
  const { into, source } = reading;
  const start = pastQuote(reading, at);
  if (start < 0) return -1;
  if (into.roles[column] === ROLE.category && !(emptyIsMissing && pastQuote(reading, start) >= 0)) {
    const table = into.tables[into.slots[column] ?? 0] ?? NO_TABLE;
    const end = scanText(
      source,
      start,
      reading.escaped ? STOP.backslash : STOP.quote,
      table,
      into.places,
      (into.bases[column] ?? 0) + into.row,
    );
    return pastQuote(reading, end);
  }
  const end = endOfText(source.bytes, start, false);
  const after = pastQuote(reading, end);
  if (after < 0 || column < 0) return after;
  if (emptyIsMissing && end === start) setValue(into, column, null);
  else if (into.roles[column] !== ROLE.ignored) setValue(into, column, source.bytes.toString('utf8', start, end));
  return after;
}

function scanNumber(reading: Reading, at: number, column: number): number {
  const { into, source } = reading;
  const isNumber = into.roles[column] === ROLE.number;
  const index = isNumber ? (into.bases[column] ?? 0) + into.row : 0;
  const numbers = isNumber ? into.numbers : SPARE;
  let end = scanDecimal(source.view, at, numbers, index);
  if (end < 0 || NUMBER_BYTE[byteAt(reading, end)] === 1) {
    end = at;
    while (NUMBER_BYTE[byteAt(reading, end)] === 1) end++;
    const text = source.bytes.toString('latin1', at, end);
    if (!JSON_NUMBER.test(text)) return -1;
    // An infinite number is no number to whoever counts.
    numbers[index] = Number(text);
  }
  if (column >= 0 && !isNumber) setValue(into, column, SPARE[0] ?? 0);
  return end;
}

/** Where a number goes that no column of numbers takes. */
const SPARE = new Float64Array(1);

/** The byte at a place, 0 beyond the end. */
function byteAt({ source: { view } }: Reading, at: number): number {
  return at >= 0 && at < view.byteLength ? view.getUint8(at) : 0;
}

/** Past spaces; a negative place stays what it is. */
function spaces(reading: Reading, from: number): number {
  let at = from;
  while (byteAt(reading, at) === SPACE) at++;
  return at;
}

/** Past newlines, and spaces between them. */
function pastNewlines(reading: Reading, from: number): number {
  let at = from;
  for (;;) {
    const byte = byteAt(reading, at);
    if (byte === SPACE || (byte === NEWLINE && !reading.escaped)) at++;
    else if (byte === BACKSLASH && reading.escaped && byteAt(reading, at + 1) === LETTER_N) at += 2;
    else return at;
  }
}

/** Past one byte after spaces. */
function past(reading: Reading, from: number, byte: number): number {
  if (from < 0) return -1;
  const at = spaces(reading, from);
  return byteAt(reading, at) === byte ? at + 1 : -1;
}

function pastQuote(reading: Reading, at: number): number {
  if (at < 0) return -1;
  if (!reading.escaped) return byteAt(reading, at) === QUOTE ? at + 1 : -1;
  return byteAt(reading, at) === BACKSLASH && byteAt(reading, at + 1) === QUOTE ? at + 2 : -1;
}

/** Past a key and its quotes; −1 when it has escapes or is none. */
function keyEnd(reading: Reading, at: number): number {
  const start = pastQuote(reading, at);
  return start < 0 ? -1 : pastQuote(reading, endOfText(reading.source.bytes, start, false));
}

/** The column of the key between these places, its quotes included; −1 when there is none of that name. */
function columnOf({ source, byName, escaped }: Reading, from: number, to: number): number {
  const width = escaped ? 2 : 1;
  return byName.get(source.bytes.toString('utf8', from + width, to - width)) ?? -1;
}
