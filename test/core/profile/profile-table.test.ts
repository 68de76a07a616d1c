import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BaselineSchema, type Profile } from '../../../contracts/profile.ts';
import type { Instance } from '../../../contracts/serving.ts';
import { type Duck, openDuck, quoteText } from '../../../core/duckdb.ts';
import { buildBaseline } from '../../../core/profile/baseline.ts';
import { baselineOfTable } from '../../../core/profile/baseline-of-table.ts';
import { profileRows } from '../../../core/profile/profile-rows.ts';
import { profileTable } from '../../../core/profile/profile-table.ts';
import type { Table } from '../../../core/profile/table.ts';
import type { WatchedModel } from '../../../core/profile/watched.ts';
import { type Random, seededRandom } from '../../../core/statistics/random.ts';

let folder = '';
let duck: Duck;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'modelway-table-'));
  duck = await openDuck({ folder });
});
afterAll(() => {
  duck.close();
  rmSync(folder, { recursive: true });
});

const COLUMNS = {
  placed: 'TIMESTAMP',
  due: 'VARCHAR',
  amount: 'DOUBLE',
  items: 'BIGINT',
  price: 'VARCHAR',
  country: 'VARCHAR',
  v: 'DOUBLE',
  express: 'BOOLEAN',
  member: 'VARCHAR',
  note: 'VARCHAR',
} as const;
const KINDS = {
  TIMESTAMP: 'instant',
  VARCHAR: 'text',
  DOUBLE: 'number',
  BIGINT: 'number',
  BOOLEAN: 'boolean',
} as const;

const model: WatchedModel = {
  features: [
    { kind: 'hour', column: 'placed' },
    { kind: 'weekday', column: 'due' },
    { kind: 'numeric', column: 'amount' },
    { kind: 'numeric', column: 'items' },
    { kind: 'numeric', column: 'price' },
    { kind: 'numeric', column: 'express' },
    { kind: 'category', column: 'country' },
    { kind: 'category', column: 'v' },
    { kind: 'boolean', column: 'member' },
  ],
  data: { time: 'placed', columns: [{ name: 'note', kind: 'text' }] },
  instants: ['due'],
};

function row(random: Random): Instance {
  const pick = <T>(...of: readonly T[]) => of[Math.floor(random() * of.length)] ?? null;
  const at = (spread: number) =>
    `${new Date(978_307_200_000 + 60_000 * Math.floor(spread * random())).toISOString().slice(0, 19)}Z`;
  return {
    placed: random() < 0.1 ? null : at(6000),
    due: random() < 0.1 ? null : at(90_000),
    amount: random() < 0.1 ? null : Math.round(2000 * random() - 1000) / 8,
    items: Math.floor(5 * random()),
    price: pick('1.5', ' 2e1 ', '', 'none', 'Infinity', '-0', null),
    country: pick('US', 'DE', 'Zürich', '', null),
    v: pick(7, 7.5, -0, null),
    express: pick(true, false, null),
    member: pick('True', 'false', '1', '0', '', null),
    note: pick('plain', 'ünïcödé', '👍🏽 ok', '', null),
  };
}

const rows = (count: number, seed: number) => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => row(random));
};

/** The rows as a table of the database. */
async function tableOf(name: string, given: readonly Instance[]): Promise<Table> {
  const file = join(folder, `${name}.json`);
  writeFileSync(file, given.map((instance) => JSON.stringify(instance)).join('\n'));
  const types = Object.entries(COLUMNS).map(([column, type]) => `${column}: ${quoteText(type)}`);
  await duck.run(
    `CREATE TABLE ${name} AS SELECT * FROM read_json(${quoteText(file)}, columns = {${types.join(', ')}})`,
  );
  const columns = new Map(Object.entries(COLUMNS).map(([column, type]) => [column, KINDS[type]]));
  return { duck, from: name, columns, rows: given.length };
}

/** Sums depend on the order of rows in their last digits. */
function rounded(profile: Profile): unknown {
  return JSON.parse(
    JSON.stringify(profile, (_, value) => (typeof value === 'number' ? Number(value.toPrecision(12)) + 0 : value)),
  );
}

