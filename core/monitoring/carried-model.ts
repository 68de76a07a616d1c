import type { Feature } from '../../contracts/features.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';

/** What is watched of a model in its requests. */
export interface CarriedModel {
  readonly features: ModelConfig['features'];
  readonly data: Pick<ModelConfig['data'], 'columns'>;
}

/**
 * The model as its requests carry it. Callers owe the columns of the features and nothing else: of the other columns only training data
 * tells, and a text that nobody sends would look as if it had gone missing.
 */
export function carriedModel({ features, data }: Pick<ModelConfig, 'features' | 'data'>): CarriedModel {
  const carried = columnsOf(features);
  return { features, data: { columns: data.columns.filter(({ name }) => carried.has(name)) } };
}

/** The columns of the schema that are not watched, each with the reason. */
export function columnsNotWatched({
  features,
  data,
}: Pick<ModelConfig, 'features' | 'data'>): { column: string; reason: string }[] {
  const carried = columnsOf(features);
  return data.columns
    .filter(({ name }) => !carried.has(name))
    .map(({ name }) => ({ column: name, reason: reasonFor(name, data) }));
}

function reasonFor(name: string, { target, time, entity }: ModelConfig['data']): string {
  if (name === target) return 'the target: labels tell of it';
  if (name === time) return 'the time of training rows; requests have a time of their own';
  if (name === entity) return 'names the entity of a row, and is no feature';
  return 'no feature reads it, so requests need not carry it';
}

const columnsOf = (features: readonly Feature[]): ReadonlySet<string> => new Set(features.map(({ column }) => column));
