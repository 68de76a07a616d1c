import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RULES } from '../../../contracts/findings.ts';
import { intakeForTests, schemaOf } from './take-file.ts';

const intake = intakeForTests();
const schema = schemaOf({
  columns: [
    { name: 'id', kind: 'identifier', unique: true },
    { name: 'amount', kind: 'numeric', min: 0, max: 100 },
    { name: 'kind', kind: 'categorical', values: ['a', 'b'], nullable: true },
    { name: 'late', kind: 'boolean' },
  ],
  target: 'late',
});
const found = (report: {
  findings: readonly { rule: string; row: number | null; column: string | null; value: string | null }[];
}) => report.findings.map(({ rule, row, column, value }) => [rule, row, column, value]);

describe('every problem is named with its row, column, value and rule', () => {
  test('several in one row, rows counted from the first behind the header', async () => {
    const content = 'id,amount,kind,late\nx1,5,a,true\nx2,abc,c,maybe\n,101,,false\nx4,-1,b,\n';
    const { report } = await intake.take(schema, 'f.csv', content);
    expect(report).toMatchObject({ verdict: 'quarantined', rows: { read: 4, accepted: 1, quarantined: 3 } });
    expect(found(report)).toEqual([
      ['type', 2, 'amount', 'abc'],
      ['values', 2, 'kind', 'c'],
      ['type', 2, 'late', 'maybe'],
      ['missing', 3, 'id', null],
      ['range', 3, 'amount', '101'],
      ['range', 4, 'amount', '-1'],
      ['missing', 4, 'late', null],
      ['single-class', null, 'late', 'true'],
    ]);
    for (const { rule, severity } of report.findings) expect(severity).toBe(RULES[rule]);
  });

  test('the columns of the file, all at once, and the rows are judged nevertheless', async () => {
    const { report } = await intake.take(schema, 'f.csv', 'id,id,extra,amount,late\nx,y,z,oops,true\n');
    expect(report).toMatchObject({ verdict: 'rejected', rows: { read: 1, accepted: 0, quarantined: 1 } });
    expect(found(report)).toEqual([
      ['duplicate-column', null, 'id', null],
      ['missing-column', null, 'kind', null],
      ['unknown-column', null, 'extra', null],
      ['type', 1, 'amount', 'oops'],
    ]);
  });

  test('a value is cut at 200 characters', async () => {
    const { report } = await intake.take(schema, 'f.csv', `id,amount,kind,late\nx,${'9'.repeat(500)}x,a,true\n`);
    expect(report.findings[0]?.value).toBe(`${'9'.repeat(199)}…`);
  });

  test('columns nobody asked for are dropped with a warning when the schema says so', async () => {
    const { report } = await intake.take(
      { ...schema, unknownColumns: 'drop' },
      'f.csv',
      'id,amount,kind,late,extra\nx,1,a,true,z\ny,2,b,false,z\n',
    );
    expect(report.verdict).toBe('accepted');
    expect(found(report)).toEqual([['dropped-column', null, 'extra', null]]);
  });
});

test('at most a thousand findings are listed, and all are counted', async () => {
  const rows = Array.from({ length: 3000 }, (_, index) => `x${index},oops,z,true`);
  const { report } = await intake.take(schema, 'f.csv', `id,amount,kind,late\n${rows.join('\n')}`);
  expect(report.findings).toHaveLength(1000);
  expect(report.findingsTotal).toBe(6000);
});

test('a refusal is listed even when a thousand findings came before it', async () => {
  const rows = Array.from({ length: 1500 }, (_, index) => `x${index},oops,a,true`);
  const { report } = await intake.take(schema, 'f.csv', `id,amount,kind,late\n${rows.join('\n')}\nx,"1\n2,2\n`);
  expect(report.verdict).toBe('rejected');
  expect(report.findings.at(-1)).toMatchObject({ rule: 'unreadable', row: 1501 });
});

describe('verdicts', () => {
  const good = (count: number) => Array.from({ length: count }, (_, index) => `g${index},1,a,${index % 2 === 0}`);
  const file = (...rows: readonly string[]) => ['id,amount,kind,late', ...rows].join('\n');

  test('a clean file is accepted', async () => {
    const { report, accepted, quarantinePath } = await intake.take(schema, 'f.csv', file(...good(5)));
    expect(report).toMatchObject({ verdict: 'accepted', findingsTotal: 0 });
    expect(accepted?.rows).toBe(5);
    expect(quarantinePath).toBeNull();
  });

  test('a file is held back when more rows are bad than the model allows, and taken when exactly as many are', async () => {
    const content = file(...good(99), 'bad,x,a,true');
    const taken = await intake.take(schema, 'f.csv', content, { maxQuarantinedShare: 0.01 });
    expect([taken.report.verdict, taken.heldBack, taken.accepted?.rows]).toEqual(['quarantined', false, 99]);
    const held = await intake.take(schema, 'f.csv', content, { maxQuarantinedShare: 0.0099 });
    expect([held.report.verdict, held.heldBack, held.accepted]).toEqual(['quarantined', true, null]);
  });

  test('a file with no row, or with no good row, is rejected', async () => {
    expect((await intake.take(schema, 'f.csv', '')).report).toMatchObject({
      verdict: 'rejected',
      findings: [{ rule: 'no-rows' }],
    });
    expect((await intake.take(schema, 'f.csv', file())).report.findings[0]?.rule).toBe('no-rows');
    const all = await intake.take(schema, 'f.csv', file('x,x,a,true'));
    expect(all.report).toMatchObject({ verdict: 'rejected', rows: { read: 1, accepted: 0, quarantined: 1 } });
  });
});

