import type { OutcomeCounts } from '../../../contracts/quality-window.ts';
import { countOutcome, emptyOutcomes } from '../../../core/quality/outcome-counts.ts';

/** How many rows were predicted positive or not, and what became of them; `unknown` ones have no label. */
export interface Table {
  readonly truePositives?: number;
  readonly falsePositives?: number;
  readonly falseNegatives?: number;
  readonly trueNegatives?: number;
  readonly unknownPositives?: number;
  readonly unknownNegatives?: number;
}

/** The table over two score bins: below the threshold, and from it on (`cut` 1). */
export function outcomesOf(table: Table): OutcomeCounts {
  const counts = emptyOutcomes(2);
  const add = (rows: number | undefined, bin: number, label: number | undefined) => {
    for (let i = 0; i < (rows ?? 0); i++) countOutcome(counts, { bin, expected: 0, variance: 0 }, label);
  };
  add(table.truePositives, 1, 1);
  add(table.falsePositives, 1, 0);
  add(table.falseNegatives, 0, 1);
  add(table.trueNegatives, 0, 0);
  add(table.unknownPositives, 1, undefined);
  add(table.unknownNegatives, 0, undefined);
  return counts;
}
