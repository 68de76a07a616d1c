import type { ColumnBuffer } from '../column-buffer.ts';

/** Sets a cell from its normal text; the empty text is a missing value. */
export function setNormalText(column: ColumnBuffer, text: string): void {
  if (text === '') column.setMissing();
  else if (column.type === 'VARCHAR') column.setText(text);
  else if (column.type === 'DOUBLE') column.setDouble(Number(text));
  else if (column.type === 'BOOLEAN') column.setTruth(text === 'true');
  else if (column.type === 'BIGINT') {
    if (text.length <= 15) column.setWhole(Number(text));
    else column.setLong(BigInt(text));
  } else setInstant(column, secondsOf(text), Number(text.slice(20).padEnd(6, '0')));
}

/** Beyond these seconds (the year 2255) microseconds are no longer exact in a double. */
const EXACT_SECONDS = 9e9;

/** Sets an instant of whole seconds since 1970 and microseconds. */
export function setInstant(column: ColumnBuffer, seconds: number, microseconds: number): void {
  if (Math.abs(seconds) < EXACT_SECONDS) column.setWhole(seconds * 1e6 + microseconds);
  else column.setLong(BigInt(seconds) * 1_000_000n + BigInt(microseconds));
}

function secondsOf(text: string): number {
  const part = (from: number, to: number) => Number(text.slice(from, to));
  const days = daysSince1970(part(0, 4), part(5, 7), part(8, 10));
  return days * 86_400 + part(11, 13) * 3600 + part(14, 16) * 60 + part(17, 19);
}

/** Days from 1970-01-01 in the proleptic Gregorian calendar; years from 1 on. Years begin in March, so that leap days come last. */
export function daysSince1970(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  // Quotients of numbers that are not negative, cut to integers, which is cheaper than Math.floor.
  const dayOfYear = (((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) | 0) + day - 1;
  const leapDays = ((shifted / 4) | 0) - ((shifted / 100) | 0) + ((shifted / 400) | 0);
  return shifted * 365 + leapDays + dayOfYear - 719_468;
}
