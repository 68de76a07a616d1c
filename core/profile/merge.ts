import { ModelwayError } from '../../contracts/problems.ts';
import type { FeatureProfile, Pairs, Profile } from '../../contracts/profile.ts';
import { mergeCategory } from './category.ts';
import { mergeNumeric } from './numeric.ts';
import { mergePairs } from './pairs.ts';

/**
 * The profile of both sets of rows together: counts are exact, sums as exact as addition is. Blocks merge with blocks of the same
 * baseline, never with whole profiles.
 * @throws ModelwayError `profiles-differ` when the two were not made over the same bins
 */
export function mergeProfiles(a: Profile, b: Profile): Profile {
  const names = Object.keys(a.features);
  if (names.length !== Object.keys(b.features).length) throw differ('features', 'name different features');
  const features = names.map((name): [string, FeatureProfile] => [
    name,
    mergeFeature(name, a.features[name], b.features[name]),
  ]);
  const pairs = mergedPairs(a.pairs, b.pairs);
  return {
    version: 1,
    rows: a.rows + b.rows,
    features: Object.fromEntries(features),
    ...(pairs === undefined ? {} : { pairs }),
  };
}

/** The profile of the rows of both, for one feature. */
export function mergeFeature(
  name: string,
  a: FeatureProfile | undefined,
  b: FeatureProfile | undefined,
): FeatureProfile {
  if (a?.counts.length === b?.counts.length) {
    if (a?.kind === 'numeric' && b?.kind === 'numeric' && a.measures === b.measures && same(a.edges, b.edges))
      return mergeNumeric(a, b);
    if (a?.kind === 'category' && b?.kind === 'category' && same(a.values, b.values)) return mergeCategory(a, b);
  }
  throw differ(`features.${name}`, 'were not made over the same bins');
}

/** Pairs of a part of the rows say nothing of all of them. */
function mergedPairs(a: Pairs | undefined, b: Pairs | undefined): Pairs | undefined {
  if (a === undefined || b === undefined) return undefined;
  if (same(a.names, b.names) && same(a.centers, b.centers) && same(a.scales, b.scales)) return mergePairs(a, b);
  throw differ('pairs', 'were not made over the same centers and scales');
}

function same<T>(a: readonly T[], b: readonly T[]): boolean {
  return a === b || (a.length === b.length && a.every((item, index) => item === b[index]));
}

function differ(path: string, message: string): ModelwayError {
  return new ModelwayError('profiles-differ', 'modelway', [
    { path, message: `the two profiles ${message}`, fix: 'profile both from the same baseline' },
  ]);
}
