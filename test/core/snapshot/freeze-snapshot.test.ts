import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ModelConfig } from '../../../contracts/model-config.ts';
import { ModelwayError } from '../../../contracts/problems.ts';
import { type Duck, openDuck } from '../../../core/duckdb.ts';
import { validateFile } from '../../../core/intake/validate-file.ts';
import { buildBaseline } from '../../../core/profile/baseline.ts';
import { baselineOfTable } from '../../../core/profile/baseline-of-table.ts';
import { storedTable } from '../../../core/profile/stored-table.ts';
import { checkSplit } from '../../../core/snapshot/check-split.ts';
import { freezeSnapshot } from '../../../core/snapshot/freeze-snapshot.ts';
import { parcels as model } from './parcels.ts';

let folder = '';
let duck: Duck;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'modelway-snapshot-'));
  duck = await openDuck({ folder });
});
afterAll(async () => {
  duck.close();
  await rm(folder, { recursive: true, force: true });
});

type Row = readonly [at: string, who: string, weight: number, count: string, late: string];

/** Stores rows as intake does, each list as one part. */
async function stored(config: ModelConfig, ...parts: readonly (readonly Row[])[]): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const rows of parts) {
    const own = mkdtempSync(join(folder, 'part-'));
    const path = join(own, 'upload.csv');
    writeFileSync(path, `at,who,weight,count,late\n${rows.map((row) => row.join(',')).join('\n')}\n`);
    const request = { schema: config.data, maxQuarantinedShare: 0, path, name: 'upload.csv', folder: own, duck };
    const { accepted } = await validateFile(request);
    paths.push(...(accepted?.parts.map((part) => part.path) ?? []));
  }
  return paths;
}

async function freeze(config: ModelConfig, parts: readonly string[]) {
  const own = mkdtempSync(join(folder, 'sets-'));
  const snapshot = await freezeSnapshot(config, parts, own, duck);
  const weights = async (path: string) =>
    (await duck.rows(`SELECT weight FROM read_parquet('${path}')`)).map(([weight]) => Number(weight));
  const lines = (path: string) => readFileSync(path, 'utf8').trimEnd().split('\n');
  return {
    snapshot,
    train: await weights(snapshot.paths.train),
    validation: await weights(snapshot.paths.validation),
    features: lines(snapshot.paths.testFeatures).map((line) => JSON.parse(line)),
    labels: lines(snapshot.paths.testLabels),
  };
}

/** Rows over a hundred days, one a day, weight = number of the day; late on odd days. */
const day = (index: number) => new Date(Date.UTC(2001, 0, 1) + index * 86_400_000).toISOString();
const days: readonly Row[] = Array.from({ length: 100 }, (_, index) => [
  day(index),
  `w${index % 10}`,
  index,
  index % 7 === 0 ? '' : String(index),
  String(index % 2 === 1),
]);

describe('with time', () => {
  test('the newest fifth is the test set, the tenth before it validation, whatever the order of the rows', async () => {
    const config = model({ time: 'at' });
    const shuffled = days.map((_, index) => days[(index * 37) % 100]).filter((row) => row !== undefined);
    const { snapshot, train, validation, features } = await freeze(config, await stored(config, shuffled));
    expect(snapshot.rows).toEqual({ train: 70, validation: 10, test: 20 });
    expect(Math.max(...train)).toBe(69);
    expect([Math.min(...validation), Math.max(...validation)]).toEqual([70, 79]);
    expect(features.map(({ weight }) => weight).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, index) => 80 + index),
    );
    expect(snapshot.rule).toEqual({
      kind: 'time',
      validationFrom: day(70).slice(0, 19).replace('T', ' '),
      testFrom: day(80).slice(0, 19).replace('T', ' '),
    });
  });

  test('rows of one instant stay together, and rows without a time are the oldest', async () => {
    const config = model({ time: 'at' });
    const rows = days.map(([, ...rest], index): Row => [index < 5 ? '' : day(Math.floor(index / 8)), ...rest]);
    const { train, validation, features } = await freeze(config, await stored(config, rows));
    const sets = [train, validation, features.map(({ weight }) => weight)];
    expect(sets.flat()).toHaveLength(100);
    expect(train).toEqual(expect.arrayContaining([0, 1, 2, 3, 4]));
    const setOf = (weight: number) => sets.findIndex((set) => set.includes(weight));
    for (const weight of train.concat(validation))
      if (weight >= 8) expect(setOf(Math.floor(weight / 8) * 8)).toBe(setOf(weight));
  });

  test('and an entity, older rows of entities that come again are left out and counted', async () => {
    const config = model({ time: 'at', entity: 'who' });
    const rows = days.map(([at, , ...rest], index): Row => [at, index % 4 === 0 ? 'regular' : `once${index}`, ...rest]);
    const { snapshot, train, validation } = await freeze(config, await stored(config, rows));
    expect(train.concat(validation).some((weight) => weight % 4 === 0)).toBe(false);
    expect(snapshot.leftOut.entityOverlap).toBe(20);
    expect(snapshot.rows).toEqual({ train: 52, validation: 8, test: 20 });
  });
});

