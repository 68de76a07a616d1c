import { ModelwayError } from '../../contracts/problems.ts';
import type { ProfileDocument } from '../../contracts/profile-document.ts';
import type { ProfiledWindow } from '../../core/drift/pool-windows.ts';
import { windowOf } from '../../core/drift/window.ts';
import { profileTable } from '../../core/profile/profile-table.ts';
import { timeSql } from '../../core/profile/table.ts';
import type { RowFiles } from './row-files.ts';
import { storedModel } from './watched-model.ts';

/** Length of the windows that rows are sliced into. */
export type Every = 'hour' | 'day' | 'week';

/** More windows than this take minutes and nobody reads them. */
const MOST_WINDOWS = 2000;

/** Rows by window, oldest first, and how many had no time to tell theirs. */
export interface Sliced {
  readonly windows: readonly ProfiledWindow[];
  readonly undated: number;
}

/**
 * Slices files into whole UTC hours, days or ISO weeks by a column of instants, each counted over the bins of `reference`. Windows
 * without rows are left out.
 * @throws ModelwayError when the column is not there, holds no instants, or makes more than 2000 windows
 */
export async function sliced(files: RowFiles, time: string, every: Every, reference: ProfileDocument): Promise<Sliced> {
  const { duck, columns } = files;
  if (!columns.has(time)) throw noTime(`there is no column ${time}`, [...columns.keys()].join(', '));
  // Other connections must see it, so it is no temporary table; the database itself is gone after the command.
  const at = timeSql(files, time);
  await duck.run(`CREATE TABLE sliced AS SELECT *, ${startSql(at, every)} AS "window start" FROM ${files.from}`);
  const found = await duck.rows(
    'SELECT "window start", count(*) FROM sliced GROUP BY "window start" ORDER BY "window start"',
  );
  const starts = found.flatMap(([start]) => (start === null || start === undefined ? [] : [Number(start)]));
  const undated = found.reduce((sum, [start, rows]) => (start === null ? sum + Number(rows) : sum), 0);
  if (starts.length === 0) throw noTime(`column ${time} holds no instant`, columns.get(time) ?? '');
  if (starts.length > MOST_WINDOWS)
    throw noTime(`column ${time} makes ${starts.length} windows, at most ${MOST_WINDOWS} are judged`, every);
  const model = storedModel(reference);
  const windows: ProfiledWindow[] = [];
  for (const start of starts) {
    const from = `(SELECT * FROM sliced WHERE "window start" = ${start})`;
    const profile = await profileTable(reference.baseline.profile, model, { duck, columns, from });
    windows.push({ window: windowOf(new Date(start), { every }), profile });
  }
  return { windows, undated };
}

/** Epoch milliseconds of the start of the window that an instant lies in; null without an instant. */
function startSql(at: string, every: Every): string {
  return `epoch_ms(date_trunc('${every}', make_timestamp_ms(CAST(nullif(${at}, 'NaN'::DOUBLE) AS BIGINT))))`;
}

function noTime(message: string, got: string): ModelwayError {
  return new ModelwayError('no-time', 'input', [
    { path: '--time', message, got, fix: 'name a column of timestamps, or a longer --window' },
  ]);
}
