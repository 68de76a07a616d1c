import type { Column, DataSchema } from '../../../contracts/data-schema.ts';
import { type ByteSet, byteSet } from '../byte-set.ts';
import { daysSince1970, setInstant } from '../normalise/stored-value.ts';
import { DEFAULT_MAX_LENGTH } from '../normalise/text.ts';
import { boundText, PLAUSIBLE } from '../normalise/timestamp.ts';
import { matchPattern } from '../pattern/match-pattern.ts';
import type { ColumnBuffer } from '../row-group.ts';

/** Where normal text is written: bytes, and in `at` the place of the next. */
export interface Line {
  readonly bytes: Buffer;
  at: number;
}

/**
 * Takes a cell that is present, of ASCII characters without NUL and quotes: sets its value, writes its normal text, and says true; or
 * says false when the cell is of a form that is not plain, or is not acceptable: then it is judged from its text.
 */
export type PlainCell = (bytes: Uint8Array, start: number, end: number, column: ColumnBuffer, line: Line) => boolean;

/** The plain forms of a column, or undefined when it has none. */
export function plainCell(column: Column, schema: DataSchema): PlainCell | undefined {
  switch (column.kind) {
    case 'numeric':
      return (column.decimal ?? schema.decimal) === ',' ? undefined : plainNumber(column, schema);
    case 'timestamp':
      return plainInstant(column);
    case 'boolean':
      return plainTruth;
    case 'categorical':
    case 'text':
    case 'identifier':
      return plainText(column);
    default:
      return column.kind satisfies never;
  }
}

const [ZERO, MINUS, POINT, QUOTE] = [48, 45, 46, 34];
/** With at most 15 digits a decimal number names one double and is its shortest form; both parts of the quotient are exact. */
const MOST_DIGITS = 15;
const TENS = Float64Array.from({ length: MOST_DIGITS + 1 }, (_, power) => 10 ** power);
/** Below a millionth the shortest form has an exponent. */
const LEAST_WITHOUT_EXPONENT = 1e-6;

