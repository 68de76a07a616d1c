import { chiSquare } from './chi-square.ts';
import { totalOf } from './shares.ts';

/**
 * Cramér's V of the 2 × bins table: √(χ² / rows), the table having two rows (Cramér 1946, §21.9). How far one can tell from a value
 * whether it stems from baseline or window. 0: not at all; 1: always. Depends on how the rows divide among the two sides.
 */
export function cramersV(baseline: readonly number[], window: readonly number[]): number {
  const rows = totalOf(baseline) + totalOf(window);
  return rows === 0 ? 0 : Math.sqrt(chiSquare(baseline, window) / rows);
}
