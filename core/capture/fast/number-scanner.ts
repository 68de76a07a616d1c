const ZERO = 48;
const POINT = 46;
const MINUS = 45;
/** Powers of ten that doubles hold exactly. */
const TENS = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
/** Digits of a mantissa that 31 bits hold. */
const SHORT_DIGITS = 9;
/** Digits of a mantissa that doubles always hold exactly. */
const EXACT_DIGITS = 15;

/** A number read from bytes; `end` is 0 when there is none of the simple form. */
export const scanned = { value: 0, end: 0 };

/**
 * Reads `-?digits[.digits]` from bytes into `scanned`: exact, since a mantissa below 2⁵³ and a power of ten up to 10²² both are doubles
 * and their quotient is rounded once (Clinger 1990). Longer mantissas and exponents are left to the caller. A leading zero before
 * another digit is no JSON and is left too. The byte after the last one must be no digit.
 */
export function scanNumber(bytes: Uint8Array, from: number): void {
  const negative = bytes[from] === MINUS;
  const first = negative ? from + 1 : from;
  let at = first;
  let mantissa = 0;
  for (let digit = digitAt(bytes, at); digit < 10; digit = digitAt(bytes, at)) {
    mantissa = (Math.imul(mantissa, 10) + digit) | 0;
    at++;
  }
  const whole = at - first;
  scanned.end = 0;
  if (whole === 0 || (whole > 1 && bytes[first] === ZERO)) return;
  let decimals = 0;
  if (bytes[at] === POINT) {
    const point = at;
    at++;
    for (let digit = digitAt(bytes, at); digit < 10; digit = digitAt(bytes, at)) {
      mantissa = (Math.imul(mantissa, 10) + digit) | 0;
      at++;
    }
    decimals = at - point - 1;
    if (decimals === 0) return;
  }
  const digits = whole + decimals;
  if (digits > EXACT_DIGITS) return;
  const exact = digits > SHORT_DIGITS ? longMantissa(bytes, first, at) : mantissa;
  const value = decimals === 0 ? exact : exact / (TENS[decimals] ?? 1);
  scanned.value = negative ? -value : value;
  scanned.end = at;
}

/** The digit at a place, or a number above 9: what lies below the digits wraps around. */
function digitAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) - ZERO) >>> 0;
}

/** The digits of `bytes[from..to)` as one number, the point left out. */
function longMantissa(bytes: Uint8Array, from: number, to: number): number {
  let mantissa = 0;
  for (let at = from; at < to; at++) if (bytes[at] !== POINT) mantissa = mantissa * 10 + digitAt(bytes, at);
  return mantissa;
}
