import type { Column } from '../../../contracts/data-schema.ts';
import type { Normalise, Violation } from './cell.ts';

const INSTANT =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)? ?(Z|z|UTC|[+-]\d{2}(?::?\d{2})?)?)?$/;
const NOT_A_TIMESTAMP: Violation = {
  rule: 'type',
  message: 'not a date and time in ISO form, such as 2001-01-31T05:30:00Z',
};

/**
 * Instants: ISO 8601 dates and times, with a zone or, without one, in UTC. The text form is UTC with a blank for the `T` and up to
 * microseconds (finer digits are cut), so texts order as the instants do.
 */
export function normaliseTimestamp(column: Column): Normalise {
  const min = column.min === undefined ? undefined : boundText(column.min);
  const max = column.max === undefined ? undefined : boundText(column.max);
  const outside: Violation = { rule: 'range', message: `outside ${min ?? 'any'} to ${max ?? 'any'} (UTC)` };
  return (cell) => {
    if (typeof cell !== 'string') return NOT_A_TIMESTAMP;
    const text = instantText(cell);
    if (text === undefined) return NOT_A_TIMESTAMP;
    return (min !== undefined && text < min) || (max !== undefined && text > max) ? outside : text;
  };
}

/** The normal form of an instant, `2001-01-31 05:30:00[.ffffff]` in UTC, or undefined when the text is none. */
export function instantText(cell: string): string | undefined {
  const match = INSTANT.exec(cell.trim());
  if (match === null) return undefined;
  const [, day = '', clock = '00:00', seconds = '00', fraction = '', zone = ''] = match;
  if (!isDay(day) || clock.slice(0, 2) > '23' || clock.slice(3) > '59' || seconds > '59') return undefined;
  const micros = fraction.slice(0, 6).replace(/0+$/, '');
  const tail = micros === '' ? '' : `.${micros}`;
  const minutesEast = zoneMinutes(zone);
  if (minutesEast === undefined) return undefined;
  if (minutesEast === 0) return `${day} ${clock}:${seconds}${tail}`;
  const utc = new Date(Date.parse(`${day}T${clock}:${seconds}Z`) - minutesEast * 60_000);
  const year = utc.getUTCFullYear();
  return year < 1 || year > 9999 ? undefined : `${utc.toISOString().slice(0, 19).replace('T', ' ')}${tail}`;
}

function zoneMinutes(zone: string): number | undefined {
  if (zone === '' || zone === 'Z' || zone === 'z' || zone === 'UTC') return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(3).replace(':', ''))];
  if (hours > 15 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

function isDay(day: string): boolean {
  const [year, month, date] = [Number(day.slice(0, 4)), Number(day.slice(5, 7)), Number(day.slice(8))];
  if (year < 1 || month < 1 || month > 12 || date < 1) return false;
  return date <= 28 || date <= new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
}

function boundText(bound: number | string): string {
  const text = new Date(bound).toISOString().slice(0, 23).replace('T', ' ');
  return text.endsWith('.000') ? text.slice(0, 19) : text.replace(/0+$/, '');
}
