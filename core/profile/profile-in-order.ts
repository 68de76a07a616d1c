import type { FeatureProfile, Profile } from '../../contracts/profile.ts';

/** A profile whose features come in the order of `names`. */
export function profileInOrder(
  rows: number,
  names: readonly string[],
  features: ReadonlyMap<string, FeatureProfile>,
  pairs: Profile['pairs'],
): Profile {
  const entries = names.flatMap((name): [string, FeatureProfile][] => {
    const feature = features.get(name);
    return feature === undefined ? [] : [[name, feature]];
  });
  return { version: 1, rows, features: Object.fromEntries(entries), ...(pairs === undefined ? {} : { pairs }) };
}
