import type { CategoryProfile } from '../../contracts/profile.ts';

/** Values a baseline remembers by name; rarer ones are counted together as `other`. */
export const MAX_VALUES = 1000;
/** Different values unknown to the baseline that a profile counts one by one; with more of them it counts only their sum. */
export const MAX_UNKNOWN = 10_000;

type Values = readonly (string | undefined)[];

/** A category column being counted over the values its baseline knows. */
export interface CategoryCounter {
  /** `times` rows with one value; undefined counts as missing. Left out: 1. */
  readonly add: (value: string | undefined, times?: number) => void;
  readonly profile: () => CategoryProfile;
}

/** A counter over the values that a baseline knows. */
export function categoryCounter(known: readonly string[]): CategoryCounter {
  const codes = new Map(known.map((value, code) => [value, code]));
  const counts = new Array<number>(known.length).fill(0);
  let unknown: Map<string, number> | undefined = new Map();
  let [other, missing, rows] = [0, 0, 0];
  return {
    add: (value, times = 1) => {
      rows += times;
      if (value === undefined) {
        missing += times;
        return;
      }
      const code = codes.get(value);
      if (code !== undefined) {
        counts[code] = (counts[code] ?? 0) + times;
        return;
      }
      other += times;
      unknown?.set(value, (unknown.get(value) ?? 0) + times);
      if (unknown !== undefined && unknown.size > MAX_UNKNOWN) unknown = undefined;
    },
    profile: () => ({
      kind: 'category',
      values: [...known],
      counts: [...counts],
      other,
      ...(unknown === undefined ? {} : { unknown: sortedByValue(unknown) }),
      rows,
      missing,
    }),
  };
}

/** The values of a column by frequency, the most frequent first (ties by name), at most `MAX_VALUES`. */
export function frequentValues(values: Values): string[] {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  return mostFrequent(counts);
}

/** The same of values that are counted already. */
export function mostFrequent(counts: ReadonlyMap<string, number>): string[] {
  return [...counts]
    .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
    .slice(0, MAX_VALUES)
    .map(([value]) => value);
}

/** Profile of a category column over the values its baseline knows; undefined counts as missing. */
export function profileValues(known: readonly string[], values: Values): CategoryProfile {
  const counter = categoryCounter(known);
  for (const value of values) counter.add(value);
  return counter.profile();
}

/** The sum of two profiles over the same values. */
export function mergeCategory(a: CategoryProfile, b: CategoryProfile): CategoryProfile {
  const unknown = mergedUnknown(a.unknown, b.unknown);
  return {
    kind: 'category',
    values: a.values,
    counts: a.counts.map((count, code) => count + (b.counts[code] ?? 0)),
    other: a.other + b.other,
    ...(unknown === undefined ? {} : { unknown }),
    rows: a.rows + b.rows,
    missing: a.missing + b.missing,
  };
}

type Unknown = CategoryProfile['unknown'];

/** Where one side has too many values to count, both together have too many as well. */
function mergedUnknown(a: Unknown, b: Unknown): Unknown {
  if (a === undefined || b === undefined) return undefined;
  const counts = new Map(a);
  for (const [value, count] of b) counts.set(value, (counts.get(value) ?? 0) + count);
  return counts.size > MAX_UNKNOWN ? undefined : sortedByValue(counts);
}

function sortedByValue(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}