describe('without time', () => {
  const many: readonly Row[] = Array.from({ length: 3000 }, (_, index) => [
    '',
    `w${index % 500}`,
    index,
    '',
    String(index % 2 === 1),
  ]);

  test('rows of one entity are in one set, and the shares are about those asked for', async () => {
    const config = model({ entity: 'who' });
    const { snapshot, train, validation, features } = await freeze(config, await stored(config, many));
    const entities = [train, validation, features.map(({ weight }) => weight)].map(
      (set) => new Set(set.map((weight) => weight % 500)),
    );
    const [first = new Set(), second = new Set(), third = new Set()] = entities;
    expect(first.size + second.size + third.size).toBe(500);
    expect(new Set([...first, ...second, ...third]).size).toBe(500);
    // 500 entities at 0.2: five standard deviations are 0.09.
    expect(snapshot.rows.test / 3000).toBeGreaterThan(0.11);
    expect(snapshot.rows.test / 3000).toBeLessThan(0.29);
  });

  test('a row falls into the same set whatever rows are beside it', async () => {
    const config = model();
    const all = await freeze(config, await stored(config, many));
    const half = await freeze(config, await stored(config, many.slice(0, 1500)));
    expect(half.train).toEqual(all.train.filter((weight) => weight < 1500));
    expect(half.labels).toEqual(all.labels.slice(0, half.labels.length));
  });

  test('equal rows are in one set', async () => {
    const config = model();
    const twice = await freeze(config, await stored(config, many, many));
    expect(twice.train.slice(twice.train.length / 2)).toEqual(twice.train.slice(0, twice.train.length / 2));
  });
});

test('the test set is in the form of requests, golden rows behind it, labels for the test rows only', async () => {
  const golden = { name: 'heavy', instance: { weight: 1e6, at: '2001-01-01T00:00:00Z' }, atLeast: 0.5 };
  const config = model({ time: 'at' }, { gates: { goldenRows: [golden] } });
  const { features, labels } = await freeze(config, await stored(config, days));
  expect(features).toHaveLength(21);
  expect(labels).toHaveLength(20);
  expect(features[4]).toEqual({ at: day(84).replace('.000Z', 'Z'), who: 'w4', weight: 84, count: null });
  expect(features[5]).toEqual({ at: day(85).replace('.000Z', 'Z'), who: 'w5', weight: 85, count: 85 });
  expect(features.at(-1)).toEqual(golden.instance);
  expect(labels.map(Number)).toEqual(Array.from({ length: 20 }, (_, index) => index % 2));
});

test('rows without target are left out and counted', async () => {
  const config = model({ time: 'at' });
  const rows = days.map((row, index): Row => (index < 30 ? [row[0], row[1], row[2], row[3], ''] : row));
  const { snapshot } = await freeze(config, await stored(config, rows));
  expect(snapshot.leftOut).toEqual({ withoutTarget: 30, entityOverlap: 0, testSampledOut: 0 });
  expect(snapshot.rows).toEqual({ train: 49, validation: 7, test: 14 });
});

