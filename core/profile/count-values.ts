import type { CategoryProfile } from '../../contracts/profile.ts';
import type { DuckValue } from '../duckdb.ts';
import { type CategoryBlocks, categoryBlocks } from './block-counts.ts';
import { categoryCounter, MAX_UNKNOWN, MAX_VALUES, mostFrequent } from './category.ts';
import type { Division } from './divisions.ts';
import { type Table, valueSql } from './table.ts';
import type { ColumnFeature } from './watched.ts';

type Category = Extract<ColumnFeature, { kind: 'category' }>;

/** Counts a category feature of a table over the values that are known; the database counts, and may spill to disk. */
export async function countValues(known: readonly string[], feature: Category, table: Table): Promise<CategoryProfile> {
  const counter = categoryCounter(known);
  const sql = `SELECT ${valueSql(table, feature)}, count(*) FROM ${table.from} GROUP BY 1`;
  for await (const [values = [], times = []] of table.duck.columns(sql))
    for (const [index, value] of values.entries()) counter.add(namedValue(feature, value), Number(times[index]));
  return counter.profile();
}

/** The profile of a category feature over its own most frequent values: what a baseline knows by name. */
export async function profileOwnValues(feature: Category, table: Table): Promise<CategoryProfile> {
  // Missing ones first; then one more than can be counted one by one, so that too many show.
  const most = 1 + MAX_VALUES + MAX_UNKNOWN + 1;
  const value = valueSql(table, feature);
  // By place: a table may have columns of any name.
  const sql = `SELECT ${value}, count(*) FROM ${table.from} GROUP BY 1`;
  const groups: (readonly [string | undefined, number])[] = [];
  for await (const [values = [], times = []] of table.duck.columns(
    `${sql} ORDER BY ${value} IS NULL DESC, 2 DESC, 1 LIMIT ${most}`,
  ))
    for (const [index, found] of values.entries()) groups.push([namedValue(feature, found), Number(times[index])]);
  const counts = new Map<string, number>();
  for (const [name, times] of groups) if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + times);
  const counter = categoryCounter(mostFrequent(counts));
  for (const [name, times] of groups) counter.add(name, times);
  const profile = counter.profile();
  if (groups.length < most) return profile;
  const [[rows = 0] = []] = await table.duck.rows(`SELECT count(*) FROM ${table.from}`);
  const rest = Number(rows) - profile.rows;
  return { ...profile, other: profile.other + rest, rows: profile.rows + rest };
}

/** Counts a category feature over the blocks of one division. */
export async function countBlockValues(
  whole: CategoryProfile,
  feature: Category,
  table: Table,
  { length, time, places }: Division,
): Promise<CategoryBlocks> {
  const blocks = categoryBlocks(whole, places.size);
  const block = `floor(${time} / ${length})`;
  const sql = `SELECT ${valueSql(table, feature)}, ${block}, count(*) FROM ${table.from} GROUP BY 1, 2`;
  for await (const [values = [], numbers = [], times = []] of table.duck.columns(sql))
    for (const [index, value] of values.entries())
      blocks.add(namedValue(feature, value), places.get(Number(numbers[index])) ?? -1, Number(times[index]));
  return blocks;
}

/** The value of a category feature from what `valueSql` selected. */
function namedValue({ from, of }: Category, value: DuckValue): string | undefined {
  const plain = typeof value === 'bigint' ? Number(value) : value;
  if (from === 'hour' || from === 'weekday') return plain === null ? undefined : String(plain);
  return of(plain);
}
