import type { Feature } from '../../contracts/features.ts';
import type { CategoryProfile, FeatureProfile, NumericProfile } from '../../contracts/profile.ts';
import type { ProfileDocument } from '../../contracts/profile-document.ts';
import { MAX_VALUES } from '../../core/profile/category.ts';
import type { MonitorStatistics, NumericalStatistics, StringStatistics } from './monitor-schema.ts';
import { sketchedBins } from './sketched-bins.ts';

/** A baseline made of Model Monitor's statistics, and the columns they say too little about. */
export interface ImportedBaseline {
  readonly document: ProfileDocument;
  /** Columns left out, with the reason. */
  readonly left: readonly { readonly column: string; readonly reason: string }[];
}

/** Turns statistics into a profile document that `drift --reference` takes. It knows no days, for the statistics have none. */
export function importedBaseline({ dataset, features }: MonitorStatistics): ImportedBaseline {
  const watched = features.map((feature) => ({ column: feature.name, ...profileOf(feature) }));
  const kept = watched.flatMap(({ column, kind, profile }) =>
    profile === undefined ? [] : [{ feature: { kind, column } satisfies Feature, profile }],
  );
  const left = watched.flatMap(({ column, profile, reason }) => (profile === undefined ? [{ column, reason }] : []));
  const profiles = Object.fromEntries(kept.map(({ feature, profile }) => [feature.column, profile]));
  return {
    document: {
      version: 1,
      features: kept.map(({ feature }) => feature),
      time: null,
      baseline: {
        profile: { version: 1, rows: dataset.item_count, features: profiles },
        days: [],
        importance: {},
      },
    },
    left,
  };
}

interface Imported {
  readonly kind: 'numeric' | 'category' | 'boolean';
  readonly profile: FeatureProfile | undefined;
  /** Why there is no profile. */
  readonly reason: string;
}

function profileOf(feature: MonitorStatistics['features'][number]): Imported {
  const { numerical_statistics: numbers, string_statistics: texts } = feature;
  if (numbers !== undefined)
    return { kind: 'numeric', profile: numericProfile(numbers), reason: 'its statistics hold no distribution' };
  if (texts === undefined) return { kind: 'category', profile: undefined, reason: 'its type is unknown' };
  const profile = categoryProfile(texts);
  return {
    kind: profile !== undefined && isBoolean(profile) ? 'boolean' : 'category',
    profile,
    reason: 'its statistics hold no values, as of free text',
  };
}

function numericProfile(statistics: NumericalStatistics): NumericProfile | undefined {
  const bins = sketchedBins(statistics);
  if (bins === undefined) return undefined;
  const { common, sum, mean, std_dev: deviation, min, max } = statistics;
  const present = common.num_present;
  const binned = bins.sums.reduce((total, value) => total + value, 0);
  const average = mean ?? (present === 0 ? 0 : (sum ?? binned) / present);
  return {
    kind: 'numeric',
    edges: [...bins.edges],
    counts: [...bins.counts],
    sums: [...bins.sums],
    rows: present + common.num_missing,
    missing: common.num_missing,
    sum: sum ?? average * present,
    sumOfSquares: present * ((deviation ?? 0) ** 2 + average ** 2),
    min: min ?? null,
    max: max ?? null,
  };
}

function categoryProfile({ common, distribution }: StringStatistics): CategoryProfile | undefined {
  const buckets = distribution?.categorical.buckets ?? [];
  if (buckets.length === 0) return undefined;
  const known = buckets.toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)).slice(0, MAX_VALUES);
  const values = known.map(({ value }) => value);
  const counts = known.map(({ count }) => count);
  return {
    kind: 'category',
    values: values.every(isTruth) ? values.map((value) => value.toLowerCase()) : values,
    counts,
    other: common.num_present - counts.reduce((sum, count) => sum + count, 0),
    rows: common.num_present + common.num_missing,
    missing: common.num_missing,
  };
}

const isTruth = (value: string) => /^(true|false)$/i.test(value);
const isBoolean = ({ values }: CategoryProfile) => values.length <= 2 && values.every(isTruth);