describe('rules over the whole file', () => {
  test('the first row of a repeated value stays, the others are set aside under their numbers in the file', async () => {
    const content =
      'id,amount,kind,late\na,1,a,true\nbad,x,a,true\nb,2,a,false\na,3,b,true\n"oops\nb,4,b,true\na,5,a,false\n'.replace(
        '"oops',
        'oops',
      );
    const validated = await intake.take(schema, 'f.csv', content);
    expect(validated.report.rows).toEqual({ read: 7, accepted: 2, quarantined: 5 });
    expect(found(validated.report)).toEqual([
      ['type', 2, 'amount', 'x'],
      ['malformed', 5, null, 'oops'],
      ['unique', 4, 'id', 'a'],
      ['unique', 6, 'id', 'b'],
      ['unique', 7, 'id', 'a'],
    ]);
    expect(validated.report.findings[4]?.message).toContain('row 1');
    expect((await intake.stored(validated)).map(([id]) => id)).toEqual(['a', 'b']);
    expect(intake.quarantined(validated).map(({ row, raw }) => [row, raw])).toEqual([
      [2, 'bad,x,a,true'],
      [5, 'oops'],
      [4, '{"id":"a","amount":3.0,"kind":"b","late":true}'],
      [6, '{"id":"b","amount":4.0,"kind":"b","late":true}'],
      [7, '{"id":"a","amount":5.0,"kind":"a","late":false}'],
    ]);
  });

  test('content without its repeated rows is the same content', async () => {
    const clean = await intake.take(schema, 'f.csv', 'id,amount,kind,late\na,1,a,true\nb,2.50,,false\n');
    const repeated = await intake.take(schema, 'f.csv', 'id,amount,kind,late\na,1,a,true\nb,2.50,,false\na,7,a,true\n');
    expect(repeated.accepted?.contentHash).toBe(clean.accepted?.contentHash);
  });

  test('missing values never repeat each other', async () => {
    const nullable = schemaOf({
      columns: [
        { name: 'id', kind: 'identifier', unique: true, nullable: true },
        { name: 'n', kind: 'numeric' },
      ],
    });
    const { report } = await intake.take(nullable, 'f.csv', 'id,n\n,1\n,2\nx,3\n');
    expect(report).toMatchObject({ verdict: 'accepted', findingsTotal: 0 });
  });

  test('rows equal in every column are warned of, all counted and a thousand listed', async () => {
    const plain = schemaOf({
      columns: [
        { name: 'a', kind: 'text', nullable: true },
        { name: 'b', kind: 'numeric', nullable: true },
      ],
    });
    const { report } = await intake.take(plain, 'f.csv', `a,b\nx,1\ny,\n${'x,1\n'.repeat(1500)}y,\nx,\n`);
    expect(report).toMatchObject({ verdict: 'accepted', rows: { accepted: 1504 }, findingsTotal: 1501 });
    expect(report.findings).toHaveLength(1000);
    expect(report.findings[0]).toMatchObject({
      rule: 'duplicate-row',
      row: 3,
      message: 'equal in every column to row 1',
    });
  });

  test('uniqueness and row numbers are those of a simple reading', async () => {
    const cell = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const row = fc.tuple(cell, fc.constantFrom('1', '2', 'bad'), fc.constantFrom('true', 'false'));
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 12 }), async (rows) => {
        const content = ['id,amount,kind,late', ...rows.map(([id, amount, late]) => `${id},${amount},a,${late}`)].join(
          '\n',
        );
        const { report } = await intake.take(schema, 'f.csv', content);
        const seen = new Set<string>();
        const bad = rows.flatMap(([id, amount], index) => {
          if (amount === 'bad') return [`type ${index + 1}`];
          if (seen.has(id)) return [`unique ${index + 1}`];
          seen.add(id);
          return [];
        });
        const named = report.findings
          .filter(({ severity }) => severity === 'quarantine')
          .map(({ rule, row }) => `${rule} ${row}`);
        expect(named.sort()).toEqual(bad.sort());
      }),
      { numRuns: 40 },
    );
  });

  test('one class only is warned of', async () => {
    const { report } = await intake.take(schema, 'f.csv', 'id,amount,kind,late\na,1,a,true\nb,1,a,true\n');
    expect(found(report)).toEqual([['single-class', null, 'late', 'true']]);
  });
});

test('a pattern that cannot be checked in linear time is refused when the schema is read, one that unfolds too far when it is used', async () => {
  const schemaWith = (pattern: string) => schemaOf({ columns: [{ name: 'id', kind: 'identifier', pattern }] });
  expect(() => schemaWith('(?=x)x+')).toThrow(/cannot be checked in linear time from character 1 on/);
  expect(() => schemaWith('[a')).toThrow(/not a regular expression/);
  const large = schemaWith('((a{1,100}){1,100}){1,100}');
  await expect(intake.take(large, 'f.csv', 'id\nx\n')).rejects.toThrow(/unsupported-pattern/);
});
