import { expect, test } from 'vitest';
import { parseModel } from '../../../contracts/model-config.ts';
import { takeIn } from '../../../lambdas/intake/take-in.ts';
import { fixtureModel } from '../../lib/fixture-app.ts';
import { memoryLake } from '../memory-lake.ts';
import { memoryLineage } from '../memory-lineage.ts';
import { intakeTools, put, request, wholeVersions } from './intake-stage.ts';

/** Data that no rule refuses, however odd, must be registered with its profile, and the next upload compared with it. */

const model = parseModel({
  ...fixtureModel,
  name: 'odd',
  data: {
    columns: [
      { name: 'at', kind: 'timestamp', nullable: true, min: '0001-01-01', max: '9999-12-31T23:59:59Z' },
      { name: 'seen', kind: 'timestamp', nullable: true },
      { name: 'n', kind: 'numeric', nullable: true },
      { name: 'whole', kind: 'numeric', integer: true, nullable: true },
      { name: 'place', kind: 'categorical', nullable: true },
      { name: 'note', kind: 'text', nullable: true },
      { name: 'flag', kind: 'boolean', nullable: true },
      { name: 'late', kind: 'boolean' },
    ],
    target: 'late',
    time: 'at',
  },
});
type Row = readonly (string | number | boolean | null)[];
const NAMES = model.data.columns.map(({ name }) => name);
const lines = (rows: readonly Row[]) =>
  rows
    .map((row) => `${JSON.stringify(Object.fromEntries(row.map((value, index) => [NAMES[index], value])))}\n`)
    .join('');
const many = (row: (index: number) => Row) => Array.from({ length: 400 }, (_, index) => row(index));
const late = (index: number) => index % 3 === 0;

const odd: readonly (readonly [string, readonly Row[]])[] = [
  ['one row', [['2001-01-01', null, 1, 1, 'a', 'b', true, true]]],
  ['nothing but the target', many((index) => [null, null, null, null, null, null, null, late(index)])],
  ['one value in each column', many((index) => ['2001-01-01', '2001-01-01', 7, 7, 'a', 'b', true, late(index)])],
  [
    'the largest and the smallest numbers',
    many((index) => [
      '2001-01-01',
      null,
      index % 2 === 0 ? 1.7e308 : -1.7e308,
      index % 2 === 0 ? Number.MAX_SAFE_INTEGER : Number.MIN_SAFE_INTEGER,
      'a',
      'b',
      true,
      late(index),
    ]),
  ],
  [
    'the smallest differences',
    many((index) => ['2001-01-01', null, index * 5e-324, index, 'a', 'b', true, late(index)]),
  ],
  [
    'the first and the last instants',
    many((index) => [index % 2 === 0 ? '0001-01-01' : '9999-12-31T23:59:59Z', null, 1, 1, 'a', 'b', true, late(index)]),
  ],
  [
    'a category for every row, and long ones',
    many((index) => ['2001-01-01', null, 1, 1, `${index}${'ü'.repeat(9000)}`, 'b', true, late(index)]),
  ],
  [
    'texts of every sort',
    many((index) => [
      '2001-01-01',
      null,
      1,
      1,
      ['__proto__', 'constructor', '', ' ', '\u0001', '😀', 'a\nb', '"'][index % 8] ?? '',
      '=cmd|x',
      null,
      late(index),
    ]),
  ],
  [
    'a day for every row',
    many((index) => [
      new Date(Date.UTC(1901, 0, 1 + 90 * index)).toISOString(),
      null,
      index,
      1,
      'a',
      'b',
      true,
      late(index),
    ]),
  ],
];

test.each(odd)('%s', async (_, rows) => {
  const [lake, lineage] = [memoryLake(), memoryLineage()];
  const usual = many((index) => [
    `2001-01-0${1 + (index % 9)}`,
    null,
    index % 50,
    index,
    'abc'[index % 3] ?? '',
    'text',
    index % 2 === 0,
    late(index),
  ]);
  for (const [index, content] of [usual, rows, usual.slice(1)].entries()) {
    put(lake, `inbox/odd/${index}.jsonl`, lines(content));
    const tools = intakeTools(lake, lineage, { now: new Date(Date.UTC(2001, 1, 3, 5, index)) });
    const { datasetVersion, verdict } = await takeIn(
      request(model, `inbox/odd/${index}.jsonl`, { execution: `e${index}` }),
      tools,
    );
    expect([verdict, datasetVersion]).toEqual(['accepted', expect.any(String)]);
  }
  const versions = wholeVersions(lake, lineage);
  expect(versions.map(({ comparedWith }) => comparedWith)).toEqual([
    undefined,
    versions[0]?.version,
    versions[1]?.version,
  ]);
});
