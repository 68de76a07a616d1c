const ZERO = 48;
const POINT = 46;
const MINUS = 45;
/** Powers of ten that doubles hold exactly. */
const TENS = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
/** Digits of a mantissa that doubles always hold exactly. */
const EXACT_DIGITS = 15;

/** A number read from bytes; `end` is 0 when there is none of the simple form. */
export const scanned = { value: 0, end: 0 };

/**
 * Reads `-?digits[.digits]` from bytes into `scanned`: exact, since a mantissa below 2⁵³ and a power of ten up to 10²² both are doubles
 * and their quotient is rounded once (Clinger 1990). Longer mantissas and exponents are left to the caller. A leading zero before
 * another digit is no JSON and is left too.
 */
export function scanNumber(bytes: Uint8Array, from: number, to: number): void {
  let at = from;
  const negative = bytes[at] === MINUS;
  if (negative) at++;
  const first = at;
  let mantissa = 0;
  let digit = (bytes[at] ?? 0) - ZERO;
  while (at < to && digit >= 0 && digit <= 9) {
    mantissa = mantissa * 10 + digit;
    at++;
    digit = (bytes[at] ?? 0) - ZERO;
  }
  let digits = at - first;
  scanned.end = 0;
  if (digits === 0 || (digits > 1 && bytes[first] === ZERO)) return;
  let decimals = 0;
  if (at < to && bytes[at] === POINT) {
    const point = at;
    at++;
    digit = (bytes[at] ?? 0) - ZERO;
    while (at < to && digit >= 0 && digit <= 9) {
      mantissa = mantissa * 10 + digit;
      at++;
      digit = (bytes[at] ?? 0) - ZERO;
    }
    decimals = at - point - 1;
    digits += decimals;
    if (decimals === 0) return;
  }
  if (digits > EXACT_DIGITS) return;
  const value = decimals === 0 ? mantissa : mantissa / (TENS[decimals] ?? 1);
  scanned.value = negative ? -value : value;
  scanned.end = at;
}
