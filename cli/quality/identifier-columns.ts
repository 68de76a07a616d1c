import { quoteName } from '../../core/duckdb.ts';
import type { RowFiles } from '../drift/row-files.ts';

/** In fewer rows, whole numbers may all differ by chance. */
const LEAST_ROWS = 1000;

/** Numeric columns of whole numbers that never come twice: they name rows, and no later row looks like them. */
export async function identifierColumns({ duck, from, columns }: RowFiles): Promise<readonly string[]> {
  const names = [...columns].filter(([, kind]) => kind === 'number').map(([name]) => name);
  if (names.length === 0) return [];
  const counts = names
    .map(quoteName)
    .map(
      (name) =>
        `count(${name}) >= ${LEAST_ROWS} AND count(DISTINCT ${name}) = count(${name}) AND bool_and(${name} = floor(${name}))`,
    );
  const [row = []] = await duck.rows(`SELECT ${counts.join(', ')} FROM ${from}`);
  return names.filter((_, index) => row[index] === true);
}