describe('what is checked once rows are divided', () => {
  test('no entity is in two sets, however entities, times and uploads overlap', async () => {
    const row = fc
      .tuple(fc.nat(40), fc.nat(12), fc.nat(9))
      .map(
        ([day, who, weight]): Row => [
          `2001-01-${String(1 + (day % 28)).padStart(2, '0')}T0${day % 9}:00:00Z`,
          `w${who}`,
          weight,
          '',
          weight % 2 === 0 ? 'true' : 'false',
        ],
      );
    const rows = fc.array(row, { minLength: 60, maxLength: 80 });
    await fc.assert(
      fc.asyncProperty(
        rows,
        rows,
        fc.constantFrom({ entity: 'who' }, { time: 'at', entity: 'who' }),
        async (first, second, data) => {
          const config = model(data);
          const parts = await stored(config, first, [...second, ...first.slice(0, 20)]);
          const { snapshot } = await freeze(config, parts).catch((error: unknown) => {
            // With few entities a set may come out empty, which is refused.
            if (error instanceof ModelwayError && error.code === 'unusable-snapshot') return { snapshot: undefined };
            throw error;
          });
          if (snapshot === undefined) return;
          const sets = await Promise.all(
            (['train', 'validation'] as const).map(async (set) =>
              (await duck.rows(`SELECT DISTINCT who FROM read_parquet('${snapshot.paths[set]}')`)).map(([who]) =>
                String(who),
              ),
            ),
          );
          sets.push([
            ...new Set(
              readFileSync(snapshot.paths.testFeatures, 'utf8')
                .trimEnd()
                .split('\n')
                .map((line) => String(JSON.parse(line).who)),
            ),
          ]);
          const all = sets.flat();
          expect(new Set(all).size).toBe(all.length);
          expect(snapshot.checked).toMatchObject({ entities: all.length, entitiesInSeveralSets: 0 });
        },
      ),
      { numRuns: 8 },
    );
  });

  test('rows that two uploads brought are counted and stay', async () => {
    const config = model({ time: 'at' });
    const parts = await stored(config, days.slice(0, 60), days.slice(40));
    const { snapshot } = await freeze(config, parts);
    expect(snapshot.checked).toEqual({ entities: null, entitiesInSeveralSets: null, repeatedRows: 20 });
    const { train, validation, test: tested } = snapshot.rows;
    expect(train + validation + tested).toBe(days.length + 20);
    expect((await freeze(config, await stored(config, days))).snapshot.checked.repeatedRows).toBeNull();
  });

  test('a split that leaks is refused', async () => {
    const config = model({ entity: 'who' });
    const [part = ''] = await stored(config, days);
    await duck.run(`CREATE OR REPLACE VIEW leaking AS SELECT * FROM read_parquet('${part}')`);
    const setOf = `CASE WHEN weight % 3 = 0 THEN 'train' ELSE 'test' END`;
    await expect(checkSplit('leaking', setOf, config.data, 1, duck)).rejects.toThrow(
      /leaking-split.*entities are in more than one/,
    );
  });
});

test('the same parts give the same bytes to train on', async () => {
  const config = model({ time: 'at' });
  const parts = await stored(config, days.slice(0, 50), days.slice(50));
  const [first, second] = [await freeze(config, parts), await freeze(config, parts)];
  for (const set of ['train', 'validation', 'testFeatures', 'testLabels'] as const)
    expect(readFileSync(first.snapshot.paths[set]).equals(readFileSync(second.snapshot.paths[set]))).toBe(true);
});

test('the baseline read from the training file is that of its rows as callers would send them', async () => {
  const config = model({ time: 'at' });
  const { snapshot } = await freeze(config, await stored(config, days));
  const rows = days.slice(0, 70).map(([at, who, weight, count]) => ({
    at: at.replace('.000Z', 'Z'),
    who,
    weight,
    count: count === '' ? null : Number(count),
  }));
  const table = storedTable(config.data, { paths: [snapshot.paths.train], rows: snapshot.rows.train }, duck);
  expect(await baselineOfTable(config, table)).toEqual(buildBaseline(config, rows));
});

describe('a snapshot that cannot be trained on is refused with the change to make', () => {
  test('when a set would be empty', async () => {
    const config = model({ time: 'at' });
    const rows = days.map(([, ...rest]): Row => [day(0), ...rest]);
    const frozen = freeze(config, await stored(config, rows));
    await expect(frozen).rejects.toThrow(/unusable-snapshot: train: the train set would have no rows.*validation: /);
  });

  test('when the training set has one class', async () => {
    const config = model({ time: 'at' });
    const rows = days.map((row, index): Row => [row[0], row[1], row[2], row[3], String(index > 90)]);
    await expect(freeze(config, await stored(config, rows))).rejects.toThrow(/every training row has the same target/);
  });
});
