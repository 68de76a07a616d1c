import { areaUnderCurve } from '../quality/area-under-curve.ts';

/** Fewer rows of a class than this in the sample say nothing. */
const LEAST_OF_A_CLASS = 20;
const BINS = 32;

/** One column of a sample: numbers (NaN where missing) are ordered, texts are categories. */
export type SampledColumn = readonly number[] | readonly (string | null)[];

/**
 * How well a column alone tells the classes of the target apart: the AUC of the target's rate in the value's group (one of 32 bins of equal
 * count for numbers, the value itself for texts; missing is a group of its own), with rates taken from one half of the rows and scored on
 * the other, both ways, so that values seen once tell nothing. 0.5 is nothing, 1 is everything; undefined with fewer than 20 rows of a class.
 */
export function separation(column: SampledColumn, target: readonly boolean[]): number | undefined {
  const positives = target.filter(Boolean).length;
  if (Math.min(positives, target.length - positives) < LEAST_OF_A_CLASS) return undefined;
  const groups = groupsOf(column);
  const folds = [0, 1].flatMap((fold) => {
    const score = rates(groups, target, fold);
    const scored = target.flatMap((label, row) =>
      row % 2 === fold ? [] : [{ score: score(groups[row] ?? ''), label: label ? 1 : 0 }],
    );
    const { value } = areaUnderCurve({
      scores: scored.map(({ score: rate }) => rate),
      labels: scored.map(({ label }) => label),
    });
    return Number.isNaN(value) ? [] : [value];
  });
  return folds.length === 0 ? undefined : folds.reduce((sum, auc) => sum + auc, 0) / folds.length;
}

/** The target's rate by group in the rows of one fold, drawn towards the rate of all by one row's weight. */
function rates(groups: readonly string[], target: readonly boolean[], fold: number): (group: string) => number {
  const counts = new Map<string, { rows: number; positives: number }>();
  const all = { rows: 0, positives: 0 };
  for (const [row, label] of target.entries()) {
    if (row % 2 !== fold) continue;
    const group = groups[row] ?? '';
    const count = counts.get(group) ?? { rows: 0, positives: 0 };
    counts.set(group, count);
    for (const one of [count, all]) {
      one.rows++;
      if (label) one.positives++;
    }
  }
  const prior = all.rows === 0 ? 0.5 : all.positives / all.rows;
  return (group) => {
    const { rows, positives } = counts.get(group) ?? { rows: 0, positives: 0 };
    return (positives + prior) / (rows + 1);
  };
}

function groupsOf(column: SampledColumn): readonly string[] {
  const numbers = column.filter((value) => typeof value === 'number' && !Number.isNaN(value)).map(Number);
  if (numbers.length === 0)
    return column.map((value) => (value === null || typeof value === 'number' ? '' : `=${value}`));
  const sorted = Float64Array.from(numbers).sort();
  const edges = Array.from(
    { length: BINS - 1 },
    (_, bin) => sorted[Math.floor(((bin + 1) * sorted.length) / BINS)] ?? 0,
  );
  return column.map((value) => {
    if (typeof value !== 'number' || Number.isNaN(value)) return '';
    let bin = 0;
    while (bin < edges.length && value >= (edges[bin] ?? 0)) bin++;
    return String(bin);
  });
}
