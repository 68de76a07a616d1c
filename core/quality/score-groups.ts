const GROUPS = 5;
const CELLS_PER_GROUP = 4;
/** In a group of fewer rows the pull of the ridge hides too much of what features add. */
const ROWS_PER_GROUP = 4000;

/**
 * Score bins in five groups of about equal mass (fewer below 20 000 rows), and in four cells per group. The decision threshold begins a
 * cell of its own, because metrics jump there.
 * @param rows held-out rows per score bin
 * @param cut first bin that is predicted positive
 */
export function scoreGroups(rows: readonly number[], cut: number) {
  const total = rows.reduce((sum, count) => sum + count, 0);
  const groupCount = Math.max(1, Math.min(GROUPS, Math.floor(total / ROWS_PER_GROUP)));
  const cellCount = groupCount * CELLS_PER_GROUP;
  let below = 0;
  const quantiles = rows.map((count) => {
    below += count;
    return Math.min(cellCount - 1, Math.floor(((below - count / 2) / total) * cellCount));
  });
  return {
    groups: ranks(quantiles.map((cell) => Math.floor(cell / CELLS_PER_GROUP))),
    cells: ranks(quantiles.map((cell, bin) => 2 * cell + (bin >= cut ? 1 : 0))),
  };
}

/** The ascending values renumbered 0, 1, 2, … without gaps. */
function ranks(values: readonly number[]): readonly number[] {
  const distinct = new Map([...new Set(values)].map((value, rank) => [value, rank]));
  return values.map((value) => distinct.get(value) ?? 0);
}
