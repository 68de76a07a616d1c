import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROKEN_FILE_ROWS, BROKEN_ROWS } from '../../../examples/flight-delay/data/broken-rows.ts';
import { LATER_MONTHS, type PreparedFlights, prepareFlights } from '../../../examples/flight-delay/data/prepare.ts';
import { type LiveFlight, readLiveFlights } from '../../../examples/flight-delay/story/live-flights.ts';

const FLIGHTS = path.resolve(import.meta.dirname, '../../../node_modules/vega-datasets/data/flights-3m.parquet');
const HEADER = 'scheduled,origin,destination,distance,origin_delay_2h,late';
const WEEK = 7 * 86_400_000;

let cache: string;
let flights: PreparedFlights;
let live: readonly LiveFlight[];

beforeAll(async () => {
  cache = await mkdtemp(path.join(tmpdir(), 'flights-'));
  flights = await prepareFlights(cache);
  live = await readLiveFlights(flights.live);
}, 60_000);

afterAll(() => rm(cache, { recursive: true, force: true }));

const rowsOf = async (file: string) => {
  const [header, ...rows] = (await readFile(file, 'utf8')).trimEnd().split('\n');
  expect(header).toBe(HEADER);
  return rows;
};

describe('prepared uploads', () => {
  it('hold January with at least 120 000 flights, in order of time', async () => {
    const times = (await rowsOf(flights.january)).map((row) => row.slice(0, 20));
    expect(times.length).toBeGreaterThan(120_000);
    expect(times.every((time) => /^2001-01-\d\dT\d\d:\d\d:00Z$/.test(time))).toBe(true);
    expect(times).toEqual(times.toSorted());
  });

  it('hold each later month, and February to April together', async () => {
    const months = await Promise.all(LATER_MONTHS.map((month) => rowsOf(flights.month(month))));
    months.forEach((rows, index) => {
      expect(rows.length).toBeGreaterThan(25_000);
      expect(rows.every((row) => row.startsWith(`2001-0${index + 2}-`))).toBe(true);
    });
    expect(await rowsOf(flights.februaryToApril)).toEqual(months.slice(0, 3).flat());
  });

  it('shuffle the outcomes of January and nothing else', async () => {
    const [january, shuffled] = [await rowsOf(flights.january), await rowsOf(flights.shuffled)];
    const split = (rows: readonly string[]) =>
      rows.map((row) => [row.replace(/,[^,]*$/, ''), row.endsWith('true')] as const);
    const [before, after] = [split(january), split(shuffled)];
    expect(after.map(([inputs]) => inputs).toSorted()).toEqual(before.map(([inputs]) => inputs).toSorted());
    const late = (rows: typeof before) => rows.filter(([, isLate]) => isLate).length;
    expect(late(after)).toBe(late(before));
    const [n, share] = [before.length, late(before) / before.length];
    const same = before.filter(([, isLate], index) => isLate === after[index]?.[1]).length;
    // Independent outcomes agree in share² + (1 - share)² of the rows; five standard deviations are allowed.
    const expected = share ** 2 + (1 - share) ** 2;
    expect(Math.abs(same / n - expected)).toBeLessThan(5 * Math.sqrt((expected * (1 - expected)) / n));
  });

  it('put each known fault at its row and column', async () => {
    const rows = await rowsOf(flights.broken);
    expect(rows).toHaveLength(BROKEN_FILE_ROWS);
    for (const { row, column, value } of BROKEN_ROWS)
      expect(rows[row - 1]?.split(',')[HEADER.split(',').indexOf(column)]).toBe(value);
    expect(BROKEN_ROWS.length / BROKEN_FILE_ROWS).toBeGreaterThan(0.01);
  });

  it('are found again instead of made again, and leave nothing half made', async () => {
    expect((await prepareFlights(cache)).folder).toBe(flights.folder);
    expect(await readdir(cache)).toEqual([path.basename(flights.folder)]);
  });
});

describe('live flights', () => {
  it('are at least 22 000 of February to June, at least 1000 in every whole week', () => {
    expect(live.length).toBeGreaterThan(22_000);
    const monday = Date.parse('2001-02-05T00:00:00Z');
    for (let week = 0; week < 21; week += 1) {
      const from = monday + week * WEEK;
      const rows = live.filter(
        ({ scheduledAt }) => scheduledAt.getTime() >= from && scheduledAt.getTime() < from + WEEK,
      );
      expect(rows.length).toBeGreaterThanOrEqual(1000);
    }
  });

  it('do not carry their outcome', () => {
    expect(live.every(({ instance }) => !('late' in instance))).toBe(true);
  });

  it('carry the mean delay at the origin as it was known at the beginning of their hour', async () => {
    const duck = await DuckDBInstance.create(':memory:');
    const connection = await duck.connect();
    await connection.run(`CREATE VIEW flights AS SELECT *, date + to_minutes(30 + (distance / 8)::BIGINT) AS landing
      FROM read_parquet('${FLIGHTS}') WHERE delay BETWEEN -180 AND 1800`);
    for (let index = 100; index < live.length; index += 900) {
      const flight = live[index];
      if (flight === undefined) throw new Error('no flight');
      const hour = `TIMESTAMP '${flight.scheduledAt.toISOString().slice(0, 13).replace('T', ' ')}:00:00'`;
      const result = await connection.runAndReadAll(`
        SELECT avg(CASE WHEN landing + to_minutes(delay) <= ${hour} THEN delay ELSE date_diff('minute', landing, ${hour}) END)
        FROM flights WHERE origin = '${String(flight.instance.origin)}' AND landing <= ${hour}
          AND date >= ${hour} - INTERVAL 3 HOUR AND date < ${hour} - INTERVAL 2 HOUR`);
      const expected = result.getRows()[0]?.[0];
      // The file is rounded to a tenth of a minute.
      if (typeof expected === 'number')
        expect(Math.abs(Number(flight.instance.origin_delay_2h) - expected)).toBeLessThan(0.0501);
      else expect(flight.instance.origin_delay_2h).toBeNull();
    }
    connection.closeSync();
    duck.closeSync();
  }, 60_000);
});
