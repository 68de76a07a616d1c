import { placeOf, placeOfShort, SHORT_BYTES, type ValueTable } from './value-table.ts';

const QUOTES = 0x22222222;
const BACKSLASHES = 0x5c5c5c5c;
const COMMAS = 0x2c2c2c2c;
const FIRST_PRINTABLE = 32;
/** Bytes that may be touched beyond where a text begins. */
const MARGIN = 16;
/** The first so many bytes of two words. */
const FIRST_WORD = Int32Array.of(0, 0xff, 0xffff, 0xffffff, -1, -1, -1, -1, -1);
const SECOND_WORD = Int32Array.of(0, 0, 0, 0, 0, 0xff, 0xffff, 0xffffff, -1);
/** Place of the lowest bit of a mask of eight; 8 for none. */
const LOWEST = Uint8Array.from({ length: 256 }, (_, mask) => (mask === 0 ? 8 : Math.log2(mask & -mask)));

/** Where texts are read from, as bytes and as a view of the same. */
export interface Source {
  readonly bytes: Buffer;
  readonly view: DataView;
}

/** Bytes with their view. */
export function sourceOf(bytes: Buffer): Source {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}

/**
 * Reads a text that begins at a byte, writes its place in the table, and gives where it ends: before the next quote, backslash or control
 * character, or, with `commas`, the next comma. −1 when none comes.
 */
export function scanText(
  source: Source,
  at: number,
  commas: boolean,
  table: ValueTable,
  places: Int32Array,
  index: number,
): number {
  const { view } = source;
  if (at + MARGIN > view.byteLength) return scanLongText(source, at, commas, table, places, index);
  const first = view.getInt32(at, true);
  const second = view.getInt32(at + 4, true);
  const length = LOWEST[stops(first, commas) | (stops(second, commas) << 4)] ?? 8;
  if (length === SHORT_BYTES) return scanLongText(source, at, commas, table, places, index);
  const place = placeOfShort(table, first & (FIRST_WORD[length] ?? 0), second & (SECOND_WORD[length] ?? 0));
  // A control character is in no short value: it is found when its value is thought to be new.
  if (place < 0) return scanLongText(source, at, commas, table, places, index);
  places[index] = place;
  return at + length;
}

/** Which of the four bytes of a word end a text, as four bits; above the lowest there may be more. */
function stops(word: number, commas: boolean): number {
  const quote = word ^ QUOTES;
  const backslash = word ^ BACKSLASHES;
  let found = ((quote - 0x01010101) & ~quote) | ((backslash - 0x01010101) & ~backslash);
  if (commas) {
    const comma = word ^ COMMAS;
    found |= (comma - 0x01010101) & ~comma;
  }
  return Math.imul((found & 0x80808080) >>> 7, 0x10204080) >>> 28;
}

function scanLongText(
  { bytes }: Source,
  at: number,
  commas: boolean,
  table: ValueTable,
  places: Int32Array,
  index: number,
): number {
  const end = endOfText(bytes, at, commas);
  if (end >= 0) places[index] = placeOf(table, bytes, at, end);
  return end;
}

/** Where a text ends that begins at a byte, as `scanText` says. */
export function endOfText(bytes: Uint8Array, from: number, commas: boolean): number {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < FIRST_PRINTABLE || byte === 0x22 || byte === 0x5c || (commas && byte === 0x2c)) return at;
  }
  return -1;
}
