import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type FileReport, RULES, SEVERITIES_OF } from '../../../contracts/findings.ts';
import { intakeForTests, schemaOf } from './take-file.ts';

const intake = intakeForTests();
const found = ({ findings }: FileReport) =>
  findings.map(({ rule, severity, row, column }) => [rule, severity, row, column]);

describe('cross-column rules', () => {
  const columns = [
    { name: 'start', kind: 'timestamp' },
    { name: 'end', kind: 'timestamp', nullable: true },
    { name: 'n', kind: 'numeric', integer: true, nullable: true },
    { name: 'limit', kind: 'numeric', nullable: true },
    { name: 'state', kind: 'categorical', nullable: true },
  ];
  const rules = [
    { name: 'ends after it starts', left: 'end', operator: '>=', right: { column: 'start' } },
    { name: 'within its limit', left: 'n', operator: '<=', right: { column: 'limit' } },
    {
      name: 'done has an end',
      left: 'end',
      operator: 'present',
      when: { left: 'state', operator: '=', right: { value: 'done' } },
    },
    {
      name: 'not before the project',
      left: 'start',
      operator: '>',
      right: { value: '2001-01-01T02:00:00+02:00' },
      severity: 'warn',
    },
  ];
  const schema = schemaOf({ columns, rules });
  const take = async (...rows: readonly string[]) =>
    (await intake.take(schema, 'f.csv', `start,end,n,limit,state\n${rows.join('\n')}\n`)).report;

  test('rows that keep them are accepted, equal and missing values among them', async () => {
    const report = await take(
      '2001-01-01T01:00:00Z,2001-01-01T02:00:00+01:00,5,5.0,open',
      '2001-02-01,,,1,open',
      '2001-02-01,2001-02-01T00:00:00.000001Z,2,,done',
      '2001-02-01,,,,',
    );
    expect(report).toMatchObject({ verdict: 'accepted', findings: [] });
  });

  test('rows that break them are set aside, each rule named; a rule may only warn', async () => {
    const report = await take(
      '2001-02-02,2001-02-01,6,5,open',
      '2001-02-01,,1,2,done',
      '2000-12-31,2001-01-01,1,2,open',
    );
    expect(found(report)).toEqual([
      ['cross-column', 'quarantine', 1, 'end'],
      ['cross-column', 'quarantine', 1, 'n'],
      ['cross-column', 'quarantine', 2, 'end'],
      ['cross-column', 'warn', 3, 'start'],
    ]);
    expect(report.rows).toEqual({ read: 3, accepted: 1, quarantined: 2 });
    expect(report.findings[1]?.message).toBe('breaks the rule “within its limit”: n must be <= limit (5)');
    expect(report.findings[2]?.message).toBe(
      'breaks the rule “done has an end”: end must be present when state = done',
    );
  });

  test('whole numbers that a double would round are told apart', async () => {
    const long = schemaOf({
      columns: [
        { name: 'a', kind: 'numeric', integer: true },
        { name: 'b', kind: 'numeric', integer: true },
      ],
      rules: [{ name: 'a below b', left: 'a', operator: '<', right: { column: 'b' } }],
    });
    const { report } = await intake.take(
      long,
      'f.csv',
      'a,b\n9007199254740992,9007199254740993\n9007199254740993,9007199254740993\n',
    );
    expect(found(report)).toEqual([['cross-column', 'quarantine', 2, 'a']]);
  });

  test('rules that make no sense are refused when the schema is read', () => {
    const problems = (rule: object) => () => schemaOf({ columns, rules: [{ name: 'r', ...rule }] });
    expect(problems({ left: 'nobody', operator: 'present' })).toThrow(/not in columns/);
    expect(problems({ left: 'n', operator: '<', right: { column: 'start' } })).toThrow(/cannot be compared/);
    expect(problems({ left: 'state', operator: '<', right: { value: 'a' } })).toThrow(/no order/);
    expect(problems({ left: 'n', operator: '<', right: { value: 'a' } })).toThrow(/finite number/);
    expect(() => schemaOf({ columns, rules: [rules[0], rules[0]] })).toThrow(/declared twice/);
  });
});

