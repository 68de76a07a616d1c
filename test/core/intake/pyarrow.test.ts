import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { intakeForTests, schemaOf } from './take-file.ts';

/** What we write is read by pyarrow, and what pyarrow writes is read by us. */

const PYTHON = join(import.meta.dirname, '../../../.venvs/container/bin/python');
const ORACLE = join(import.meta.dirname, 'pyarrow-oracle.py');
const intake = intakeForTests();
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'modelway-pyarrow-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const oracle = (...args: readonly string[]): unknown =>
  JSON.parse(execFileSync(PYTHON, [ORACLE, ...args], { encoding: 'utf8', maxBuffer: 2 ** 28 }));
const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const ReadSchema = z.object({
  csv: z.array(z.array(z.string())),
  parquet: z.array(z.array(cell)),
  types: z.array(z.string()),
  compression: z.string(),
});

test('pyarrow reads from our Parquet what Python’s csv module reads from the upload', async () => {
  const schema = schemaOf({
    columns: [
      { name: 'n', kind: 'numeric', nullable: true },
      { name: 'i', kind: 'numeric', integer: true },
      { name: 't', kind: 'text', nullable: true },
      { name: 'b', kind: 'boolean' },
      { name: 'at', kind: 'timestamp' },
    ],
  });
  const text = fc.array(fc.constantFrom('"', ',', ';', '\n', '\r\n', 'ü', '😀', 'a', ' ', "'", '=1+1', '\\'), {
    maxLength: 9,
  });
  const instants = fc.date({ min: new Date('1700-01-01'), max: new Date('2200-01-01'), noInvalidDate: true });
  const row = fc.tuple(
    fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
    fc.integer(),
    text,
    fc.boolean(),
    instants,
  );
  const rows = fc.sample(row, { numRuns: 2000, seed: 5 });
  const quoted = (value: string) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  const lines = rows.map(([n, i, t, b, at]) =>
    [n === null ? '' : String(n), i, quoted(t.join('')), b, at.toISOString()].join(','),
  );
  const path = join(folder, 'upload.csv');
  writeFileSync(path, `n,i,t,b,at\r\n${lines.join('\r\n')}\r\n`);
  const { accepted, report } = await intake.take(schema, 'upload.csv', readFileSync(path));
  expect(report).toMatchObject({ verdict: 'accepted', rows: { read: 2000 } });

  const read = ReadSchema.parse(oracle('read', path, accepted?.parts[0]?.path ?? ''));
  expect(read.types).toEqual(['double', 'int64', 'string', 'bool', 'timestamp[us]']);
  expect(read.compression).toBe('ZSTD');
  const expected = read.csv.map(([n = '', i = '', t = '', b = '', at = '']) => [
    n === '' ? null : Number(n),
    Number(i),
    t === '' ? null : t,
    b === 'true',
    Date.parse(at),
  ]);
  const stored = read.parquet.map(([n, i, t, b, at]) => [n, i, t, b, Date.parse(`${at}Z`)]);
  expect(stored).toEqual(expected.map((values) => values.map((value) => (Object.is(value, -0) ? 0 : value))));
});

test.each([1, 2, 3, 256, 257, 4096, 4097])(
  'columns of %i allowed texts, some or all missing, are what they were',
  async (count) => {
    const values = Array.from({ length: count }, (_, index) => `${'é"'.slice(0, index % 3)}${index}`);
    const schema = schemaOf({
      columns: [
        { name: 'id', kind: 'identifier' },
        { name: 'full', kind: 'categorical', values },
        { name: 'some', kind: 'text', values, nullable: true },
        { name: 'none', kind: 'categorical', values, nullable: true },
      ],
    });
    const rows = Array.from({ length: 500 }, (_, row) => [
      `r${row}`,
      values[(row * 7) % count] ?? '',
      row % 3 === 0 ? '' : (values[(row * 31) % count] ?? ''),
      '',
    ]);
    const quoted = (value: string) => (value.includes('"') ? `"${value.replaceAll('"', '""')}"` : value);
    const path = join(folder, `values-${count}.csv`);
    writeFileSync(path, ['id,full,some,none', ...rows.map((row) => row.map(quoted).join(','))].join('\n'));
    const { accepted, report } = await intake.take(schema, 'upload.csv', readFileSync(path));
    expect(report).toMatchObject({ verdict: 'accepted', rows: { read: 500 } });
    const read = ReadSchema.parse(oracle('read', path, accepted?.parts[0]?.path ?? ''));
    expect(read.parquet).toEqual(rows.map((row) => row.map((text) => (text === '' ? null : text))));
  },
);

test.each([
  ['snappy', '1.0'],
  ['gzip', '1.0'],
  ['brotli', '2.0'],
  ['lz4', '1.0'],
  ['zstd', '2.0'],
  ['none', '2.0'],
])('Parquet of pyarrow is read, compressed with %s, data pages of version %s', async (compression, version) => {
  const schema = schemaOf({
    columns: [
      { name: 'i8', kind: 'numeric', integer: true, nullable: true },
      { name: 'u64', kind: 'numeric', integer: true, nullable: true },
      { name: 'f32', kind: 'numeric', nullable: true },
      { name: 'dec', kind: 'numeric', nullable: true },
      { name: 'word', kind: 'text', nullable: true },
      { name: 'code', kind: 'categorical', nullable: true },
      { name: 'flag', kind: 'boolean', nullable: true },
      { name: 'day', kind: 'timestamp', nullable: true },
      { name: 'ms', kind: 'timestamp', nullable: true },
      { name: 'ns', kind: 'timestamp', nullable: true },
      { name: 'tz', kind: 'timestamp', nullable: true },
    ],
  });
  const path = join(folder, `${compression}.parquet`);
  oracle('write', path, compression, version);
  const validated = await intake.take(schema, 'upload.parquet', readFileSync(path));
  expect(validated.report).toMatchObject({ verdict: 'accepted', findings: [] });
  const instant = '2001-01-31 05:30:00.25';
  expect(await intake.stored(validated)).toEqual([
    [1n, 1n, 1.5, 12.5, 'a', 'x', true, '2001-01-31 00:00:00', instant, instant, '2001-01-31 10:30:00.25'],
    [-128n, 2n ** 63n - 1n, -0.25, -0.01, 'say "hi", ü', 'y', false, '1969-07-20 00:00:00', instant, instant, instant],
    Array(11).fill(null),
  ]);
});
