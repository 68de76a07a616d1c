import { type Feature, featureName } from '../../contracts/features.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import type { Instance } from '../../contracts/serving.ts';
import { hourOf, instantOf, weekdayOf } from './instant.ts';
import type { Measures } from './numeric.ts';

/** What profiles need to know of a model. */
export type WatchedModel = Pick<ModelConfig, 'features'> & {
  /** Text columns are watched by their length, features or not. Left out: none. */
  readonly data?: Pick<ModelConfig['data'], 'columns' | 'time'>;
  /** Timestamp columns watched as instants. Left out: none; an instant moves on with the calendar, and would drift for ever. */
  readonly instants?: readonly string[];
};

/** How a feature is made from its column. */
type From = 'number' | 'text-length' | 'instant' | 'text' | 'truth' | 'hour' | 'weekday';

/** A feature as profiles see it: its kind of profile, and how to read it from a row. */
export type WatchedFeature =
  | {
      readonly name: string;
      readonly kind: 'numeric';
      /** NaN when missing. */
      readonly read: (row: Instance) => number;
    }
  | { readonly name: string; readonly kind: 'category'; readonly read: (row: Instance) => string | undefined };

type Numeric = Extract<WatchedFeature, { kind: 'numeric' }>;
type Category = Extract<WatchedFeature, { kind: 'category' }>;

/** A feature made from one column, and how to make it from a value of that column. */
export type ColumnFeature = { readonly column: string; readonly from: From } & (
  | (Numeric & { readonly measures: Measures; readonly of: (value: Value) => number })
  | (Category & { readonly of: (value: Value) => string | undefined })
);

type Value = Instance[string] | undefined;

/** Every feature of the model under the name explanations use, then lengths and instants; a name declared twice is watched once. */
export function watchedFeatures(model: WatchedModel): readonly ColumnFeature[] {
  const texts = (model.data?.columns ?? []).filter(({ kind }) => kind === 'text');
  const all = [
    ...model.features.map(watch),
    ...texts.map(({ name }) => numeric(`${name}.length`, name, 'text-length', lengthOf, 'text-length')),
    ...(model.instants ?? []).map((name) => numeric(name, name, 'instant', secondsOf, 'instant')),
  ];
  const byName = new Map<string, ColumnFeature>();
  for (const feature of all) if (!byName.has(feature.name)) byName.set(feature.name, feature);
  return [...byName.values()];
}

function watch(feature: Feature): ColumnFeature {
  const { column } = feature;
  const name = featureName(feature);
  switch (feature.kind) {
    case 'numeric':
      return numeric(name, column, 'number', numberOf);
    case 'category':
      return category(name, column, 'text', textOf);
    case 'boolean':
      return category(name, column, 'truth', truthOf);
    case 'hour':
      return category(name, column, 'hour', (value) => partOf(value, hourOf));
    case 'weekday':
      return category(name, column, 'weekday', (value) => partOf(value, weekdayOf));
    default:
      return feature satisfies never;
  }
}

function numeric(
  name: string,
  column: string,
  from: From,
  of: (value: Value) => number,
  measures?: Measures,
): ColumnFeature {
  return { name, column, from, kind: 'numeric', measures, of, read: (row) => of(row[column]) };
}

function category(name: string, column: string, from: From, of: (value: Value) => string | undefined): ColumnFeature {
  return { name, column, from, kind: 'category', of, read: (row) => of(row[column]) };
}

/** The number a value stands for; NaN when it is missing, no number, or infinite. */
export function numberOf(value: Value): number {
  if (typeof value === 'number') return Number.isFinite(value) ? value : Number.NaN;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string' || value.trim() === '') return Number.NaN;
  const number = Number(value);
  return Number.isFinite(number) ? number : Number.NaN;
}

/** Characters (Unicode code points) of a value as text; NaN when it is missing. */
function lengthOf(value: Value): number {
  const text = textOf(value);
  if (text === undefined) return Number.NaN;
  let length = text.length;
  // The second half of a pair that makes one character.
  for (let at = 1; at < text.length; at++) if ((text.codePointAt(at - 1) ?? 0) > 0xffff) length -= 1;
  return length;
}

/** Seconds since 1970 of an instant; NaN when it is missing or none. */
function secondsOf(value: Value): number {
  return instantOf(value) / 1000;
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
