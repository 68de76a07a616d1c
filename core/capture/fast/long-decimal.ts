import { fourDigits, others } from './digit-words.ts';

const ZERO = 48;
const POINT = 46;
const MINUS = 45;
const PLUS = 43;
const LOWER_E = 0x65;
const TO_LOWER = 0x20;
/** Powers of ten that doubles hold exactly. */
const TENS = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
const LARGEST_TEN = TENS.length - 1;
/** Digits that doubles always hold exactly. */
const EXACT_DIGITS = 15;
const MOST_EXPONENT_DIGITS = 3;
/** Splits a double into two halves of which every product is exact (Dekker 1971). */
const SPLIT = 2 ** 27 + 1;
/** More than what double-double arithmetic can be off here, relative to the result. */
const SLACK = 2 ** -98;

/** `scanDecimal` of numbers of any length: digits one by one. */
export function scanLongDecimal(view: DataView, from: number, into: Float64Array, index: number): number {
  const length = view.byteLength;
  const negative = from < length && view.getUint8(from) === MINUS;
  const first = negative ? from + 1 : from;
  let [at, high, low, digits, decimals] = [first, 0, 0, 0, 0];
  let point = -1;
  for (; at < length; at++) {
    // Four at a time behind the first digit that counts.
    while (digits > 0 && at + 4 <= length && (digits <= EXACT_DIGITS - 4 || digits >= EXACT_DIGITS)) {
      const word = view.getInt32(at, true);
      if (others(word) !== 0) break;
      if (digits < EXACT_DIGITS) high = high * 10_000 + fourDigits(word);
      else low = low * 10_000 + fourDigits(word);
      digits += 4;
      at += 4;
    }
    if (at === length) break;
    const byte = view.getUint8(at);
    const digit = byte - ZERO;
    if (digit >= 0 && digit <= 9) {
      // Zeros before the first digit that counts do not.
      if (digits > 0 || digit > 0) digits++;
      if (digits <= EXACT_DIGITS) high = high * 10 + digit;
      else low = low * 10 + digit;
    } else if (byte === POINT && point < 0) point = at;
    else break;
  }
  const whole = (point < 0 ? at : point) - first;
  decimals = point < 0 ? 0 : at - point - 1;
  if (whole === 0 || (point >= 0 && decimals === 0)) return -1;
  if (whole > 1 && view.getUint8(first) === ZERO) return -1;
  if (digits > 2 * EXACT_DIGITS) return -1;
  let exponent = -decimals;
  if (at < length && (view.getUint8(at) | TO_LOWER) === LOWER_E) {
    const end = exponentEnd(view, at + 1);
    if (end < 0) return -1;
    exponent += exponentAt(view, at + 1, end);
    at = end;
  }
  const value = nearest(high, low, Math.max(0, digits - EXACT_DIGITS), exponent);
  if (Number.isNaN(value)) return -1;
  into[index] = negative ? -value : value;
  return at;
}

/** Where the digits of an exponent end, its sign before them; −1 when there are none or too many. */
function exponentEnd(view: DataView, from: number): number {
  const length = view.byteLength;
  let at = from;
  if (at < length && (view.getUint8(at) === MINUS || view.getUint8(at) === PLUS)) at++;
  const first = at;
  while (at < length && isDigit(view.getUint8(at))) at++;
  return at === first || at - first > MOST_EXPONENT_DIGITS ? -1 : at;
}

function exponentAt(view: DataView, from: number, end: number): number {
  let exponent = 0;
  for (let at = from; at < end; at++)
    if (isDigit(view.getUint8(at))) exponent = exponent * 10 + view.getUint8(at) - ZERO;
  return view.getUint8(from) === MINUS ? -exponent : exponent;
}

const isDigit = (byte: number) => byte >= ZERO && byte < ZERO + 10;

/**
 * The double nearest to (high · 10^more + low) · 10^exponent, in double-double arithmetic (Dekker 1971); NaN for powers of ten that are no
 * doubles, and where the rest is so near to half a unit in the last place that the arithmetic's own error could decide.
 */
function nearest(high: number, low: number, more: number, exponent: number): number {
  if (high === 0) return 0;
  if (Math.abs(exponent) > LARGEST_TEN) return Number.NaN;
  const ten = TENS[Math.abs(exponent)] ?? 1;
  if (more === 0) return exponent < 0 ? high / ten : high * ten;
  const shift = TENS[more] ?? 1;
  const product = high * shift;
  const sum = product + low;
  const carried = sum - product;
  const rest = product - (sum - carried) + (low - carried) + productError(high, shift, product);
  return exponent < 0 ? roundedQuotient(sum, rest, ten) : roundedProduct(sum, rest, ten);
}

function roundedQuotient(sum: number, rest: number, divisor: number): number {
  const quotient = sum / divisor;
  const product = quotient * divisor;
  return rounded(quotient, (sum - product - productError(quotient, divisor, product) + rest) / divisor);
}

function roundedProduct(sum: number, rest: number, factor: number): number {
  const product = sum * factor;
  return rounded(product, productError(sum, factor, product) + rest * factor);
}

/** value + small rounded once, or NaN when what lies within the slack is not rounded to one double. */
function rounded(value: number, small: number): number {
  const sum = value + small;
  const rest = small - (sum - value);
  const slack = sum * SLACK;
  return sum + (rest - slack) === sum && sum + (rest + slack) === sum ? sum : Number.NaN;
}

/** What a · b is more than its rounded product. */
function productError(a: number, b: number, product: number): number {
  const [bigA, bigB] = [a * SPLIT, b * SPLIT];
  const [highA, highB] = [bigA - (bigA - a), bigB - (bigB - b)];
  const [lowA, lowB] = [a - highA, b - highB];
  return lowA * lowB - (product - highA * highB - lowA * highB - highA * lowB);
}
