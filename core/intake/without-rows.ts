import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataSchema } from '../../contracts/data-schema.ts';
import { type Duck, quoteName, quoteText } from '../duckdb.ts';
import { freeName, partsTable } from './stored-rows.ts';
import type { Part } from './write-parts.ts';

/**
 * The parts without some rows, by their places among all rows; a part that loses none stays as it is, the others are written anew below
 * `folder` and removed.
 */
export async function withoutRows(
  places: readonly number[],
  parts: readonly Part[],
  { schema, folder, duck }: { readonly schema: DataSchema; readonly folder: string; readonly duck: Duck },
): Promise<readonly Part[]> {
  const position = freeName(schema, 'position');
  const sorted = Float64Array.from(places).sort();
  const kept: Part[] = [];
  let [before, next] = [0, 0];
  for (const [index, part] of parts.entries()) {
    const first = next;
    while ((sorted[next] ?? Number.POSITIVE_INFINITY) < before + part.rows) next++;
    const dropped = sorted.subarray(first, next);
    if (dropped.length === 0) kept.push(part);
    else if (dropped.length < part.rows) {
      const [list, path] = [join(folder, 'set-aside.csv'), join(folder, `accepted-unique-${index}.parquet`)];
      await writeFile(list, dropped.map((place) => place - before).join('\n'));
      await duck.run(
        `COPY (SELECT * EXCLUDE (${quoteName(position)}) FROM ${partsTable([part], schema, position)} AS rows
           WHERE ${quoteName(position)} NOT IN (SELECT place FROM read_csv(${quoteText(list)}, columns={place: 'BIGINT'}, auto_detect=false, header=false))
           ORDER BY ${quoteName(position)})
         TO ${quoteText(path)} (FORMAT parquet, COMPRESSION zstd)`,
      );
      kept.push({ path, rows: part.rows - dropped.length });
    }
    // A disk that holds the rows once need not hold them twice.
    if (dropped.length > 0) await rm(part.path);
    before += part.rows;
  }
  return kept;
}
