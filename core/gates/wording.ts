/** A metric between 0 and 1 with four digits. */
export const metric = (value: number): string => value.toFixed(4);

/** `0.7012–0.7204`. */
export const range = ([low, high]: readonly [number, number]): string => `${metric(low)}–${metric(high)}`;

/** A row count rounded up to two digits, for "how many rows would decide": more digits would pretend. */
export function roundedUp(rows: number): string {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(rows)) - 1);
  return String(Math.ceil(rows / unit) * unit);
}
