import type { DataSchema } from '../../contracts/data-schema.ts';
import type { Feature } from '../../contracts/features.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import type { ProfileDocument } from '../../contracts/profile-document.ts';
import { quoteName } from '../../core/duckdb.ts';
import type { ValueKind } from '../../core/profile/table.ts';
import { identifierColumns } from './identifier-columns.ts';
import type { RowFiles } from './row-files.ts';

/** What profiles need to know of a model; without a config it is inferred from the files. */
export type WatchedModel = Pick<ModelConfig, 'features' | 'data'> & {
  readonly instants?: readonly string[];
  /** Columns that name rows, and are not watched. */
  readonly identifiers?: readonly string[];
};

/** Rows looked at to tell categories from free text. */
const LOOKED_AT = 20_000;
/** A text column is free text when it has more different values than this, and in more than half of its rows a new one. */
const MANY_VALUES = 100;

/**
 * Every column as the feature that fits its values; free text by its length; numbers given out in turn name rows and are left out, if
 * anything else is there. The only column of instants also tells the day of a row; of several none does, unless it is `named`, and
 * each is watched as it is.
 */
export async function inferredModel(files: RowFiles, named?: string): Promise<WatchedModel> {
  const texts = await freeTexts(files);
  const numbered = await identifierColumns(files);
  const identifiers = new Set(numbered.length < files.columns.size ? numbered : []);
  const columns = [...files.columns].map(([name, kind]) => ({
    name,
    kind: identifiers.has(name) ? ('identifier' as const) : texts.has(name) ? ('text' as const) : COLUMN_KIND[kind],
  }));
  const instants = columns.filter(({ kind }) => kind === 'timestamp').map(({ name }) => name);
  const time = named ?? (instants.length === 1 ? instants[0] : undefined);
  const others = instants.filter((name) => name !== time);
  return {
    features: columns.flatMap(({ name, kind }) => featuresOf(name, kind)),
    data: dataOf(columns, time),
    ...(others.length > 0 ? { instants: others } : {}),
    ...(identifiers.size > 0 ? { identifiers: [...identifiers] } : {}),
  };
}

/** A watched model from what a stored profile keeps of it. */
export function storedModel({ features, texts = [], instants = [], time }: Omit<ProfileDocument, 'baseline'>) {
  const columns: DataSchema['columns'] = [
    ...(time === null ? [] : [{ name: time, kind: 'timestamp' as const }]),
    ...texts.map((name) => ({ name, kind: 'text' as const })),
  ];
  return { features, data: dataOf(columns, time ?? undefined), instants };
}

const COLUMN_KIND = {
  number: 'numeric',
  boolean: 'boolean',
  instant: 'timestamp',
  text: 'categorical',
} as const satisfies Record<ValueKind, string>;

function dataOf(columns: DataSchema['columns'], time: string | undefined): DataSchema {
  return { columns, ...(time === undefined ? {} : { time }) };
}

/** Text columns in whose first rows hardly a value comes twice. */
async function freeTexts({ duck, from, columns }: RowFiles): Promise<ReadonlySet<string>> {
  const names = [...columns].filter(([, kind]) => kind === 'text').map(([name]) => name);
  if (names.length === 0) return new Set();
  const counts = names.flatMap((name) => [`count(DISTINCT ${quoteName(name)})`, `count(${quoteName(name)})`]);
  const selected = names.map(quoteName).join(', ');
  const [row = []] = await duck.rows(
    `SELECT ${counts.join(', ')} FROM (SELECT ${selected} FROM ${from} LIMIT ${LOOKED_AT})`,
  );
  return new Set(
    names.filter((_, index) => {
      const [different, all] = [Number(row[2 * index]), Number(row[2 * index + 1])];
      return different > MANY_VALUES && different > all / 2;
    }),
  );
}

type FeatureKind = (typeof COLUMN_KIND)[ValueKind] | 'text' | 'identifier';

function featuresOf(column: string, kind: FeatureKind): readonly Feature[] {
  switch (kind) {
    case 'numeric':
      return [{ kind: 'numeric', column }];
    case 'boolean':
      return [{ kind: 'boolean', column }];
    case 'timestamp':
      return [
        { kind: 'hour', column },
        { kind: 'weekday', column },
      ];
    case 'categorical':
      return [{ kind: 'category', column }];
    case 'text':
    case 'identifier':
      return [];
    default:
      return kind satisfies never;
  }
}
