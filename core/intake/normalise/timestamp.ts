import type { Column } from '../../../contracts/data-schema.ts';
import type { Normalise, Violation } from './cell.ts';

const INSTANT =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)? ?(Z|z|UTC|[+-]\d{2}(?::?\d{2})?)?)?$/;
const NORMAL = '0000-00-00 00:00:00';
const ZERO = 48;
const NOT_A_TIMESTAMP: Violation = {
  rule: 'type',
  message: 'not a date and time in ISO form, such as 2001-01-31T05:30:00Z',
};

const NO_ZONE: Violation = {
  rule: 'type',
  message: 'names no zone, which the column requires; add Z or an offset such as +02:00',
};
/** Years that real data has; outside lie the placeholders of other systems, such as 0001-01-01 and 9999-12-31. */
export const PLAUSIBLE = { from: '1900', before: '2200' } as const;
const implausible = (before: string): Violation => ({
  rule: 'implausible-time',
  message:
    before === PLAUSIBLE.before
      ? 'outside the years 1900 to 2199, perhaps a placeholder; leave a missing value empty, or declare min and max'
      : `before 1900, or not before ${before} UTC, a day after the upload; correct it, or declare min and max`,
});
/** A day of grace: clocks and zones differ. */
const GRACE = 86_400_000;

/** The first instant, in normal form, that rows of an upload of `now` cannot have happened at yet. */
export function plausibleBefore(now: Date): string {
  return boundText(new Date(now.getTime() + GRACE).toISOString());
}

/**
 * Instants: ISO 8601 dates and times, with a zone or, without one, in UTC. The text form is UTC with a blank for the `T` and up to
 * microseconds (finer digits are cut), so texts order as the instants do.
 * @param before normal form of the first instant that is not plausible, where the column declares no range
 */
export function normaliseTimestamp(column: Column, before: string = PLAUSIBLE.before): Normalise {
  const min = column.min === undefined ? undefined : boundText(column.min);
  const max = column.max === undefined ? undefined : boundText(column.max);
  const outside: Violation = { rule: 'range', message: `outside ${min ?? 'any'} to ${max ?? 'any'} (UTC)` };
  const bounded = min !== undefined || max !== undefined;
  const wrong = implausible(before);
  return (cell) => {
    if (typeof cell !== 'string') return NOT_A_TIMESTAMP;
    const text = instantText(cell);
    if (text === undefined) return NOT_A_TIMESTAMP;
    if (column.zone === 'required' && !namesZone(cell)) return NO_ZONE;
    if ((min !== undefined && text < min) || (max !== undefined && text > max)) return { ...outside, text };
    return bounded || (text >= PLAUSIBLE.from && text < before) ? text : { ...wrong, text };
  };
}

/** The normal form of an instant, `2001-01-31 05:30:00[.ffffff]` in UTC, or undefined when the text is none. */
export function instantText(cell: string): string | undefined {
  if (isNormal(cell)) return isDay(cell) && isClock(cell, 11) ? cell : undefined;
  const match = INSTANT.exec(cell.trim());
  if (match === null) return undefined;
  const [, day = '', clock = '00:00', seconds = '00', fraction = '', zone = ''] = match;
  const time = `${day} ${clock}:${seconds}`;
  if (!isDay(time) || !isClock(time, 11)) return undefined;
  const micros = fraction.slice(0, 6).replace(/0+$/, '');
  const tail = micros === '' ? '' : `.${micros}`;
  const minutesEast = zoneMinutes(zone);
  if (minutesEast === undefined) return undefined;
  if (minutesEast === 0) return time + tail;
  const utc = new Date(Date.parse(`${time.replace(' ', 'T')}Z`) - minutesEast * 60_000);
  const year = utc.getUTCFullYear();
  return year < 1 || year > 9999 ? undefined : `${utc.toISOString().slice(0, 19).replace('T', ' ')}${tail}`;
}

/** Most cells are in normal form already; seeing that by position is ten times faster than by regular expression. */
function isNormal(cell: string): boolean {
  if (cell.length !== NORMAL.length) return false;
  for (let at = 0; at < NORMAL.length; at++) {
    const expected = NORMAL.charCodeAt(at);
    const code = cell.charCodeAt(at);
    if (expected === ZERO ? code < ZERO || code > ZERO + 9 : code !== expected) return false;
  }
  return true;
}

function zoneMinutes(zone: string): number | undefined {
  if (zone === '' || zone === 'Z' || zone === 'z' || zone === 'UTC') return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(3).replace(':', ''))];
  if (hours > 15 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

/** Does the text begin with a day of the calendar, `2001-01-31`? Its digits are known to be digits. */
function isDay(text: string): boolean {
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const [month, date] = [twoDigits(text, 5), twoDigits(text, 8)];
  if (year < 1 || month < 1 || month > 12 || date < 1) return false;
  if (date <= 28) return true;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return date <= (month === 2 ? (leap ? 29 : 28) : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31);
}

function isClock(text: string, at: number): boolean {
  return twoDigits(text, at) <= 23 && twoDigits(text, at + 3) <= 59 && twoDigits(text, at + 6) <= 59;
}

function twoDigits(text: string, at: number): number {
  return (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO;
}

/** Whether the text of an instant ends in a zone or an offset. */
export function namesZone(cell: string): boolean {
  return /(?:Z|z|UTC|:\d{2}.*[+-]\d{2}(?::?\d{2})?)$/.test(cell.trim());
}

/** The normal form of a bound or constant that a schema names; without a zone it is UTC. */
export function boundText(bound: number | string): string {
  const known = typeof bound === 'string' ? instantText(bound) : undefined;
  if (known !== undefined) return known;
  const text = new Date(bound).toISOString().slice(0, 23).replace('T', ' ');
  return text.endsWith('.000') ? text.slice(0, 19) : text.replace(/0+$/, '');
}
