import type { Source } from './text-scanner.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const PADDING = 61;
/** Bits of a character by its place among four; the lowest of 32 for one that is none. */
const BITS = [18, 12, 6, 0].map((shift) => {
  const bits = new Int32Array(256).fill(-(2 ** 31));
  for (let value = 0; value < 64; value++) bits[ALPHABET.charCodeAt(value)] = value << shift;
  return bits;
});
const [FIRST, SECOND, THIRD, FOURTH] = BITS;
const NOT_ASCII = 0x808080;

/** Where base64 ended, and how long what it stands for is. One object serves every call. */
export const decoded = { end: 0, length: 0 };

/**
 * Decodes base64 that begins at a byte into a view from `start` on, and says in `decoded` how far; false for bytes that are no ASCII text,
 * for base64 without its padding, and where there is no room, which needs a fourth byte behind the last one.
 */
export function decodeBase64({ view }: Source, from: number, into: DataView, start: number): boolean {
  if (FIRST === undefined || SECOND === undefined || THIRD === undefined || FOURTH === undefined) return false;
  const most = Math.min(view.byteLength - 4, from + Math.floor((into.byteLength - start - 8) / 3) * 4);
  let [at, to, seen] = [from, start, 0];
  for (; at <= most; at += 4) {
    const word = view.getInt32(at, true);
    const bits =
      (FIRST[word & 0xff] ?? 0) |
      (SECOND[(word >>> 8) & 0xff] ?? 0) |
      (THIRD[(word >>> 16) & 0xff] ?? 0) |
      (FOURTH[word >>> 24] ?? 0);
    if (bits < 0) break;
    seen |= bits;
    into.setInt32(to, bits << 8);
    to += 3;
  }
  if (at > most) return false;
  const padding = paddingAt(view, at);
  if (padding > 0) {
    const bits =
      (FIRST[view.getUint8(at)] ?? 0) |
      (SECOND[view.getUint8(at + 1)] ?? 0) |
      (padding === 1 ? (THIRD[view.getUint8(at + 2)] ?? 0) : 0);
    if (bits < 0) return false;
    seen |= padding === 1 ? bits & 0xffff00 : bits & 0xff0000;
    into.setInt32(to, bits << 8);
    to += 3 - padding;
    at += 4;
  }
  decoded.end = at;
  decoded.length = to - start;
  return (seen & NOT_ASCII) === 0;
}

/** How many of the four characters at a place are padding. */
function paddingAt(view: DataView, at: number): number {
  if (view.getUint8(at + 3) !== PADDING) return 0;
  return view.getUint8(at + 2) === PADDING ? 2 : 1;
}
