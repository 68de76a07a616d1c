import type { CategoryProfile } from '../../contracts/profile.ts';

/** Values a baseline remembers by name; rarer ones are counted together as `other`. */
export const MAX_VALUES = 1000;

type Values = readonly (string | undefined)[];

/** The values of a column by frequency, the most frequent first (ties by name), at most `MAX_VALUES`. */
export function frequentValues(values: Values): string[] {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
    .slice(0, MAX_VALUES)
    .map(([value]) => value);
}

/** Profile of a category column over the values its baseline knows; undefined counts as missing. */
export function profileValues(known: readonly string[], values: Values): CategoryProfile {
  const codes = new Map(known.map((value, code) => [value, code]));
  const counts = new Array<number>(known.length).fill(0);
  let other = 0;
  let missing = 0;
  for (const value of values) {
    const code = value === undefined ? undefined : codes.get(value);
    if (value === undefined) missing += 1;
    else if (code === undefined) other += 1;
    else counts[code] = (counts[code] ?? 0) + 1;
  }
  return { kind: 'category', values: [...known], counts, other, rows: values.length, missing };
}

/** The sum of two profiles over the same values. */
export function mergeCategory(a: CategoryProfile, b: CategoryProfile): CategoryProfile {
  return {
    kind: 'category',
    values: a.values,
    counts: a.counts.map((count, code) => count + (b.counts[code] ?? 0)),
    other: a.other + b.other,
    rows: a.rows + b.rows,
    missing: a.missing + b.missing,
  };
}
