import { fourDigits, others } from './digit-words.ts';
import { scanLongDecimal } from './long-decimal.ts';

const ZERO = 48;
const POINT = 46;
const MINUS = 45;
const LOWER_E = 0x65;
const TO_LOWER = 0x20;
/** Powers of ten that doubles hold exactly. */
const TENS = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
const SHORT_TENS = Int32Array.of(1, 10, 100, 1000, 10_000);
/** The last so many bytes of a word: the digits before a point, whatever stands before them. */
const LAST_BYTES = Int32Array.of(0, -1 << 24, -1 << 16, -1 << 8, -1);
const SIGN = Float64Array.of(1, -1);
/** Bytes that are looked at at once. */
const WINDOW = 12;
/** Bytes that may be touched beyond where a number begins, and before it. */
const MARGIN = 24;
const BEFORE = 8;

/** Where the first and the second byte stand that are no digits, a first byte of the window aside; 0 for none. */
const FIRST_OTHER = Uint8Array.from({ length: 1 << WINDOW }, (_, mask) => lowest(mask & ~1));
const SECOND_OTHER = Uint8Array.from(FIRST_OTHER, (_, mask) => lowest(mask & ~1 & ((mask & ~1) - 1)));

function lowest(mask: number): number {
  return mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
}

/**
 * Reads a decimal number that begins at a byte into `into[index]` and gives where it ends; −1 when there is none of the form that JSON
 * and CSV share, `-?digits[.digits][e[±]digits]` without needless zeros before it, or when its last bits cannot be told here. Always the
 * double that is nearest: a mantissa below 2⁵³ and a power of ten up to 10²² both are doubles, and their quotient is rounded once (Clinger
 * 1990). What follows the number is the caller's to check.
 */
export function scanDecimal(view: DataView, at: number, into: Float64Array, index: number): number {
  if (at + MARGIN > view.byteLength || at < BEFORE) return scanLongDecimal(view, at, into, index);
  const head = view.getInt32(at, true);
  const mask = others(head) | (others(view.getInt32(at + 4, true)) << 4) | (others(view.getInt32(at + 8, true)) << 8);
  // A first byte that is no digit must be a minus.
  const negative = mask & 1;
  const place = FIRST_OTHER[mask] ?? 0;
  const digits = place - negative;
  if (digits < 1 || digits > 4 || (negative === 1 && (head & 0xff) !== MINUS))
    return scanWide(view, at, into, index, mask);
  const point = at + place;
  const whole = fourDigits(view.getInt32(point - 4, true) & (LAST_BYTES[digits] ?? 0));
  // Both are −1 or 0: whether a digit follows, and whether the first one is 0. Neither follows a pattern, so nothing branches on one of them.
  if ((((1 - digits) >> 31) & ((((head >> (negative << 3)) & 0xff) - ZERO - 1) >> 31)) !== 0) return -1;
  let end = point;
  let value = whole;
  let after = view.getUint8(point);
  if (after === POINT) {
    end = at + (SECOND_OTHER[mask] ?? 0);
    const decimals = end - point - 1;
    if (decimals < 1 || decimals > 4) return scanWide(view, at, into, index, mask);
    const fraction = fourDigits(view.getInt32(point + 1, true) << (32 - (decimals << 3)));
    value = (Math.imul(whole, SHORT_TENS[decimals] ?? 0) + fraction) / (TENS[decimals] ?? 1);
    after = view.getUint8(end);
  }
  if ((after | TO_LOWER) === LOWER_E) return scanLongDecimal(view, at, into, index);
  into[index] = value * (SIGN[negative] ?? 1);
  return end;
}

/** `scanDecimal` of numbers with up to eight digits before and after the point; of more digit by digit. */
function scanWide(view: DataView, at: number, into: Float64Array, index: number, mask: number): number {
  const negative = mask & 1;
  const point = at + (FIRST_OTHER[mask] ?? 0);
  const digits = point - at - negative;
  const end = at + (SECOND_OTHER[mask] ?? 0);
  const decimals = end - point - 1;
  const head = view.getUint8(at);
  const isDecimal = digits > 0 && digits <= 8 && view.getUint8(point) === POINT && decimals > 0 && decimals <= 8;
  if (!isDecimal || (negative === 1 && head !== MINUS) || (digits > 1 && view.getUint8(at + negative) === ZERO))
    return scanLongDecimal(view, at, into, index);
  if ((view.getUint8(end) | TO_LOWER) === LOWER_E) return scanLongDecimal(view, at, into, index);
  const whole =
    fourDigits(view.getInt32(point - 8, true) & (LAST_BYTES[Math.max(0, digits - 4)] ?? 0)) * 10_000 +
    fourDigits(view.getInt32(point - 4, true) & (LAST_BYTES[Math.min(4, digits)] ?? 0));
  const fraction =
    decimals > 4
      ? fourDigits(view.getInt32(point + 1, true)) * (TENS[decimals - 4] ?? 1) +
        fourDigits(view.getInt32(point + 5, true) << ((8 - decimals) << 3))
      : fourDigits(view.getInt32(point + 1, true) << ((4 - decimals) << 3));
  const scale = TENS[decimals] ?? 1;
  into[index] = ((whole * scale + fraction) / scale) * (SIGN[negative] ?? 1);
  return end;
}
