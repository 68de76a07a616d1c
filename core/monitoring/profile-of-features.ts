import type { Baseline, Pairs, Profile } from '../../contracts/profile.ts';

/** A baseline of some of its features; the same object when it has no others. */
export function baselineOfFeatures(baseline: Baseline, kept: ReadonlySet<string>): Baseline {
  const profile = profileOfFeatures(baseline.profile, kept);
  if (profile === baseline.profile) return baseline;
  const block = (one: Profile) => profileOfFeatures(one, kept);
  return {
    ...baseline,
    profile,
    days: baseline.days.map(block),
    ...(baseline.hours === undefined ? {} : { hours: baseline.hours.map(block) }),
  };
}

/** The part of a profile that is of some features; pairs of the others are left out with them. The same object when there are none. */
export function profileOfFeatures(profile: Profile, kept: ReadonlySet<string>): Profile {
  const names = Object.keys(profile.features);
  if (names.every((name) => kept.has(name))) return profile;
  const { pairs, ...rest } = profile;
  const some = pairs && pairsOfFeatures(pairs, kept);
  return {
    ...rest,
    features: Object.fromEntries(Object.entries(profile.features).filter(([name]) => kept.has(name))),
    ...(some === undefined ? {} : { pairs: some }),
  };
}

/** Undefined when fewer than two names are left. */
function pairsOfFeatures(pairs: Pairs, kept: ReadonlySet<string>): Pairs | undefined {
  const places = [...pairs.names.keys()].filter((place) => kept.has(pairs.names[place] ?? ''));
  if (places.length < 2) return undefined;
  const some = <T>(values: readonly T[]) => places.flatMap((place) => values[place] ?? []);
  const products = places.flatMap((a, index) =>
    places.slice(index).map((b) => pairs.products[triangleIndex(a, b, pairs.names.length)] ?? 0),
  );
  return {
    names: some(pairs.names),
    centers: some(pairs.centers),
    scales: some(pairs.scales),
    rows: pairs.rows,
    sums: some(pairs.sums),
    products,
  };
}

/** Where the product of columns a ≤ b stands in the upper triangle of an n × n matrix, row by row with the diagonal. */
const triangleIndex = (a: number, b: number, n: number): number => a * n - (a * (a - 1)) / 2 + (b - a);
