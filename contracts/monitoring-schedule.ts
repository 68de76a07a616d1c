/** When windows are judged and reconciled; templates, `plan` and benchmarks read the same. */

/** Minutes after a window's verdict was due when it is looked for, and its requests are counted over. */
export const RECONCILE_DELAY_MINUTES = 30;

/** Fleets up to this size judge all their windows in the same minute. */
const SMALL_FLEET = 100;
/** Minutes that the windows of a larger fleet are spread over. */
const SPREAD_MINUTES = 10;

/**
 * Minutes over which a fleet's windows are judged: 1 up to a hundred models, so that a verdict comes right after the lag; 10 beyond, so
 * that a thousand do not ask for a thousand functions in one second.
 */
export const fleetSpreadMinutes = (models: number): number => (models <= SMALL_FLEET ? 1 : SPREAD_MINUTES);

/** The minute of the spread, from 0 to `spreadMinutes - 1`, that a model's name falls on (FNV-1a, 32 bits). */
export function minuteOf(model: string, spreadMinutes: number): number {
  const hash = [...model].reduce(
    (sum, letter) => Math.imul(sum ^ letter.charCodeAt(0), 0x01_00_01_93) >>> 0,
    0x81_1c_9d_c5,
  );
  return hash % spreadMinutes;
}
