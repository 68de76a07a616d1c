import type { DataSchema } from '../../contracts/data-schema.ts';
import { ModelwayError } from '../../contracts/problems.ts';
import { type Duck, quoteName } from '../duckdb.ts';
import { rowText } from './split-rows.ts';

/** What was looked at once a split was decided. */
export interface SplitCheck {
  /** Different entities in the sets, and those of them that are in more than one: always 0; null when the schema names no entity. */
  readonly entities: number | null;
  readonly entitiesInSeveralSets: number | null;
  /** Rows that are word for word in an earlier place too; null when all rows came in one part and nothing could be uploaded twice. */
  readonly repeatedRows: number | null;
}

/**
 * Holds a split to its promise on the rows themselves, whatever rule made it: no entity in two sets. Rows that several uploads brought
 * are counted; they stay, since rows may be equal by right, and equal rows are always in one set.
 * @param setOf SQL that gives the set of a row
 * @throws ModelwayError `leaking-split` when an entity is in two sets
 */
export async function checkSplit(
  table: string,
  setOf: string,
  schema: DataSchema,
  parts: number,
  duck: Duck,
): Promise<SplitCheck> {
  const found = schema.entity === undefined ? undefined : await entitiesOf(table, setOf, schema.entity, duck);
  if (found !== undefined && found.several > 0)
    throw new ModelwayError('leaking-split', 'modelway', [
      {
        path: `data.entity ${schema.entity}`,
        message: `${found.several} entities are in more than one of training, validation and test set`,
        fix: 'report it: every rule of splitting keeps an entity in one set',
      },
    ]);
  return {
    entities: found?.all ?? null,
    entitiesInSeveralSets: found?.several ?? null,
    repeatedRows: parts < 2 ? null : await repeatedRows(table, schema, duck),
  };
}

async function entitiesOf(table: string, setOf: string, name: string, duck: Duck) {
  const entity = quoteName(name);
  const sets = `SELECT ${entity}, count(DISTINCT set_) AS sets FROM (SELECT ${entity}, ${setOf} AS set_ FROM ${table})
    WHERE set_ IS NOT NULL AND ${entity} IS NOT NULL GROUP BY ${entity}`;
  const [[all = 0, several = 0] = []] = await duck.rows(`SELECT count(*), count(*) FILTER (sets > 1) FROM (${sets})`);
  return { all: Number(all), several: Number(several) };
}

/** By 64-bit hashes of whole rows: among ten million rows, a false one has a chance of 3e-6. */
async function repeatedRows(table: string, schema: DataSchema, duck: Duck): Promise<number> {
  const [[repeated = 0] = []] = await duck.rows(
    `SELECT count(*) - count(DISTINCT hash(${rowText(schema)})) FROM ${table}`,
  );
  return Number(repeated);
}