describe('severities of a schema', () => {
  const columns = [
    { name: 'id', kind: 'identifier', unique: true },
    { name: 'n', kind: 'numeric', max: 5 },
  ];
  const file = 'id,n\na,1\nb,9\na,2\n';

  test('left out, they are those of the table', async () => {
    expect(found((await intake.take(schemaOf({ columns }), 'f.csv', file)).report)).toEqual([
      ['range', 'quarantine', 2, 'n'],
      ['unique', 'quarantine', 3, 'id'],
    ]);
  });

  test('warn keeps rows with their values', async () => {
    const schema = schemaOf({ columns, severities: { range: 'warn', unique: 'warn' } });
    const taken = await intake.take(schema, 'f.csv', file);
    expect(taken.report.rows).toEqual({ read: 3, accepted: 3, quarantined: 0 });
    expect(found(taken.report).map(([, severity]) => severity)).toEqual(['warn', 'warn']);
    expect(await intake.stored(taken)).toEqual([
      ['a', 1],
      ['b', 9],
      ['a', 2],
    ]);
  });

  test('reject refuses the file, also for a rule over the whole file', async () => {
    for (const severities of [{ range: 'reject' }, { unique: 'reject' }]) {
      const { report, accepted } = await intake.take(schemaOf({ columns, severities }), 'f.csv', file);
      expect([report.verdict, report.rows.accepted, accepted]).toEqual(['rejected', 0, null]);
    }
  });

  test('a value that has no place in its column cannot be only warned of', () => {
    expect(() => schemaOf({ columns, severities: { type: 'warn' } })).toThrow(/reject.*quarantine/);
    expect(() => schemaOf({ columns, severities: { encoding: 'warn' } })).toThrow(/encoding/);
  });

  test('a target that is neither 0 nor 1 stays out even where disallowed values are only warned of', async () => {
    const schema = schemaOf({ columns: [{ name: 'y', kind: 'numeric' }], target: 'y', severities: { values: 'warn' } });
    const { report } = await intake.take(schema, 'f.csv', 'y\n0\n1\n2\n');
    expect(found(report)).toEqual([['values', 'quarantine', 3, 'y']]);
  });

  test('repeated rows can be set aside', async () => {
    const plain = {
      columns: [
        { name: 'a', kind: 'text' },
        { name: 'b', kind: 'numeric' },
      ],
    };
    const taken = await intake.take(
      schemaOf({ ...plain, severities: { 'duplicate-row': 'quarantine' } }),
      'f.csv',
      'a,b\nx,1\ny,1\nx,1.0\nx,1\n',
    );
    expect(found(taken.report)).toEqual([
      ['duplicate-row', 'quarantine', 3, null],
      ['duplicate-row', 'quarantine', 4, null],
    ]);
    expect(await intake.stored(taken)).toEqual([
      ['x', 1],
      ['y', 1],
    ]);
    expect(intake.quarantined(taken).map(({ row, raw }) => [row, raw])).toEqual([
      [3, '{"a":"x","b":1.0}'],
      [4, '{"a":"x","b":1.0}'],
    ]);
  });
});

describe('decimal commas', () => {
  const columns = [
    { name: 'a', kind: 'numeric' },
    { name: 'b', kind: 'numeric', decimal: '.', nullable: true },
  ];

  test('are read where they are declared, in semicolons or quotes, and give the content that points give', async () => {
    const comma = schemaOf({ columns, decimal: ',' });
    const point = await intake.take(schemaOf({ columns }), 'f.csv', 'a,b\n-1.5,2.5\n1e3,\n.25,7\n');
    for (const text of ['a;b\n-1,50;2.5\n1e3;\n,25;7\n', 'a,b\n"-1,5",2.5\n"1,0e3",\n"0,25",7\n']) {
      const { report, accepted } = await intake.take(comma, 'f.csv', text);
      expect(report).toMatchObject({ verdict: 'accepted', findings: [] });
      expect(accepted?.contentHash).toBe(point.accepted?.contentHash);
    }
  });

  test('are wrong values elsewhere, and so are points and separators of thousands where commas are declared', async () => {
    const { report } = await intake.take(
      schemaOf({ columns, decimal: ',' }),
      'f.csv',
      'a;b\n1.5;1\n1.000,5;1\n1,000,5;1\n2;2,5\n',
    );
    expect(found(report)).toEqual(
      [1, 2, 3].map((row) => ['type', 'quarantine', row, 'a']).concat([['type', 'quarantine', 4, 'b']]),
    );
    expect(report.findings[0]?.message).toContain('decimal comma');
  });
});

test('decimals of Parquet are numbers whatever the schema says of text, and its instants with a zone name it', async () => {
  const schema = schemaOf({
    columns: [
      { name: 'd', kind: 'numeric' },
      { name: 'at', kind: 'timestamp', zone: 'required' },
    ],
    decimal: ',',
  });
  const path = join(mkdtempSync(join(tmpdir(), 'modelway-rules-')), 'f.parquet');
  await intake
    .duck()
    .run(
      `COPY (SELECT 12.50::DECIMAL(9, 2) AS d, TIMESTAMPTZ '2001-01-31 05:30:00+02' AS at) TO '${path}' (FORMAT parquet)`,
    );
  const taken = await intake.take(schema, 'f.parquet', readFileSync(path));
  rmSync(dirname(path), { recursive: true });
  expect(taken.report.findings).toEqual([]);
  expect(await intake.stored(taken)).toEqual([[12.5, '2001-01-31 03:30:00']]);
});

