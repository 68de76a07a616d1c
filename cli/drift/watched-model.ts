import type { DataSchema } from '../../contracts/data-schema.ts';
import type { Feature } from '../../contracts/features.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import type { RowFiles, ValueKind } from './row-files.ts';

/** What profiles need to know of a model; without a config it is inferred from the files. */
export type WatchedModel = Pick<ModelConfig, 'features' | 'data'>;

/** Every column as the feature that fits its values; the only column of instants also tells the day of a row. */
export function inferredModel(files: RowFiles): WatchedModel {
  const columns = [...files.columns];
  const instants = columns.filter(([, kind]) => kind === 'instant').map(([name]) => name);
  const [time] = instants;
  return {
    features: columns.flatMap(([name, kind]) => featuresOf(name, kind)),
    data: dataOf(
      columns.map(([name, kind]) => ({ name, kind: COLUMN_KIND[kind] })),
      instants.length === 1 ? time : undefined,
    ),
  };
}

/** A watched model from features and a time column alone, as a stored profile keeps them. */
export function storedModel(features: readonly Feature[], time: string | null): WatchedModel {
  const columns = time === null ? [] : [{ name: time, kind: 'timestamp' as const }];
  return { features: [...features], data: dataOf(columns, time ?? undefined) };
}

const COLUMN_KIND = { number: 'numeric', boolean: 'boolean', instant: 'timestamp', text: 'categorical' } as const;

function dataOf(columns: DataSchema['columns'], time: string | undefined): DataSchema {
  return { columns, ...(time === undefined ? {} : { time }) };
}

function featuresOf(column: string, kind: ValueKind): readonly Feature[] {
  switch (kind) {
    case 'number':
      return [{ kind: 'numeric', column }];
    case 'boolean':
      return [{ kind: 'boolean', column }];
    case 'instant':
      return [
        { kind: 'hour', column },
        { kind: 'weekday', column },
      ];
    case 'text':
      return [{ kind: 'category', column }];
    default:
      return kind satisfies never;
  }
}
