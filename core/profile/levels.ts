import { ModelwayError } from '../../contracts/problems.ts';
import type { FeatureProfile } from '../../contracts/profile.ts';

/** Numbers of bins that a feature can be compared over; each level's bins are unions of the next finer one's. */
export const LEVELS = [10, 25, 50] as const;
export type Level = (typeof LEVELS)[number];

/** The level that blocks of a baseline (`days`, `hours`) are stored over. */
export const BLOCK_LEVEL = 50;

/** Counts of one feature over the bins of one level; takes profiles over the baseline's stored bins and blocks alike. */
export type Grouping = (feature: FeatureProfile) => readonly number[];

/**
 * Counts of a feature over at most `level` bins, in the baseline's order.
 *
 * Numeric: unions of adjacent stored bins with about equal counts in the *baseline*; a bin that holds a group's share alone stays
 * alone. Category: the most frequent values one by one, then the other known ones together, then, always last, the unknown ones.
 * @throws ModelwayError `profiles-differ` when `feature` was not made over the bins of `baseline`
 */
export function levelCounts(baseline: FeatureProfile, feature: FeatureProfile, level: Level): readonly number[] {
  return levelGrouping(baseline, level)(feature);
}

/** The same for many profiles over one baseline: the groups are found once. */
export function levelGrouping(baseline: FeatureProfile, level: Level): Grouping {
  const stored = binsOf(baseline);
  const toBlock =
    baseline.kind === 'numeric' ? equalMassGroups(stored, BLOCK_LEVEL) : frequentGroups(stored, BLOCK_LEVEL);
  const blocks = grouped(stored, toBlock);
  const fromBlock = baseline.kind === 'numeric' ? equalMassGroups(blocks, level) : frequentGroups(blocks, level);
  const fromStored = toBlock.map((block) => fromBlock[block] ?? 0);
  return (feature) => {
    const counts = binsOf(feature);
    const groups = isBlock(feature) ? fromBlock : fromStored;
    if (feature.kind !== baseline.kind || counts.length !== groups.length) throw overOtherBins(groups.length, counts);
    return grouped(counts, groups);
  };
}

/**
 * A profile as a block of its baseline: counts over the 50-bin level, without edges, values and sums, which all blocks share with the
 * baseline; fifty bytes a bin less. Blocks merge with blocks.
 */
export function blockOf(baseline: FeatureProfile, feature: FeatureProfile): FeatureProfile {
  const counts = [...levelCounts(baseline, feature, BLOCK_LEVEL)];
  if (feature.kind === 'numeric') return { ...feature, edges: [], counts, sums: [] };
  const { kind, rows, missing } = feature;
  return { kind, values: [], counts: counts.slice(0, -1), other: counts.at(-1) ?? 0, rows, missing };
}

/** Whether a profile is stored as a block: it counts bins that it does not name. */
export function isBlock(feature: FeatureProfile): boolean {
  return feature.kind === 'numeric'
    ? feature.counts.length !== feature.edges.length + 1
    : feature.counts.length !== feature.values.length;
}

function binsOf(feature: FeatureProfile): readonly number[] {
  return feature.kind === 'numeric' ? feature.counts : [...feature.counts, feature.other];
}

/** The group of each bin: neighbours are joined until they hold their share of what is left. */
function equalMassGroups(counts: readonly number[], most: number): readonly number[] {
  if (counts.length <= most) return counts.map((_, bin) => bin);
  let left = counts.reduce((sum, count) => sum + count, 0);
  let [group, mass] = [0, 0];
  return counts.map((count, bin) => {
    const share = left / (most - group);
    const full = mass + count / 2 >= share || count >= share;
    if (bin > 0 && full && group < most - 1) {
      left -= mass;
      group += 1;
      mass = 0;
    }
    mass += count;
    return group;
  });
}

/** Values come most frequent first and unknown ones last, so the rare known ones are those before the last. */
function frequentGroups(counts: readonly number[], most: number): readonly number[] {
  const last = counts.length - 1;
  if (counts.length <= most) return counts.map((_, bin) => bin);
  return counts.map((_, bin) => (bin === last ? most - 1 : Math.min(bin, most - 2)));
}

function grouped(counts: readonly number[], groups: readonly number[]): readonly number[] {
  const sums = new Array<number>((groups.at(-1) ?? -1) + 1).fill(0);
  counts.forEach((count, bin) => {
    const group = groups[bin] ?? 0;
    sums[group] = (sums[group] ?? 0) + count;
  });
  return sums;
}

function overOtherBins(expected: number, counts: readonly number[]): ModelwayError {
  return new ModelwayError('profiles-differ', 'modelway', [
    {
      path: 'counts',
      message: `a profile over ${expected} bins was expected`,
      got: String(counts.length),
      fix: 'profile it over the bins of the baseline',
    },
  ]);
}
