import type { GroupSums } from '../../contracts/quality-window.ts';

/** No rows. */
export const noGroupRows = (): OpenGroupSums => ({
  rows: 0,
  selected: 0,
  positives: 0,
  truePositives: 0,
  negatives: 0,
  falsePositives: 0,
});

/** Sums that rows are still added to. */
export type OpenGroupSums = { -readonly [sum in keyof GroupSums]: number };

/** No rows of any value of the protected columns. */
export function emptyGroups(
  segments: readonly { readonly column: string; readonly values: readonly string[] }[],
  columns: readonly string[],
): Record<string, OpenGroupSums[]> {
  return Object.fromEntries(
    segments
      .filter(({ column }) => columns.includes(column))
      .map(({ column, values }) => [column, values.map(noGroupRows)]),
  );
}

/** Adds one row in place; `label` is 0, 1, or undefined while nobody knows. */
export function countGroupRow(sums: OpenGroupSums, predicted: 0 | 1, label: number | undefined): void {
  sums.rows += 1;
  sums.selected += predicted;
  if (label === 1) {
    sums.positives += 1;
    sums.truePositives += predicted;
  } else if (label === 0) {
    sums.negatives += 1;
    sums.falsePositives += predicted;
  }
}

/** The rows of both. */
export function mergeGroupSums(a: GroupSums, b: GroupSums): GroupSums {
  return {
    rows: a.rows + b.rows,
    selected: a.selected + b.selected,
    positives: a.positives + b.positives,
    truePositives: a.truePositives + b.truePositives,
    negatives: a.negatives + b.negatives,
    falsePositives: a.falsePositives + b.falsePositives,
  };
}

/** The groups of both, by column, value by value. */
export function mergeGroups(a: Groups, b: Groups): Groups {
  return Object.fromEntries(
    [...new Set([...Object.keys(a), ...Object.keys(b)])].map((column) => {
      const [left, right] = [a[column] ?? [], b[column] ?? []];
      const longer = left.length < right.length ? right : left;
      return [
        column,
        longer.map((_, value) => mergeGroupSums(left[value] ?? noGroupRows(), right[value] ?? noGroupRows())),
      ];
    }),
  );
}

/** Sums of every value of protected columns, by column, in the order of the segment's values. */
export type Groups = Readonly<Record<string, readonly GroupSums[]>>;