describe('instants', () => {
  const rows = ['2001-01-31T05:30:00Z', '2001-01-31 05:30:00+02', '2001-01-31T05:30-0500'];

  test('may have to name their zone', async () => {
    const schema = schemaOf({ columns: [{ name: 'at', kind: 'timestamp', zone: 'required' }] });
    const { report } = await intake.take(
      schema,
      'f.csv',
      ['at', ...rows, '2001-01-31T05:30:00', '2001-01-31', '2001-01-31 05:30'].join('\n'),
    );
    expect(found(report)).toEqual([4, 5, 6].map((row) => ['type', 'quarantine', row, 'at']));
    const without = schemaOf({ columns: [{ name: 'at', kind: 'timestamp' }] });
    expect((await intake.take(without, 'f.csv', 'at\n2001-01-31\n')).report.findings).toEqual([]);
  });

  test('of implausible years are warned of, unless the column declares its range', async () => {
    const text = 'at\n1899-12-31T23:59:59Z\n1900-01-01\n2199-12-31T23:59:59.9Z\n9999-12-31\n0001-01-01\n';
    const plain = schemaOf({ columns: [{ name: 'at', kind: 'timestamp' }] });
    const { report } = await intake.take(plain, 'f.csv', text);
    expect(report.verdict).toBe('accepted');
    expect(found(report)).toEqual([1, 4, 5].map((row) => ['implausible-time', 'warn', row, 'at']));
    const declared = schemaOf({ columns: [{ name: 'at', kind: 'timestamp', min: '0001-01-01' }] });
    expect((await intake.take(declared, 'f.csv', text)).report.findings).toEqual([]);
  });

  test('of rows cannot lie after the upload by more than a day, quoted or not; other columns may say what is to come', async () => {
    const columns = [
      { name: 'at', kind: 'timestamp' },
      { name: 'due', kind: 'timestamp' },
    ];
    const now = new Date('2001-03-01T12:00:00.250Z');
    const rows = [
      '2001-03-02T12:00:00Z',
      '2001-03-02T12:00:01Z',
      '2100-01-01',
      '1899-12-31',
      '2001-03-02T14:00:00.3+02:00',
    ];
    for (const quote of ['', '"']) {
      const text = `at,due\n${rows.map((row) => `${quote}${row}${quote},2150-01-01T00:00:00Z\n`).join('')}`;
      const { report } = await intake.take(schemaOf({ columns, time: 'at' }), 'f.csv', text, { now });
      expect(report.verdict).toBe('accepted');
      expect(found(report)).toEqual([2, 3, 4, 5].map((row) => ['implausible-time', 'warn', row, 'at']));
      expect(report.findings[0]?.message).toContain('not before 2001-03-02 12:00:00.25 UTC, a day after the upload');
    }
    const declared = schemaOf({ columns: [{ ...columns[0], max: '2200-01-01' }, columns[1]], time: 'at' });
    const { report } = await intake.take(declared, 'f.csv', `at,due\n2100-01-01,2150-01-01\n`, { now });
    expect(report.findings).toEqual([]);
  });

  test('are compared with bounds in UTC, wherever the machine is', async () => {
    const schema = schemaOf({
      columns: [{ name: 'at', kind: 'timestamp', min: '2001-01-31T05:30:00', max: '2001-01-31T05:30:00' }],
    });
    expect((await intake.take(schema, 'f.csv', 'at\n2001-01-31 05:30:00\n')).report.findings).toEqual([]);
  });
});

test('the table in the documentation has every rule, with what it does and what it may do', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/intake.md'), 'utf8');
  const table = [...text.matchAll(/^\| `([a-z-]+)` \| (\w+) \| ([^|]+) \|/gm)].map(([, rule, severity, others]) => [
    rule,
    severity,
    others?.trim() === '–' ? [] : others?.trim().split(', ').sort(),
  ]);
  const allowed = new Map<string, readonly string[]>(
    Object.entries(SEVERITIES_OF).map(([rule, { options }]) => [rule, options]),
  );
  expect(table.toSorted()).toEqual(
    Object.entries(RULES)
      .map(([rule, severity]) => [
        rule,
        severity,
        (allowed.get(rule) ?? []).filter((other) => other !== severity).sort(),
      ])
      .toSorted(),
  );
});
