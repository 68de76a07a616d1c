import type { Column } from '../../../contracts/data-schema.ts';
import { type ByteSet, byteSet, HASH_START, hashByte } from '../byte-set.ts';
import type { JudgedSchema } from '../normalise/column.ts';
import { daysSince1970, setInstant } from '../normalise/stored-value.ts';
import { DEFAULT_MAX_LENGTH } from '../normalise/text.ts';
import { boundText, PLAUSIBLE } from '../normalise/timestamp.ts';
import { matchPattern } from '../pattern/match-pattern.ts';
import { CELL_END, ORDINARY, type PlainCell } from './cell-form.ts';
import { plainNumber } from './plain-number.ts';

/** The plain forms of a column, or undefined when it has none. */
export function plainCell(column: Column, schema: JudgedSchema, kinds: Uint8Array): PlainCell | undefined {
  switch (column.kind) {
    case 'numeric':
      return (column.decimal ?? schema.decimal) === ',' ? undefined : plainNumber(column, schema, kinds);
    case 'timestamp':
      return plainInstant(column, kinds, column.name === schema.time ? schema.plausibleBefore : undefined);
    case 'boolean':
      return plainTruth(kinds);
    case 'categorical':
    case 'text':
    case 'identifier':
      return plainText(column, kinds);
    default:
      return column.kind satisfies never;
  }
}

const [ZERO, MINUS, QUOTE] = [48, 45, 34];
const [BLANK, UPPER_T, UPPER_Z, COLON] = [32, 84, 90, 58];

/** `2001-01-31 05:30:00`, with a T or a blank, with Z or nothing behind. */
function plainInstant(column: Column, kinds: Uint8Array, before: string | undefined): PlainCell {
  const { min, max, zone } = column;
  const bounded = min !== undefined || max !== undefined;
  const least = bounded ? (min === undefined ? Number.NEGATIVE_INFINITY : secondsOf(min)) : yearSeconds(PLAUSIBLE.from);
  const most = bounded
    ? max === undefined
      ? Number.POSITIVE_INFINITY
      : secondsOf(max)
    : (before === undefined ? yearSeconds(PLAUSIBLE.before) : secondsOf(before)) - 1;
  return (bytes, start, buffer, line) => {
    if (start + 20 >= bytes.length) return -1;
    const zoned = bytes[start + 19] === UPPER_Z;
    if (!zoned && zone === 'required') return -1;
    const end = start + (zoned ? 20 : 19);
    if (kinds[bytes[end] ?? 0] !== CELL_END) return -1;
    const separator = bytes[start + 10];
    if (separator !== BLANK && separator !== UPPER_T) return -1;
    if (bytes[start + 4] !== MINUS || bytes[start + 7] !== MINUS) return -1;
    if (bytes[start + 13] !== COLON || bytes[start + 16] !== COLON) return -1;
    const [century, year, month, day] = [
      two(bytes, start),
      two(bytes, start + 2),
      two(bytes, start + 5),
      two(bytes, start + 8),
    ];
    const [hour, minute, second] = [two(bytes, start + 11), two(bytes, start + 14), two(bytes, start + 17)];
    // Days that not every month has are left to the calendar of the judge.
    if (!(century >= 0 && year >= 0 && century + year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= 28)) {
      if (!isDay(century * 100 + year, month, day)) return -1;
    }
    if (!(hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59)) return -1;
    const seconds = daysSince1970(century * 100 + year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
    if (seconds < least || seconds > most) return -1;
    setInstant(buffer, seconds, 0);
    const out = line.bytes;
    const to = line.at;
    for (let at = 0; at < 19; at++) out[to + at] = bytes[start + at] ?? 0;
    out[to + 10] = BLANK;
    line.at = to + 19;
    return end;
  };
}

/** The number that two digits name; negative or above 99 when they are none. */
function two(bytes: Uint8Array, at: number): number {
  const [tens, ones] = [(bytes[at] ?? 0) - ZERO, (bytes[at + 1] ?? 0) - ZERO];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NEGATIVE_INFINITY;
}

function isDay(year: number, month: number, day: number): boolean {
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1)) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (month === 2 ? (leap ? 29 : 28) : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31);
}

function secondsOf(bound: number | string): number {
  return Date.parse(`${boundText(bound).replace(' ', 'T')}Z`) / 1000;
}

function yearSeconds(year: string): number {
  return daysSince1970(Number(year), 1, 1) * 86_400;
}

const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');

function plainTruth(kinds: Uint8Array): PlainCell {
  return (bytes, start, buffer, line) => {
    const digit = bytes[start];
    const word = digit === 49 || isWord(bytes, start, TRUE) ? TRUE : FALSE;
    const isDigitForm = digit === 48 || digit === 49;
    if (!isDigitForm && !isWord(bytes, start, word)) return -1;
    const end = start + (isDigitForm ? 1 : word.length);
    if (end >= bytes.length || kinds[bytes[end] ?? 0] !== CELL_END) return -1;
    buffer.setTruth(word === TRUE);
    for (let at = 0; at < word.length; at++) line.bytes[line.at + at] = word[at] ?? 0;
    line.at += word.length;
    return end;
  };
}

function isWord(bytes: Uint8Array, start: number, word: Uint8Array): boolean {
  for (let at = 0; at < word.length; at++) if (bytes[start + at] !== word[at]) return false;
  return true;
}

function plainText(column: Column, kinds: Uint8Array): PlainCell {
  const longest = column.maxLength ?? DEFAULT_MAX_LENGTH;
  if (column.values !== undefined) return plainChoice(byteSet([...new Set(column.values)]), longest, kinds);
  const fits = column.pattern === undefined ? undefined : matchPattern(column.pattern);
  return (bytes, start, buffer, line) => {
    const out = line.bytes;
    const limit = Math.min(bytes.length, start + longest + 1, start + line.limit - line.at);
    let to = line.at;
    out[to++] = QUOTE;
    let at = start;
    for (; at < limit; at++) {
      const code = bytes[at] ?? 0;
      if (kinds[code] !== ORDINARY) break;
      out[to++] = code;
    }
    if (at >= limit || kinds[bytes[at] ?? 0] !== CELL_END) return -1;
    if (fits !== undefined && !fits.bytes(bytes, start, at)) return -1;
    buffer.setBytes(bytes, start, at);
    out[to++] = QUOTE;
    line.at = to;
    return at;
  };
}

/** One of some texts, which a dictionary of the column has in the same order. */
function plainChoice(texts: ByteSet, longest: number, kinds: Uint8Array): PlainCell {
  return (bytes, start, buffer, line) => {
    const out = line.bytes;
    const limit = Math.min(bytes.length, start + longest + 1, start + line.limit - line.at);
    let to = line.at;
    out[to++] = QUOTE;
    let [at, hash, code] = [start, HASH_START, 0];
    for (; at < limit; at++) {
      code = bytes[at] ?? 0;
      if (kinds[code] !== ORDINARY) break;
      hash = hashByte(hash, code);
      out[to++] = code;
    }
    if (at >= limit || kinds[code] !== CELL_END) return -1;
    const index = texts.indexOfHashed(hash, bytes, start, at);
    if (index === -1) return -1;
    if (buffer.dictionary === undefined) buffer.setBytes(bytes, start, at);
    else buffer.setCode(index);
    out[to++] = QUOTE;
    line.at = to;
    return at;
  };
}
