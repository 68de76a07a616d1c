import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { DEFAULT_LIMITS } from '../../../core/intake/read/row-sink.ts';
import { intakeForTests, schemaOf } from './take-file.ts';

/**
 * Files of Parquet row by row as pyarrow 26.0.1 reads them: its own test files, and every encoding and old type it writes.
 * What the database cannot read is refused with its reason.
 */
const ROOT = join(import.meta.dirname, '../../..');
const PYTHON = join(ROOT, '.venvs/container/bin/python');
const oracle = (...args: readonly string[]): unknown =>
  JSON.parse(
    execFileSync(PYTHON, [join(import.meta.dirname, 'pyarrow-oracle.py'), ...args], {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    }),
  );
const CELL = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const KINDS = ['integer', 'numeric', 'boolean', 'timestamp', 'text'] as const;
const TableSchema = z.object({
  columns: z.array(z.object({ name: z.string(), kind: z.enum(KINDS).nullable() })),
  values: z.array(z.array(CELL)),
  rows: z.int(),
});

const WRITTEN = [
  'dictionary',
  'dictionary-full',
  'plain',
  'delta',
  'delta-length',
  'split-reals',
  'int96',
  'pages',
  'decimal-32',
  'decimal-64',
  'decimal-bytes',
  'nested',
] as const;
const UNREADABLE = 'split-integers';
const PYARROW_FILES = readdirSync(join(ROOT, '.venvs/container/lib'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /pyarrow\/tests\/data\/parquet\/.*\.parquet$/.test(file))
  .map((file) => join(ROOT, '.venvs/container/lib', file));

const intake = intakeForTests();
let folder = '';
const written = (name: string) => join(folder, `${name}.parquet`);
let tables: ReadonlyMap<string, z.infer<typeof TableSchema>> = new Map();
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'modelway-parquet-files-'));
  oracle('encodings', folder);
  oracle('bombs', folder);
  const paths = [...[...WRITTEN, UNREADABLE].map(written), ...PYARROW_FILES];
  tables = new Map(Object.entries(z.record(z.string(), TableSchema).parse(oracle('tables', ...paths))));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function columnOf(name: string, kind: (typeof KINDS)[number]) {
  if (kind === 'integer') return { name, kind: 'numeric', integer: true, nullable: true };
  return kind === 'timestamp' ? { name, kind, nullable: true, min: '0001-01-01' } : { name, kind, nullable: true };
}

/** Rows that were stored, and those pyarrow reads, both with integers and instants as text. */
async function bothReadings(path: string) {
  const table = tables.get(path) ?? { columns: [], values: [], rows: 0 };
  const taken = table.columns.flatMap(({ name, kind }, index) => (kind === null ? [] : [{ name, kind, index }]));
  const columns = taken.map(({ name, kind }) => columnOf(name, kind));
  const validated = await intake.take(schemaOf({ columns, unknownColumns: 'drop' }), 'f.parquet', readFileSync(path));
  const select = taken.map(({ name, kind }) => {
    const quoted = `"${name}"`;
    if (kind === 'timestamp') return `CAST(epoch_us(${quoted}) AS VARCHAR)`;
    return kind === 'integer' ? `CAST(${quoted} AS VARCHAR)` : quoted;
  });
  const files = (validated.accepted?.parts ?? []).map((part) => `'${part.path}'`);
  const stored =
    files.length === 0
      ? []
      : await intake.duck().rows(`SELECT ${select.join(', ')} FROM read_parquet([${files.join(', ')}])`);
  const expected = Array.from({ length: table.rows }, (_, row) =>
    taken.map(({ index }) => table.values[index]?.[row] ?? null),
  );
  return { report: validated.report, stored, expected };
}

test.each(WRITTEN)('%s is read as pyarrow reads it', async (name) => {
  const { report, stored, expected } = await bothReadings(written(name));
  expect(report).toMatchObject({ verdict: 'accepted', rows: { read: 1000, accepted: 1000 } });
  expect(stored).toEqual(expected);
  const dropped = report.findings.flatMap(({ rule, column }) => (rule === 'dropped-column' ? [column] : []));
  expect(dropped).toEqual(name === 'nested' ? ['list', 'struct', 'bytes', 'map'] : []);
});

test('an encoding that cannot be read is named in the refusal, and nothing of where the file lay', async () => {
  const { report } = await bothReadings(written(UNREADABLE));
  expect(report.verdict).toBe('rejected');
  expect(report.findings[0]?.message).toContain('BYTE_STREAM_SPLIT');
  expect(JSON.stringify(report)).not.toContain(tmpdir());
});

describe('pyarrow’s own files', () => {
  test('are there', () => {
    expect(PYARROW_FILES.length).toBeGreaterThanOrEqual(4);
  });

  test.each(PYARROW_FILES.map((path) => [basename(path), path] as const))('%s', async (_, path) => {
    const { report, stored, expected } = await bothReadings(path);
    expect(report.verdict).toBe('accepted');
    expect(stored).toEqual(expected);
  });
});

describe('bombs', () => {
  const schema = schemaOf({
    columns: [
      { name: 'id', kind: 'text', maxLength: 2 ** 20 },
      { name: 'y', kind: 'boolean' },
    ],
  });
  const taken = async (name: string, limits = DEFAULT_LIMITS) =>
    (await intake.take(schema, 'f.parquet', readFileSync(written(name)), { limits })).report;

  test.each(['none', 'snappy', 'gzip', 'brotli', 'lz4', 'zstd'])(
    'a long text that a dictionary repeats is seen before any row is read, with %s',
    async (compression) => {
      const report = await taken(compression);
      expect(report).toMatchObject({ verdict: 'rejected', rows: { read: 0 } });
      expect(report.findings[0]).toMatchObject({ rule: 'too-large', message: expect.stringContaining('dictionaries') });
    },
  );

  test('shorter texts in a small file are one as well, when they are very many', async () => {
    const report = await taken('many');
    expect(report.findings[0]).toMatchObject({ rule: 'too-large', message: expect.stringContaining('bytes of text') });
  });

  test('a dictionary that repeats honest texts is none', async () => {
    expect(await taken('honest')).toMatchObject({ verdict: 'accepted', rows: { read: 3000 } });
  });

  test('bytes that compress beyond belief are refused, long texts that do not are read', async () => {
    const report = await taken('zeros');
    expect(report.findings[0]).toMatchObject({ rule: 'too-large', message: expect.stringContaining('bombs') });
    expect(await taken('long')).toMatchObject({ verdict: 'accepted', rows: { accepted: 5 } });
  });

  test('more columns than are read are refused before they are looked at', async () => {
    const report = await taken('wide', { ...DEFAULT_LIMITS, maxColumns: 100 });
    expect(report.findings).toMatchObject([{ rule: 'too-large', message: expect.stringContaining('101 columns') }]);
  });
});
