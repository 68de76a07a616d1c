import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DataSchemaSchema } from '../../contracts/data-schema.ts';
import { runCli } from './run-cli.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modelway-infer-test-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
async function inferred(...files: readonly string[]) {
  const { code, out, err } = await runCli(['infer', ...files, '--json'], folder);
  return { code, err, schema: DataSchemaSchema.parse(JSON.parse(out)) };
}
/** The schema in a snippet, as the config file it is pasted into would have it. */
const pasted = (out: string) => DataSchemaSchema.parse(JSON.parse(JSON.stringify(runInNewContext(`({${out}})`).data)));

const ROWS = Array.from({ length: 100 }, (_, row) => ({
  key: `AB-${1000 + row}`,
  when: `2001-02-03T04:05:${String(row % 60).padStart(2, '0')}Z`,
  count: row * 3,
  share: row / 100,
  minus: -row - 0.5,
  zip: String(row).padStart(5, '0'),
  colour: ['red', 'green', "bl'ue"][row % 3],
  late: row % 4 === 0,
  note: row % 10 === 0 ? null : `${row} × “something” ${'x'.repeat(row)}`,
}));
const NAMES = Object.keys(ROWS[0] ?? {});
const csv = (delimiter: string, decimal = '.') =>
  [
    NAMES.join(delimiter),
    ...ROWS.map((row) =>
      Object.values(row)
        .map((value) => (typeof value === 'number' ? String(value).replace('.', decimal) : (value ?? '')))
        .join(delimiter),
    ),
  ].join('\n');

describe('modelway infer', () => {
  test('proposes kinds, missing values, signs and ranges, listed values, patterns and keys', async () => {
    write('f.csv', csv(','));
    const { code, schema } = await inferred('f.csv');
    expect(code).toBe(0);
    expect(schema.columns).toEqual([
      { name: 'key', kind: 'identifier', pattern: '^[A-Z]{2}-[0-9]{4}$', unique: true },
      { name: 'when', kind: 'timestamp', zone: 'required' },
      { name: 'count', kind: 'numeric', integer: true, min: 0, max: 500 },
      { name: 'share', kind: 'numeric', min: 0, max: 2 },
      { name: 'minus', kind: 'numeric', min: -200, max: 0 },
      { name: 'zip', kind: 'identifier', pattern: '^[0-9]{5}$', unique: true },
      { name: 'colour', kind: 'categorical', values: ["bl'ue", 'green', 'red'] },
      { name: 'late', kind: 'boolean' },
      { name: 'note', kind: 'text', nullable: true },
    ]);
  });

  test('proposes the same from JSON Lines, and decimal commas where it finds them', async () => {
    write('f.csv', csv(','));
    write('f.jsonl', ROWS.map((row) => JSON.stringify(row)).join('\n'));
    write('g.csv', csv(';', ','));
    const plain = (await inferred('f.csv')).schema;
    expect((await inferred('f.jsonl')).schema).toEqual(plain);
    expect((await inferred('g.csv')).schema.columns).toEqual(
      plain.columns.map((column) => (['share', 'minus'].includes(column.name) ? { ...column, decimal: ',' } : column)),
    );
  });

  test('its snippet is the same schema when pasted, with candidates for target and time as comments', async () => {
    write('f.csv', csv(','));
    const { out } = await runCli(['infer', 'f.csv'], folder);
    expect(pasted(out)).toEqual((await inferred('f.csv')).schema);
    expect(out).toContain("// may be the target: 'late'\n  // target: 'late',");
    expect(out).toContain("// time: 'when',");
  });

  test('names from a file cannot break out of the snippet', async () => {
    const names = ["it's", 'a\u2028, evil: process.exit()', '`$(1)`', '*/ 1', 'back\\slash', '\u202eright'];
    write('f.jsonl', JSON.stringify(Object.fromEntries(names.map((name) => [name, `${name}!`]))));
    const { out } = await runCli(['infer', 'f.jsonl'], folder);
    expect(pasted(out).columns.map(({ name }) => name)).toEqual(names);
    expect(out).not.toMatch(/[\u2028\u202e]/);
  });

  test('lists and objects are left out, and said to be', async () => {
    write('f.jsonl', '{"a":1,"tags":["x"],"b":{"c":1}}\n{"a":2,"tags":[],"b":null}\n');
    const { code, err, schema } = await inferred('f.jsonl');
    expect([code, schema.unknownColumns, schema.columns.map(({ name }) => name)]).toEqual([0, 'drop', ['a']]);
    expect(err).toContain('lists, objects or bytes: tags, b');
  });

  test('rows that no schema takes are named, with exit code 1', async () => {
    write('f.csv', 'a,b\n1,2\n1,2,3\n');
    const { code, err } = await inferred('f.csv');
    expect(code).toBe(1);
    expect(err).toContain('f.csv, row 2: has 3 cells where the header has 2');
  });

  test.each([
    ['a,__proto__\n1,2\n', 'reserved'],
    ['a,a\n1,2\n', 'named twice'],
    ['a,b\n', 'no rows'],
    ['', 'no columns'],
    ['a,\n1,2\n', 'cannot have this name'],
    ['\u0080\u0004PK', 'no rows'],
  ])('of %j nothing can be inferred, with exit code 2 and the reason', async (text, reason) => {
    write('f.csv', text);
    const { code, err } = await runCli(['infer', 'f.csv'], folder);
    expect(code).toBe(2);
    expect(err).toContain(reason);
  });

  test('a file keeps the schema that was inferred from it', async () => {
    const cell = fc.oneof(
      fc.constantFrom(
        '',
        '0',
        '1',
        'true',
        '007',
        '1,5',
        '-1e300',
        '2001-02-03',
        '9999-12-31T00:00:00Z',
        '12345678901234567890',
        'a',
        'A1',
        ' ',
      ),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.integer().map(String),
      fc.string(),
    );
    const table = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        const quoted = (text: string) => `"${text.replaceAll('"', '""').replaceAll('\0', '')}"`;
        write('f.csv', ['a,b', ...rows.map((row) => row.map(quoted).join(','))].join('\n'));
        const { code, schema, err } = await inferred('f.csv');
        expect([code, err]).toEqual([0, '']);
        write('schema.json', JSON.stringify(schema));
        const validated = await runCli(['validate', '--schema', 'schema.json', 'f.csv'], folder);
        expect(validated.code).toBe(0);
      }),
      { numRuns: 15 },
    );
  });
});
