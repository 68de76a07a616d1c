import { placeOf, placeOfShort, SHORT_BYTES, type ValueTable } from './value-table.ts';

/** The byte at which a text is thought to end, four times. */
export const STOP = { quote: 0x22222222, backslash: 0x5c5c5c5c, comma: 0x2c2c2c2c, nothing: 0 } as const;
const COMMA = 44;
const QUOTE = 34;
const BACKSLASH = 92;
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
 * character, or, when that is where it is thought to stop, the next comma. −1 when none comes.
 */
export function scanText(
  source: Source,
  at: number,
  stop: number,
  table: ValueTable,
  places: Int32Array,
  index: number,
): number {
  const { view } = source;
  if (at + MARGIN > view.byteLength) return scanAnyText(source, at, stop === STOP.comma, table, places, index);
  const first = view.getInt32(at, true);
  const second = view.getInt32(at + 4, true);
  const length = LOWEST[stops(first ^ stop) | (stops(second ^ stop) << 4)] ?? SHORT_BYTES;
  if (length === SHORT_BYTES) return scanAnyText(source, at, stop === STOP.comma, table, places, index);
  const place = placeOfShort(table, first & (FIRST_WORD[length] ?? 0), second & (SECOND_WORD[length] ?? 0));
  // No quote, backslash or control character is in a short value: it is found when its value is thought to be new.
  if (place < 0) return scanAnyText(source, at, stop === STOP.comma, table, places, index);
  places[index] = place;
  return at + length;
}

/** Which of the four bytes of a word are 0, as four bits; above the lowest there may be more. */
function stops(word: number): number {
  return Math.imul(((word - 0x01010101) & ~word & 0x80808080) >>> 7, 0x10204080) >>> 28;
}

/** `scanText` of texts of any length, byte by byte. */
export function scanAnyText(
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
    if (byte < FIRST_PRINTABLE || byte === QUOTE || byte === BACKSLASH || (commas && byte === COMMA)) return at;
  }
  return -1;
}
