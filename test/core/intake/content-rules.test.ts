import { describe, expect, test } from 'vitest';
import type { FileReport } from '../../../contracts/findings.ts';
import { seededRandom } from '../../../core/statistics/random.ts';
import { intakeForTests, schemaOf } from './take-file.ts';

const intake = intakeForTests();
const found = ({ findings }: FileReport) => findings.map(({ rule, severity, column }) => [rule, severity, column]);
const csv = (header: string, rows: number, row: (index: number) => readonly (string | number)[]) =>
  [header, ...Array.from({ length: rows }, (_, index) => row(index).join(','))].join('\n');

describe('minimum rows', () => {
  const schema = schemaOf({ columns: [{ name: 'n', kind: 'numeric' }], minimumRows: 3 });

  test('are counted after bad rows were set aside', async () => {
    expect((await intake.take(schema, 'f.csv', 'n\n1\n2\n3\n')).report.verdict).toBe('accepted');
    const { report } = await intake.take(schema, 'f.csv', 'n\n1\n2\nx\n');
    expect(report.verdict).toBe('rejected');
    expect(found(report)).toEqual([
      ['type', 'quarantine', 'n'],
      ['minimum-rows', 'reject', null],
    ]);
    const lenient = schemaOf({ ...schema, severities: { 'minimum-rows': 'warn' } });
    expect((await intake.take(lenient, 'f.csv', 'n\n1\n')).report.verdict).toBe('accepted');
  });
});

describe('class balance', () => {
  const columns = [
    { name: 'n', kind: 'numeric' },
    { name: 'y', kind: 'boolean' },
  ];
  const file = (positives: number) => csv('n,y', 1000, (index) => [index, index < positives ? 'true' : 'false']);

  test('is warned of below the share the schema names, one in a hundred when it names none', async () => {
    const rules = async (positives: number, more = {}) =>
      found((await intake.take(schemaOf({ columns, target: 'y', ...more }), 'f.csv', file(positives))).report).filter(
        ([rule]) => rule !== 'leakage',
      );
    expect(await rules(10)).toEqual([]);
    expect(await rules(9)).toEqual([['class-balance', 'warn', 'y']]);
    expect(await rules(999)).toEqual([['class-balance', 'warn', 'y']]);
    expect(await rules(9, { minimumClassShare: 0.005 })).toEqual([]);
    expect(await rules(0)).toEqual([['single-class', 'warn', 'y']]);
  });

  test('says how many rows have the rarer class', async () => {
    const { report } = await intake.take(schemaOf({ columns, target: 'y' }), 'f.csv', file(9));
    expect(report.findings.find(({ rule }) => rule === 'class-balance')).toMatchObject({
      value: 'true',
      message: 'only 9 of 1000 rows have this target (0.9 %, fewer than 1 %)',
    });
  });
});

describe('columns with the same values', () => {
  const columns = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, kind: 'numeric', nullable: true }));

  test('are named, however the values are written; constant and nearly equal ones are not', async () => {
    const content = csv('a,b,c,d,e', 12_000, (index) => [
      index % 7,
      `${index % 7}.0`,
      index === 11_999 ? 9 : index % 7,
      1,
      1,
    ]);
    const { report } = await intake.take(schemaOf({ columns }), 'f.csv', content);
    expect(found(report).filter(([rule]) => rule !== 'duplicate-row')).toEqual([['equal-columns', 'warn', 'b']]);
    expect(report.findings.find(({ rule }) => rule === 'equal-columns')?.message).toContain('the same values as a');
  });

  test('missing values count as values', async () => {
    const content = csv('a,b,c,d,e', 100, (index) => [
      index % 2 === 0 ? '' : 1,
      index % 2 === 0 ? '' : 1,
      index,
      -index,
      index * 2,
    ]);
    expect(found((await intake.take(schemaOf({ columns }), 'f.csv', content)).report)).toEqual([
      ['equal-columns', 'warn', 'b'],
    ]);
  });

  test('a few rows are equal by chance', async () => {
    const { report } = await intake.take(
      schemaOf({ columns }),
      'f.csv',
      csv('a,b,c,d,e', 5, (index) => [index, index, 1, 2, 3]),
    );
    expect(report.findings).toEqual([]);
  });
});

describe('leakage of the target', () => {
  const random = seededRandom(11);
  const rows = Array.from({ length: 4000 }, (_, index) => {
    const late = random() < 0.3;
    return { index, late, noise: random(), flip: random() };
  });
  const schema = schemaOf({
    columns: [
      { name: 'id', kind: 'identifier', unique: true },
      { name: 'noise', kind: 'numeric' },
      { name: 'copy', kind: 'categorical' },
      { name: 'window', kind: 'numeric' },
      { name: 'filled', kind: 'text', nullable: true },
      { name: 'hint', kind: 'categorical' },
      { name: 'late', kind: 'boolean' },
    ],
    target: 'late',
  });
  const content = [
    'id,noise,copy,window,filled,hint,late',
    ...rows.map(({ index, late, noise, flip }) =>
      [
        `id${index}`,
        noise,
        late ? 'yes' : 'no',
        // Neither large nor small, but in the middle when late: no order tells it, bins do.
        late ? 0.4 + noise / 5 : noise < 0.5 ? noise / 3 : 0.7 + noise / 4,
        late ? `text ${index}` : '',
        late !== flip < 0.05 ? 'a' : 'b',
        late,
      ].join(','),
    ),
  ].join('\n');

  test('is warned of with the figure, for copies, ranges, and values that are only there afterwards', async () => {
    const { report } = await intake.take(schema, 'f.csv', content);
    expect(found(report)).toEqual(['copy', 'window', 'filled'].map((name) => ['leakage', 'warn', name]));
    expect(report.findings[0]?.message).toMatch(/tells late almost by itself \(AUC 1\.000 on 4000 rows\)/);
  });

  test('what is wrong in one row of twenty is a leak only where the schema says so', async () => {
    const { report } = await intake.take(schemaOf({ ...schema, leakageAuc: 0.9 }), 'f.csv', content);
    expect(report.findings.map(({ column }) => column)).toContain('hint');
    expect(report.findings.map(({ column }) => column)).not.toContain('noise');
  });
});
