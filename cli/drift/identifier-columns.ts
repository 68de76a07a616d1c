import { quoteName } from '../../core/duckdb.ts';
import type { RowFiles } from './row-files.ts';

/** In fewer rows, values may all differ by chance. */
const LEAST_ROWS = 1000;
/** Numbers given out in turn leave few of their range out. */
const DENSE = 4;

/** Numeric columns of whole numbers that never come twice: they name rows, and no later row looks like them. */
export async function uniqueNumbers(files: RowFiles): Promise<readonly string[]> {
  return columnsThat(files, (name, kind) => (kind === 'number' ? `${isUnique(name)} AND ${isWhole(name)}` : undefined));
}

/**
 * Columns that name rows beyond doubt: numbers given out in turn, which never come twice and fill a good part of their range, and words
 * that never come twice. Amounts that happen to differ are none, and neither is text with spaces.
 */
export async function identifierColumns(files: RowFiles): Promise<readonly string[]> {
  return columnsThat(files, (name, kind) => {
    if (kind === 'number')
      return `${isUnique(name)} AND ${isWhole(name)} AND max(${name}) - min(${name}) < ${DENSE} * count(${name})`;
    return kind === 'text' ? `${isUnique(name)} AND NOT bool_or(contains(${name}, ' '))` : undefined;
  });
}

const isUnique = (name: string) => `count(${name}) >= ${LEAST_ROWS} AND count(DISTINCT ${name}) = count(${name})`;
const isWhole = (name: string) => `bool_and(${name} = floor(${name}))`;

type Kind = RowFiles['columns'] extends ReadonlyMap<string, infer Each> ? Each : never;

async function columnsThat(
  { duck, from, columns }: RowFiles,
  test: (quotedName: string, kind: Kind) => string | undefined,
): Promise<readonly string[]> {
  const tests = [...columns].flatMap(([name, kind]) => {
    const sql = test(quoteName(name), kind);
    return sql === undefined ? [] : [{ name, sql }];
  });
  if (tests.length === 0) return [];
  const [row = []] = await duck.rows(`SELECT ${tests.map(({ sql }) => sql).join(', ')} FROM ${from}`);
  return tests.filter((_, index) => row[index] === true).map(({ name }) => name);
}