describe('profileTable', () => {
  it('counts exactly what profileRows counts of the same rows, whatever types the columns have', async () => {
    const { profile } = buildBaseline(model, rows(500, 1));
    const window = rows(5000, 2);
    expect(rounded(await profileTable(profile, model, await tableOf('w', window)))).toEqual(
      rounded(profileRows(profile, model, window)),
    );
  });

  it('takes a column that the table lacks for missing, and an empty table for no rows', async () => {
    const { profile } = buildBaseline(model, rows(100, 3));
    const table = await tableOf('lacking', rows(50, 4));
    const columns = new Map([...table.columns].filter(([name]) => name !== 'note' && name !== 'country'));
    const lacking = await profileTable(profile, model, { ...table, columns });
    expect(lacking.features.country).toMatchObject({ rows: 50, missing: 50 });
    expect(lacking.features['note.length']).toMatchObject({ rows: 50, missing: 50 });
    expect(await profileTable(profile, model, await tableOf('empty', []))).toEqual(profileRows(profile, model, []));
  });

  it('counts rows where no feature is numeric', async () => {
    const texts: WatchedModel = { features: [{ kind: 'category', column: 'country' }] };
    const { profile } = buildBaseline(texts, rows(10, 5));
    expect((await profileTable(profile, texts, await tableOf('texts', rows(33, 6)))).rows).toBe(33);
  });
});

describe('baselineOfTable', () => {
  it('makes the baseline that buildBaseline makes of the same rows: bins, pairs, days and hours', async () => {
    const given = rows(3000, 7);
    const [ofTable, ofRows] = [await baselineOfTable(model, await tableOf('b', given)), buildBaseline(model, given)];
    expect(rounded(ofTable.profile)).toEqual(rounded(ofRows.profile));
    expect(ofTable.days.map(rounded)).toEqual(ofRows.days.map(rounded));
    expect(ofTable.hours?.map(rounded)).toEqual(ofRows.hours?.map(rounded));
    expect(BaselineSchema.parse(JSON.parse(JSON.stringify(ofTable)))).toEqual(ofTable);
  });

  it('counts all rows of a table that is larger than the sample its edges come from', async () => {
    await duck.run('CREATE TABLE large AS SELECT i % 1000 + 0.5 AS amount FROM range(300000) t(i)');
    const amount: WatchedModel = { features: [{ kind: 'numeric', column: 'amount' }] };
    const table: Table = { duck, from: 'large', columns: new Map([['amount', 'number']]), rows: 300_000 };
    const known = await baselineOfTable(amount, table);
    const { rows: _, ...unknownRows } = table;
    for (const { profile } of [known, await baselineOfTable(amount, unknownRows)]) {
      const feature = profile.features.amount;
      if (feature?.kind !== 'numeric') throw new Error('expected a numeric profile');
      expect(feature.counts.reduce((sum, count) => sum + count, 0)).toBe(300_000);
      // 200 bins of 1500 rows each, but for what a sample of 200 000 leaves open.
      expect(Math.max(...feature.counts)).toBeLessThan(2500);
      expect(feature.edges).toHaveLength(199);
    }
    expect(await baselineOfTable(amount, table)).toEqual(known);
  });

  it('gives up naming values beyond 10 000 unknown ones, and still counts every row', async () => {
    await duck.run("CREATE TABLE wide AS SELECT 'v' || (i % 12000) AS id FROM range(30000) t(i)");
    const id: WatchedModel = { features: [{ kind: 'category', column: 'id' }] };
    const { profile } = await baselineOfTable(id, { duck, from: 'wide', columns: new Map([['id', 'text']]) });
    const feature = profile.features.id;
    if (feature?.kind !== 'category') throw new Error('expected a category profile');
    expect([feature.values.length, feature.unknown, feature.rows]).toEqual([1000, undefined, 30_000]);
    // Of 12 000 values 6000 come three times; the 1000 that are known are among them.
    expect(feature.other).toBe(27_000);
  });
});