function plainNumber(column: Column, schema: DataSchema): PlainCell {
  const target = column.name === schema.target;
  const min = typeof column.min === 'number' ? column.min : Number.NEGATIVE_INFINITY;
  const max = typeof column.max === 'number' ? column.max : Number.POSITIVE_INFINITY;
  const integer = column.integer === true;
  return (bytes, start, end, buffer, line) => {
    let at = start;
    const negative = bytes[at] === MINUS;
    if (negative) at++;
    while (at + 1 < end && bytes[at] === ZERO && isDigit(bytes[at + 1] ?? 0)) at++;
    const whole = at;
    let mantissa = 0;
    for (; at < end && isDigit(bytes[at] ?? 0); at++) mantissa = mantissa * 10 + (bytes[at] ?? 0) - ZERO;
    const point = at;
    let last = at;
    if (point === whole) return false;
    if (point < end) {
      if (bytes[point] !== POINT || point + 1 === end) return false;
      last = end;
      while (last > point + 1 && bytes[last - 1] === ZERO) last--;
      for (at = point + 1; at < last; at++) {
        const code = bytes[at] ?? 0;
        if (!isDigit(code)) return false;
        mantissa = mantissa * 10 + code - ZERO;
      }
      if (last === point + 1) last = point;
    }
    const scale = last === point ? 0 : last - point - 1;
    if (point - whole + scale > MOST_DIGITS || (integer && scale > 0)) return false;
    const size = scale === 0 ? mantissa : mantissa / (TENS[scale] ?? 1);
    if (scale > 0 && size < LEAST_WITHOUT_EXPONENT) return false;
    const value = negative && mantissa !== 0 ? -size : size;
    if (value < min || value > max || (target && value !== 0 && value !== 1)) return false;
    if (integer) buffer.setWhole(value);
    else buffer.setDouble(value);
    const out = line.bytes;
    let to = line.at;
    if (value < 0) out[to++] = MINUS;
    for (at = whole; at < last; at++) out[to++] = bytes[at] ?? 0;
    line.at = to;
    return true;
  };
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

const [BLANK, UPPER_T, UPPER_Z, COLON] = [32, 84, 90, 58];

/** `2001-01-31 05:30:00`, with a T or a blank, with Z or nothing behind. */
function plainInstant(column: Column): PlainCell {
  const { min, max, zone } = column;
  const bounded = min !== undefined || max !== undefined;
  const least = bounded ? (min === undefined ? Number.NEGATIVE_INFINITY : secondsOf(min)) : yearSeconds(PLAUSIBLE.from);
  const most = bounded
    ? max === undefined
      ? Number.POSITIVE_INFINITY
      : secondsOf(max)
    : yearSeconds(PLAUSIBLE.before) - 1;
  return (bytes, start, end, buffer, line) => {
    const zoned = end - start === 20 && bytes[start + 19] === UPPER_Z;
    if (!zoned && (end - start !== 19 || zone === 'required')) return false;
    const separator = bytes[start + 10];
    if (separator !== BLANK && separator !== UPPER_T) return false;
    if (bytes[start + 4] !== MINUS || bytes[start + 7] !== MINUS) return false;
    if (bytes[start + 13] !== COLON || bytes[start + 16] !== COLON) return false;
    const [century, year, month, day] = [
      two(bytes, start),
      two(bytes, start + 2),
      two(bytes, start + 5),
      two(bytes, start + 8),
    ];
    const [hour, minute, second] = [two(bytes, start + 11), two(bytes, start + 14), two(bytes, start + 17)];
    // Days that not every month has are left to the calendar of the judge.
    if (!(century >= 0 && year >= 0 && century + year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= 28)) {
      if (!isDay(century * 100 + year, month, day)) return false;
    }
    if (!(hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59)) return false;
    const seconds = daysSince1970(century * 100 + year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
    if (seconds < least || seconds > most) return false;
    setInstant(buffer, seconds, 0);
    const out = line.bytes;
    const to = line.at;
    for (let at = 0; at < 19; at++) out[to + at] = bytes[start + at] ?? 0;
    out[to + 10] = BLANK;
    line.at = to + 19;
    return true;
  };
}

/** The number that two digits name; negative or above 99 when they are none. */
function two(bytes: Uint8Array, at: number): number {
  const [tens, ones] = [(bytes[at] ?? 0) - ZERO, (bytes[at + 1] ?? 0) - ZERO];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NEGATIVE_INFINITY;
}

function isDay(year: number, month: number, day: number): boolean {
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= 31)) return false;
  return new Date(Date.UTC(2000 + (year % 400), month - 1, day)).getUTCDate() === day;
}

function secondsOf(bound: number | string): number {
  return Date.parse(`${boundText(bound).replace(' ', 'T')}Z`) / 1000;
}

function yearSeconds(year: string): number {
  return daysSince1970(Number(year), 1, 1) * 86_400;
}

const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');

const plainTruth: PlainCell = (bytes, start, end, buffer, line) => {
  const length = end - start;
  const digit = length === 1 ? bytes[start] : undefined;
  const truth = digit === 49 || (length === 4 && isWord(bytes, start, TRUE));
  if (!truth && digit !== 48 && !(length === 5 && isWord(bytes, start, FALSE))) return false;
  buffer.setTruth(truth);
  const word = truth ? TRUE : FALSE;
  for (let at = 0; at < word.length; at++) line.bytes[line.at + at] = word[at] ?? 0;
  line.at += word.length;
  return true;
};

function isWord(bytes: Uint8Array, start: number, word: Uint8Array): boolean {
  for (let at = 0; at < word.length; at++) if (bytes[start + at] !== word[at]) return false;
  return true;
}

function plainText(column: Column): PlainCell {
  const longest = column.maxLength ?? DEFAULT_MAX_LENGTH;
  const allowed: ByteSet | undefined = column.values === undefined ? undefined : byteSet(column.values);
  const fits = column.pattern === undefined || allowed !== undefined ? undefined : matchPattern(column.pattern);
  return (bytes, start, end, buffer, line) => {
    if (end - start > longest) return false;
    if (allowed !== undefined && !allowed.has(bytes, start, end)) return false;
    if (fits !== undefined && !fits(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).latin1Slice()))
      return false;
    buffer.setBytes(bytes, start, end);
    const out = line.bytes;
    let to = line.at;
    out[to++] = QUOTE;
    for (let at = start; at < end; at++) out[to++] = bytes[at] ?? 0;
    out[to++] = QUOTE;
    line.at = to;
    return true;
  };
}
