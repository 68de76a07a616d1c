import { scanLongDecimal } from './long-decimal.ts';

const ZERO = 48;
const POINT = 46;
const MINUS = 45;
/** Powers of ten that doubles hold exactly. */
const TENS = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
/** The last so many bytes of a word: the digits before a point, whatever stands before them. */
const LAST_BYTES = Int32Array.of(0, -1 << 24, -1 << 16, -1 << 8, -1);
/** Bytes that are looked at at once. */
const WINDOW = 12;
/** Bytes that may be touched beyond where a number begins, and before it. */
const MARGIN = 24;
const BEFORE = 8;

/**
 * Where the first two bytes stand that are no digits, a minus before the first digit aside, by a mask of such bytes in the window: the
 * first in the lowest four bits, then the second (0: none), and whether a first byte was set aside. 0 when there is none, or no digit.
 */
const SHAPES = Int16Array.from({ length: 1 << WINDOW }, (_, mask) => {
  const signed = mask & 1;
  const rest = mask & ~1;
  if (rest === 0 || (signed === 1 && (rest & 2) !== 0)) return 0;
  const first = Math.log2(rest & -rest);
  const more = rest & (rest - 1);
  return first | ((more === 0 ? 0 : Math.log2(more & -more)) << 4) | (signed << 8);
});

/**
 * Reads a decimal number that begins at a byte into `into[index]` and gives where it ends; −1 when there is none of the form that JSON
 * and CSV share, `-?digits[.digits][e[±]digits]` without needless zeros before it, or when its last bits cannot be told here. Always the
 * double that is nearest: a mantissa below 2⁵³ and a power of ten up to 10²² both are doubles, and their quotient is rounded once (Clinger
 * 1990). Eight bytes before `at` must belong to the view. What follows the number is the caller's to check.
 */
export function scanDecimal(view: DataView, at: number, into: Float64Array, index: number): number {
  if (at + MARGIN > view.byteLength || at < BEFORE) return scanLongDecimal(view, at, into, index);
  const head = view.getInt32(at, true);
  const mask = others(head) | (others(view.getInt32(at + 4, true)) << 4) | (others(view.getInt32(at + 8, true)) << 8);
  const shape = SHAPES[mask] ?? 0;
  if (shape === 0) return scanLongDecimal(view, at, into, index);
  const negative = shape >> 8;
  if (negative === 1 && (head & 0xff) !== MINUS) return -1;
  const point = at + (shape & 15);
  const digits = (shape & 15) - negative;
  if (digits > 8) return scanLongDecimal(view, at, into, index);
  if (digits > 1 && ((head >> (negative << 3)) & 0xff) === ZERO) return -1;
  let whole =
    digits > 4
      ? fourDigits(view.getInt32(point - 8, true) & (LAST_BYTES[digits - 4] ?? 0)) * 10_000 +
        fourDigits(view.getInt32(point - 4, true))
      : fourDigits(view.getInt32(point - 4, true) & (LAST_BYTES[digits] ?? 0));
  let end = point;
  const next = view.getUint8(point);
  if (next === POINT) {
    end = at + ((shape >> 4) & 15);
    const decimals = end - point - 1;
    if (end === at || decimals > 8) return scanLongDecimal(view, at, into, index);
    if (decimals < 1) return -1;
    const fraction =
      decimals > 4
        ? fourDigits(view.getInt32(point + 1, true)) * (TENS[decimals - 4] ?? 1) +
          fourDigits(view.getInt32(point + 5, true) << ((8 - decimals) << 3))
        : fourDigits(view.getInt32(point + 1, true) << ((4 - decimals) << 3));
    const scale = TENS[decimals] ?? 1;
    whole = (whole * scale + fraction) / scale;
    if ((view.getUint8(end) | 0x20) === 0x65) return scanLongDecimal(view, at, into, index);
  } else if ((next | 0x20) === 0x65) return scanLongDecimal(view, at, into, index);
  into[index] = negative === 1 ? -whole : whole;
  return end;
}

/** Which of the four bytes of a word are no digits, as four bits. */
function others(word: number): number {
  const found = ((word + 0x46464646) | ~((word | 0x80808080) - 0x30303030) | word) & 0x80808080;
  return Math.imul(found >>> 7, 0x10204080) >>> 28;
}

/** The number that four digits spell, the first in the lowest byte; bytes of 0 before them count as zeros. */
function fourDigits(word: number): number {
  const digits = word & 0x0f0f0f0f;
  const pairs = (Math.imul(digits, 10) + (digits >>> 8)) & 0x00ff00ff;
  return (Math.imul(pairs, 100) + (pairs >>> 16)) & 0xffff;
}
