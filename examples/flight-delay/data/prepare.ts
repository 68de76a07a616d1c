import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { BROKEN_FILE_ROWS, BROKEN_ROWS, breakRows } from './broken-rows.ts';
import {
  flightsView,
  KNOWN_DELAYS,
  LIVE_FLIGHTS,
  labelledMonths,
  SAMPLED_FLIGHTS,
  SHUFFLED_JANUARY,
} from './flight-tables.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** The data as the npm package `vega-datasets` ships it: three million US flights, January to June 2001. */
const FLIGHTS_FILE = path.join(ROOT, 'node_modules/vega-datasets/data/flights-3m.parquet');

/** Months after January whose outcomes become known one by one. */
export const LATER_MONTHS = [2, 3, 4, 5, 6] as const;

/** Files the rehearsal uploads or sends, all in one folder. */
export interface PreparedFlights {
  readonly folder: string;
  /** CSV of January with outcomes: what the first model is trained on. */
  readonly january: string;
  /** CSV of one later month with outcomes. */
  readonly month: (month: (typeof LATER_MONTHS)[number]) => string;
  /** CSV of February to April with outcomes: what is known when the world has moved. */
  readonly februaryToApril: string;
  /** CSV with the faults of `BROKEN_ROWS`. */
  readonly broken: string;
  /** CSV of January with outcomes shuffled. */
  readonly shuffled: string;
  /** JSON lines: flights of February to June, oldest first, that callers ask about. */
  readonly live: string;
}

/**
 * Makes the example's files below `cache`, or finds them there: the folder is named by the recipe, so that a changed recipe makes
 * new files and an interrupted run leaves nothing half made.
 */
export async function prepareFlights(cache = path.join(ROOT, '.build/flight-delay')): Promise<PreparedFlights> {
  const folder = path.join(cache, await recipeName());
  if (!existsSync(folder)) {
    await mkdir(cache, { recursive: true });
    const half = await mkdtemp(`${folder}-`);
    try {
      await writeFiles(half);
      await rename(half, folder);
    } catch (error) {
      await rm(half, { recursive: true, force: true });
      // Another rehearsal may have finished the same folder meanwhile; then there is nothing left to do.
      if (!existsSync(folder)) throw error;
    }
  }
  return filesIn(folder);
}

function filesIn(folder: string): PreparedFlights {
  return {
    folder,
    january: path.join(folder, 'flights-2001-01.csv'),
    month: (month) => path.join(folder, `flights-2001-0${month}.csv`),
    februaryToApril: path.join(folder, 'flights-2001-02-to-04.csv'),
    broken: path.join(folder, 'flights-broken.csv'),
    shuffled: path.join(folder, 'flights-shuffled.csv'),
    live: path.join(folder, 'live.jsonl'),
  };
}

async function writeFiles(folder: string): Promise<void> {
  const files = filesIn(folder);
  const duck = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '1GB' });
  const connection = await duck.connect();
  try {
    for (const sql of [flightsView(FLIGHTS_FILE), KNOWN_DELAYS, SAMPLED_FLIGHTS]) await connection.run(sql);
    const csv = (sql: string, file: string) => connection.run(`COPY (${sql}) TO '${file}' (FORMAT csv, HEADER)`);
    await csv(labelledMonths(1, 1), files.january);
    for (const month of LATER_MONTHS) await csv(labelledMonths(month, month), files.month(month));
    await csv(labelledMonths(2, 4), files.februaryToApril);
    await csv(SHUFFLED_JANUARY, files.shuffled);
    await csv(`${labelledMonths(2, 2)} LIMIT ${BROKEN_FILE_ROWS}`, files.broken);
    await connection.run(`COPY (${LIVE_FLIGHTS}) TO '${files.live}' (FORMAT json)`);
  } finally {
    connection.closeSync();
    duck.closeSync();
  }
  await writeFile(files.broken, breakRows(await readFile(files.broken, 'utf8'), BROKEN_ROWS));
}

/** Hash of everything the files are made from. */
async function recipeName(): Promise<string> {
  const sources = ['prepare.ts', 'flight-tables.ts', 'broken-rows.ts'].map((name) =>
    readFile(new URL(name, import.meta.url)),
  );
  const packages = ['vega-datasets', '@duckdb/node-api'].map((name) =>
    readFile(path.join(ROOT, 'node_modules', name, 'package.json')),
  );
  const hash = createHash('sha256');
  for (const content of await Promise.all([...sources, ...packages])) hash.update(content);
  return hash.digest('hex').slice(0, 16);
}
