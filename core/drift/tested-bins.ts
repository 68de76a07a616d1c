import type { Level } from '../profile/levels.ts';

/**
 * Bins for a window's number of rows: 10 below 1000, 25 below 10 000, else 50. Fewer bins have less noise to hide a drift in, more
 * see tails and spread (`docs/statistics/drift.md`).
 */
export function testedBins(windowRows: number): Level {
  if (windowRows < 1000) return 10;
  return windowRows < 10_000 ? 25 : 50;
}
