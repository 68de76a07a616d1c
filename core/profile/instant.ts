import type { Instance } from '../../contracts/serving.ts';

const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** `YYYY-MM-DD[T ]HH:MM:SS`, with or without a fraction and `Z`: by far the usual form, read without a regular expression. */
const SECONDS_LENGTH = 19;
const OFFSET = /(?:Z|[+-]\d\d:?\d\d)$/i;

/**
 * Epoch milliseconds of a timestamp value, or NaN when it is missing or no instant. A text without offset is UTC, never the
 * machine's own time zone; a number is epoch milliseconds.
 */
export function instantOf(value: Instance[string] | undefined): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return Number.NaN;
  return isUtcSeconds(value) ? usualInstant(value) : otherInstant(value);
}

function isUtcSeconds(text: string): boolean {
  const plain = text.length === SECONDS_LENGTH || (text.length === SECONDS_LENGTH + 1 && text.endsWith('Z'));
  return plain && text[4] === '-' && text[7] === '-' && text[13] === ':' && text[16] === ':';
}

function usualInstant(text: string): number {
  const [month, day] = [digits(text, 5), digits(text, 8)];
  const [hour, minute, second] = [digits(text, 11), digits(text, 14), digits(text, 17)];
  const inRange = month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour < 24 && minute < 60 && second < 60;
  return inRange ? Date.UTC(digits(text, 0) * 100 + digits(text, 2), month - 1, day, hour, minute, second) : Number.NaN;
}

/** The number of two digits at `at`; NaN when either is no digit. */
function digits(text: string, at: number): number {
  const [tens, ones] = [text.charCodeAt(at) - 48, text.charCodeAt(at + 1) - 48];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

function otherInstant(text: string): number {
  const hasTime = text.includes(':');
  return Date.parse(hasTime && !OFFSET.test(text) ? `${text.replace(' ', 'T')}Z` : text);
}

/** Days since 1970-01-01 (UTC) of an instant. */
export const dayOf = (instant: number): number => Math.floor(instant / DAY);

/** Hour of the day in UTC, 0–23. */
export const hourOf = (instant: number): number => Math.floor(instant / HOUR) - dayOf(instant) * 24;

/** Day of the week in UTC, Monday 0 to Sunday 6. 1970-01-01 was a Thursday. */
export const weekdayOf = (instant: number): number => (((dayOf(instant) + 3) % 7) + 7) % 7;
