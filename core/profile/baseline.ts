import type { Baseline, FeatureProfile, Pairs, Profile } from '../../contracts/profile.ts';
import type { Instance } from '../../contracts/serving.ts';
import { chosenHours, profileBlock } from './blocks.ts';
import { categoryCounter, frequentValues } from './category.ts';
import { edgesOfSorted } from './edges.ts';
import { dayOf, HOUR, instantOf } from './instant.ts';
import { numericCounter } from './numeric.ts';
import { centerAndScale, isPaired, MAX_PAIRED, pairsCounter } from './pairs.ts';
import { profileRows } from './profile-rows.ts';
import { type ColumnFeature, type WatchedModel, watchedFeatures } from './watched.ts';

/**
 * The baseline of a model's training rows: bins fixed from the rows themselves, the profile over them, and blocks of the same per UTC
 * day and for single hours when the model has a time column. Importance is empty until the candidate has been scored.
 */
export function buildBaseline(model: WatchedModel, rows: readonly Instance[]): Baseline {
  const watched = watchedFeatures(model);
  const bins = emptyProfile(watched, {
    sorted: (feature) => Float64Array.from(rows, feature.read).filter(Number.isFinite).sort(),
    values: (feature) => frequentValues(rows.map(feature.read)),
  });
  const block = (part: readonly Instance[]) => profileBlock(profile, profileRows(bins, model, part));
  const time = model.data?.time;
  const profile = profileRows(bins, model, rows);
  if (time === undefined) return { profile, days: [], importance: {} };
  const days = grouped(rows, (row) => dayOf(instantOf(row[time])));
  const hours = grouped(rows, (row) => Math.floor(instantOf(row[time]) / HOUR));
  return {
    profile,
    days: [...days.values()].map(block),
    hours: chosenHours([...hours.keys()]).map((hour) => block(hours.get(hour) ?? [])),
    importance: {},
  };
}

type Numeric = Extract<ColumnFeature, { kind: 'numeric' }>;
type Category = Extract<ColumnFeature, { kind: 'category' }>;

/** What fixes the bins of a baseline. */
export interface BinSource {
  /** Finite values, ascending: all of a column, or an even sample. */
  readonly sorted: (feature: Numeric) => Float64Array;
  /** Values to know by name, the most frequent first. */
  readonly values: (feature: Category) => readonly string[];
}

/** Fixed bins for every watched feature, and centers and scales for pairs, with nothing counted in them yet. */
export function emptyProfile(watched: readonly ColumnFeature[], source: BinSource): Profile {
  const frame: Pick<Pairs, 'names' | 'centers' | 'scales'> = { names: [], centers: [], scales: [] };
  const features = watched.map((feature): [string, FeatureProfile] => {
    if (feature.kind === 'category') return [feature.name, categoryCounter(source.values(feature)).profile()];
    const sorted = source.sorted(feature);
    const { center, scale } = centerAndScale(sorted);
    if (isPaired(feature.measures) && frame.names.length < MAX_PAIRED) {
      frame.names.push(feature.name);
      frame.centers.push(center);
      frame.scales.push(scale);
    }
    return [feature.name, numericCounter({ edges: edgesOfSorted(sorted), measures: feature.measures }).profile()];
  });
  const pairs = frame.names.length < 2 ? {} : { pairs: pairsCounter(frame).profile() };
  return { version: 1, rows: 0, features: Object.fromEntries(features), ...pairs };
}

/** Rows by a whole number, ascending; those without one are left out. */
function grouped(
  rows: readonly Instance[],
  keyOf: (row: Instance) => number,
): ReadonlyMap<number, readonly Instance[]> {
  const groups = Map.groupBy(rows, keyOf);
  groups.delete(Number.NaN);
  return new Map([...groups].sort(([a], [b]) => a - b));
}
