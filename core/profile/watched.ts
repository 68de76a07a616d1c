import { type Feature, featureName } from '../../contracts/features.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import type { Instance } from '../../contracts/serving.ts';
import { hourOf, instantOf, weekdayOf } from './instant.ts';

/** A feature as profiles see it: its kind of profile, and how to read it from a row. */
export type WatchedFeature =
  | {
      readonly name: string;
      readonly kind: 'numeric';
      /** NaN when missing. */
      readonly read: (row: Instance) => number;
    }
  | { readonly name: string; readonly kind: 'category'; readonly read: (row: Instance) => string | undefined };

/** Every feature of the model under the name explanations use; a name declared twice is watched once. */
export function watchedFeatures(model: Pick<ModelConfig, 'features'>): readonly WatchedFeature[] {
  const byName = new Map<string, WatchedFeature>();
  for (const feature of model.features)
    if (!byName.has(featureName(feature))) byName.set(featureName(feature), watch(feature));
  return [...byName.values()];
}

function watch(feature: Feature): WatchedFeature {
  const { column } = feature;
  const name = featureName(feature);
  switch (feature.kind) {
    case 'numeric':
      return { name, kind: 'numeric', read: (row) => numberOf(row[column]) };
    case 'category':
      return { name, kind: 'category', read: (row) => textOf(row[column]) };
    case 'boolean':
      return { name, kind: 'category', read: (row) => truthOf(row[column]) };
    case 'hour':
      return { name, kind: 'category', read: (row) => partOf(row[column], hourOf) };
    case 'weekday':
      return { name, kind: 'category', read: (row) => partOf(row[column], weekdayOf) };
    default:
      return feature satisfies never;
  }
}

type Value = Instance[string] | undefined;

/** The number a value stands for; NaN when it is missing, no number, or infinite. */
export function numberOf(value: Value): number {
  if (typeof value === 'number') return Number.isFinite(value) ? value : Number.NaN;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string' || value.trim() === '') return Number.NaN;
  const number = Number(value);
  return Number.isFinite(number) ? number : Number.NaN;
}

function textOf(value: Value): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}

function truthOf(value: Value): string | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  const text = String(value).toLowerCase();
  return text === '1' ? 'true' : text === '0' ? 'false' : text;
}

function partOf(value: Value, part: (instant: number) => number): string | undefined {
  const instant = instantOf(value);
  return Number.isNaN(instant) ? undefined : String(part(instant));
}
