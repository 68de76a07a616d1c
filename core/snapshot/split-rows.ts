import type { DataSchema } from '../../contracts/data-schema.ts';
import { type Duck, quoteName } from '../duckdb.ts';

/** Sets of a snapshot, in the order in which rows age: the test set is the newest when the data has time. */
export const SETS = ['train', 'validation', 'test'] as const;
export type SetName = (typeof SETS)[number];

/** How rows are divided: by time cuts, by the entity they are about, or each by itself. */
export type SplitRule =
  | { readonly kind: 'time'; readonly validationFrom: string; readonly testFrom: string }
  | { readonly kind: 'entity' | 'row' };

export interface Shares {
  readonly testShare: number;
  readonly validationShare: number;
}

/** A split that was decided: its rule, and SQL that gives the set of a row (null: the row is left out). */
export interface Split {
  readonly rule: SplitRule;
  readonly setOf: string;
}

/**
 * Decides the split of the rows of `table` from the rows alone, so that the same rows always fall into the same sets. Equal instants
 * and equal rows stay together. With time and entity both, time cuts, and older rows of entities that appear in a newer set are left
 * out: no entity is ever in two sets.
 */
export async function splitRows(table: string, schema: DataSchema, shares: Shares, duck: Duck): Promise<Split> {
  const entity = schema.entity === undefined ? undefined : quoteName(schema.entity);
  if (schema.time === undefined) {
    const key = entity === undefined ? rowText(schema) : `CAST(${entity} AS VARCHAR)`;
    return { rule: { kind: entity === undefined ? 'row' : 'entity' }, setOf: byHash(key, shares) };
  }
  const time = quoteName(schema.time);
  const [validationFrom, testFrom] = [
    await cut(table, time, 1 - shares.testShare - shares.validationShare, duck),
    await cut(table, time, 1 - shares.testShare, duck),
  ];
  const byTime = `CASE WHEN ${time} >= TIMESTAMP '${testFrom}' THEN 'test' WHEN ${time} >= TIMESTAMP '${validationFrom}' THEN 'validation' ELSE 'train' END`;
  const rule = { kind: 'time', validationFrom, testFrom } as const;
  return { rule, setOf: entity === undefined ? byTime : withoutOverlap(table, entity, time, rule, byTime) };
}

/** The instant below which the given share of the rows lies; rows without a time count as the oldest. */
async function cut(table: string, time: string, share: number, duck: Duck): Promise<string> {
  const [[found] = []] = await duck.rows(
    `SELECT CAST(${time} AS VARCHAR) FROM ${table} ORDER BY ${time} NULLS FIRST
     LIMIT 1 OFFSET (SELECT CAST(floor(count(*) * ${share}) AS BIGINT) FROM ${table})`,
  );
  return found === undefined || found === null ? '9999-12-31 00:00:00' : String(found);
}

/** Leaves out rows whose entity is seen again in a newer set. */
function withoutOverlap(
  table: string,
  entity: string,
  time: string,
  { validationFrom, testFrom }: { validationFrom: string; testFrom: string },
  byTime: string,
): string {
  const seenFrom = (from: string) =>
    `${entity} IN (SELECT ${entity} FROM ${table} WHERE ${time} >= TIMESTAMP '${from}' AND ${entity} IS NOT NULL)`;
  const [train, validation] = [`${byTime} = 'train'`, `${byTime} = 'validation'`];
  return `CASE WHEN ${train} AND ${seenFrom(validationFrom)} THEN NULL WHEN ${validation} AND ${seenFrom(testFrom)} THEN NULL ELSE ${byTime} END`;
}

/** MD5 is no secret-keeping here: it spreads keys evenly and is the same in every version of the database. */
function byHash(key: string, { testShare, validationShare }: Shares): string {
  const point = `(CAST('0x' || substr(md5(coalesce(${key}, '')), 1, 8) AS BIGINT) / 4294967296.0)`;
  return `CASE WHEN ${point} < ${testShare} THEN 'test' WHEN ${point} < ${testShare + validationShare} THEN 'validation' ELSE 'train' END`;
}

/** SQL of one text per row, different for different rows. */
export function rowText(schema: DataSchema): string {
  const cells = schema.columns.map(({ name }) => {
    const text = `CAST(${quoteName(name)} AS VARCHAR)`;
    return `coalesce(length(${text}) || ':' || ${text}, '-')`;
  });
  return cells.join(" || '|' || ");
}
