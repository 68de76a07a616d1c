import type { ModelConfig } from '../../contracts/model-config.ts';
import type { FeatureProfile, Profile } from '../../contracts/profile.ts';
import type { Instance } from '../../contracts/serving.ts';
import { profileValues } from './category.ts';
import { profileNumbers } from './numeric.ts';
import { type WatchedFeature, watchedFeatures } from './watched.ts';

/**
 * Profile of rows over the bins of a baseline. Only features the baseline has are profiled, so a window of a newer config can be
 * compared with an older model's baseline.
 */
export function profileRows(
  baseline: Profile,
  model: Pick<ModelConfig, 'features'>,
  rows: readonly Instance[],
): Profile {
  const features = watchedFeatures(model).flatMap((feature): [string, FeatureProfile][] => {
    const bins = baseline.features[feature.name];
    return bins?.kind === feature.kind ? [[feature.name, profileFeature(bins, feature, rows)]] : [];
  });
  return { version: 1, rows: rows.length, features: Object.fromEntries(features) };
}

function profileFeature(bins: FeatureProfile, feature: WatchedFeature, rows: readonly Instance[]): FeatureProfile {
  if (bins.kind === 'numeric' && feature.kind === 'numeric')
    return profileNumbers(bins.edges, Float64Array.from(rows, feature.read));
  return profileValues(
    bins.kind === 'category' ? bins.values : [],
    rows.map((row) => (feature.kind === 'category' ? feature.read(row) : undefined)),
  );
}
