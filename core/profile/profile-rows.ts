import type { Pairs, Profile } from '../../contracts/profile.ts';
import type { Instance } from '../../contracts/serving.ts';
import { categoryCounter } from './category.ts';
import { numericCounter } from './numeric.ts';
import { pairsCounter } from './pairs.ts';
import { type ColumnFeature, type WatchedModel, watchedFeatures } from './watched.ts';

/**
 * Profile of rows over the bins of a baseline. Only features the baseline has are profiled, so a window of a newer config can be
 * compared with an older model's baseline; pairs only where every paired feature is still there.
 */
export function profileRows(baseline: Profile, model: WatchedModel, rows: readonly Instance[]): Profile {
  const watched = watchedOver(baseline, model);
  const numbers = new Map<string, Float64Array>();
  const features = watched.map((feature): [string, Profile['features'][string]] => {
    const bins = baseline.features[feature.name];
    if (feature.kind === 'numeric' && bins?.kind === 'numeric') {
      const values = Float64Array.from(rows, feature.read);
      numbers.set(feature.name, values);
      const counter = numericCounter(bins);
      counter.add(values);
      return [feature.name, counter.profile()];
    }
    const counter = categoryCounter(bins?.kind === 'category' ? bins.values : []);
    for (const row of rows) counter.add(feature.kind === 'category' ? feature.read(row) : undefined);
    return [feature.name, counter.profile()];
  });
  const pairs = pairsOf(baseline.pairs, numbers);
  return {
    version: 1,
    rows: rows.length,
    features: Object.fromEntries(features),
    ...(pairs === undefined ? {} : { pairs }),
  };
}

/** The features of the model that the baseline has, in the model's order. */
export function watchedOver(baseline: Profile, model: WatchedModel): readonly ColumnFeature[] {
  return watchedFeatures(model).filter((feature) => baseline.features[feature.name]?.kind === feature.kind);
}

function pairsOf(frame: Pairs | undefined, numbers: ReadonlyMap<string, Float64Array>): Pairs | undefined {
  if (frame === undefined) return undefined;
  const columns = frame.names.flatMap((name) => numbers.get(name) ?? []);
  if (columns.length < frame.names.length) return undefined;
  const counter = pairsCounter(frame);
  counter.add(columns);
  return counter.profile();
}
