import { ModelwayError } from '../../contracts/problems.ts';
import type { FeatureProfile, Profile } from '../../contracts/profile.ts';
import { mergeCategory } from './category.ts';
import { mergeNumeric } from './numeric.ts';

/**
 * The profile of both sets of rows together: counts are exact, sums as exact as addition is.
 * @throws ModelwayError `profiles-differ` when the two were not made over the same bins
 */
export function mergeProfiles(a: Profile, b: Profile): Profile {
  const names = Object.keys(a.features);
  if (names.length !== Object.keys(b.features).length) throw differ('features', 'name different features');
  return {
    version: 1,
    rows: a.rows + b.rows,
    features: Object.fromEntries(names.map((name) => [name, mergeFeature(name, a.features[name], b.features[name])])),
  };
}

/** The profile of the rows of both, for one feature. */
export function mergeFeature(
  name: string,
  a: FeatureProfile | undefined,
  b: FeatureProfile | undefined,
): FeatureProfile {
  if (a?.kind === 'numeric' && b?.kind === 'numeric' && same(a.edges, b.edges)) return mergeNumeric(a, b);
  if (a?.kind === 'category' && b?.kind === 'category' && same(a.values, b.values)) return mergeCategory(a, b);
  throw differ(`features.${name}`, 'were not made over the same bins');
}

function same<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

function differ(path: string, message: string): ModelwayError {
  return new ModelwayError('profiles-differ', 'modelway', [
    { path, message: `the two profiles ${message}`, fix: 'profile both from the same baseline' },
  ]);
}
