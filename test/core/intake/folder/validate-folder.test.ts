import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DataSchema } from '../../../../contracts/data-schema.ts';
import type { FileReport } from '../../../../contracts/findings.ts';
import { validateFolder } from '../../../../core/intake/folder/validate-folder.ts';
import { readManifest } from '../../../../core/intake/judge-folder.ts';
import { intakeForTests, schemaOf } from '../take-file.ts';

const intake = intakeForTests();
let scratch = '';
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'modelway-folder-'));
});
afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
});

const COLUMNS = [
  { name: 'id', kind: 'identifier', unique: true },
  { name: 'n', kind: 'numeric', min: 0, nullable: true },
];
const schema = schemaOf({ columns: COLUMNS });
const csv = (...rows: readonly string[]) => `id,n\n${rows.map((row) => `${row}\n`).join('')}`;

type Contents = Readonly<Record<string, string | Uint8Array>>;
function take(
  given: DataSchema,
  contents: Contents,
  options: { manifest?: unknown; maxQuarantinedShare?: number } = {},
) {
  const folder = mkdtempSync(join(scratch, 'up-'));
  const keys = Object.keys(contents).sort();
  for (const key of keys) {
    mkdirSync(dirname(join(folder, 'in', key)), { recursive: true });
    writeFileSync(join(folder, 'in', key), contents[key] ?? '');
  }
  return validateFolder({
    schema: given,
    maxQuarantinedShare: options.maxQuarantinedShare ?? 1,
    name: 'up',
    folder,
    duck: intake.duck(),
    files: keys.map((key) => ({
      key,
      open: async () => ({ path: join(folder, 'in', key), close: async () => undefined }),
    })),
    ...(options.manifest === undefined ? {} : { manifest: readManifest(JSON.stringify(options.manifest)) }),
  });
}
const found = ({ findings }: FileReport) => findings.map(({ rule, file, row, message }) => [rule, file, row, message]);
const aside = (path: string | null) =>
  path === null
    ? []
    : readFileSync(path, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));

describe('a folder', () => {
  test('of any formats becomes one content, the rows of all files in order of their keys', async () => {
    const { report, accepted, files } = await take(schema, {
      'b.jsonl': '{"id":"x3","n":3}\n',
      'a.csv': csv('x1,1', 'x2,2'),
      'c/d.csv': csv('x4,'),
    });
    expect(report).toMatchObject({ file: 'up', verdict: 'accepted', rows: { read: 4, accepted: 4, quarantined: 0 } });
    expect(report.files?.map(({ file, rows }) => [file, rows.read])).toEqual([
      ['a.csv', 2],
      ['b.jsonl', 1],
      ['c/d.csv', 1],
    ]);
    expect(files[1]?.sha256).toBe(createHash('sha256').update('{"id":"x3","n":3}\n').digest('hex'));
    const whole = await intake.take(schema, 'one.csv', csv('x1,1', 'x2,2', 'x3,3', 'x4,'));
    expect(accepted?.contentHash).toBe(whole.accepted?.contentHash);
    expect(accepted?.parts.length).toBe(1);
  });

  test('has what must be unique so across its files, each row named by its file; the first keeps its value', async () => {
    const { report, files, accepted, quarantinePath } = await take(schema, {
      'a.csv': csv('x1,1', 'x2,2', 'x1,3'),
      'b.csv': csv('x3,-1', 'x2,5', 'x4,6'),
    });
    expect(found(report)).toEqual([
      ['unique', 'a.csv', 3, 'repeats the value of row 1; the column must be unique'],
      ['unique', 'b.csv', 2, 'repeats the value of row 2 of a.csv; the column must be unique'],
      ['range', 'b.csv', 1, expect.any(String)],
    ]);
    expect(report).toMatchObject({ verdict: 'quarantined', rows: { read: 6, accepted: 3, quarantined: 3 } });
    expect(files.map(({ report: own }) => [own.verdict, own.rows.accepted, own.findingsTotal])).toEqual([
      ['quarantined', 2, 1],
      ['quarantined', 1, 2],
    ]);
    expect(aside(quarantinePath).map(({ file, row }) => [file, row])).toEqual([
      ['b.csv', 1],
      ['a.csv', 3],
      ['b.csv', 2],
    ]);
    const whole = await intake.take(schema, 'one.csv', csv('x1,1', 'x2,2', 'x4,6'));
    expect(accepted?.contentHash).toBe(whole.accepted?.contentHash);
  });

  test('is held back by the share of all its rows, not of one file', async () => {
    const contents = { 'a.csv': csv('x1,-1', 'x0,0'), 'b.csv': csv('x2,2', 'x3,3') };
    expect(await take(schema, contents, { maxQuarantinedShare: 0.25 })).toMatchObject({ heldBack: false });
    expect(await take(schema, contents, { maxQuarantinedShare: 0.2 })).toMatchObject({
      heldBack: true,
      accepted: null,
    });
  });

  test('is judged by all its rows where a rule is about the whole', async () => {
    const labelled = schemaOf({
      columns: [...COLUMNS, { name: 'late', kind: 'boolean' }],
      target: 'late',
      minimumRows: 4,
    });
    const file = (from: number, late: boolean) =>
      `id,n,late\n${[0, 1].map((row) => `r${from + row},${((from + row) * 7) % 5},${late}\n`).join('')}`;
    const two = await take(labelled, { 'a.csv': file(0, true), 'b.csv': file(2, false) });
    expect(two.report).toMatchObject({ verdict: 'accepted', findings: [] });
    const one = await take(labelled, { 'a.csv': file(0, true) });
    expect(one.report.findings.map(({ rule }) => rule)).toEqual(['minimum-rows', 'single-class']);
  });

  test('may hold empty files, but not only those', async () => {
    const some = await take(schema, { 'a.csv': '', 'b.csv': 'id,n\n', 'c.csv': csv('x1,1'), 'd.json': '[]' });
    expect(some.report).toMatchObject({ verdict: 'accepted', rows: { read: 1, accepted: 1 } });
    expect(found((await take(schema, { 'a.csv': '' })).report).map(([rule]) => rule)).toEqual(['no-rows']);
  });

  test('is refused whole when one file is, and every other problem is still found', async () => {
    const { report, accepted } = await take(schema, {
      'a.csv': 'id\nx1\n',
      'b.csv': csv('x2,-5', 'x3,1'),
      'c.csv': 'PK\u0003\u0004',
    });
    expect(report).toMatchObject({ verdict: 'rejected', rows: { accepted: 0, quarantined: 1 } });
    expect(accepted).toBeNull();
    expect(report.findings.map(({ rule, file }) => [rule, file])).toEqual([
      ['manifest', undefined],
      ['manifest', undefined],
      ['missing-column', 'a.csv'],
      ['unreadable', 'c.csv'],
      ['range', 'b.csv'],
    ]);
  });

  test('is held against its manifest', async () => {
    const contents = { 'a.csv': csv('x1,1') };
    const manifest = (rows: number) => ({ files: [{ key: 'a.csv', rows, size: 10 }] });
    expect((await take(schema, contents, { manifest: manifest(1) })).report.verdict).toBe('accepted');
    expect(found((await take(schema, contents, { manifest: manifest(2) })).report)).toEqual([
      ['manifest', undefined, null, 'has 1 rows where the manifest says 2'],
    ]);
  });

  test('lists at most a thousand findings and a few of every file, and counts all', async () => {
    const bad = csv(...Array.from({ length: 700 }, (_, row) => `r${row},-1`), 'good,1');
    const { report, files } = await take(schema, {
      'a.csv': bad,
      'b.csv': bad.replaceAll('r', 's').replace('good', 'fine'),
      'c.csv': 'id,n\nq,-1\nz,2\n',
    });
    expect([report.findings.length, report.findingsTotal]).toEqual([1000, 1401]);
    expect(files.map(({ report: own }) => own.findings.length)).toEqual([700, 300, 1]);
  });
});

test('however rows are divided into files, the same are accepted as from one file', async () => {
  const row = fc
    .tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: -2, max: 9 }))
    .map(([id, n]) => `k${id},${n}`);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(row, { maxLength: 6 }), { minLength: 1, maxLength: 5 }), async (files) => {
      fc.pre(
        files.some((rows) => rows.length > 0) &&
          files.every((rows) => rows.length === 0 || rows.some((one) => !one.includes('-'))),
      );
      const [whole, folder] = [
        await intake.take(schema, 'one.csv', csv(...files.flat())),
        await take(schema, Object.fromEntries(files.map((rows, index) => [`f${index}.csv`, csv(...rows)]))),
      ];
      expect(folder.report.rows).toEqual(whole.report.rows);
      expect(folder.accepted?.contentHash).toBe(whole.accepted?.contentHash);
      expect(folder.report.findingsTotal).toBe(whole.report.findingsTotal);
      const before = files.map((_, index) => files.slice(0, index).flat().length);
      const global = aside(folder.quarantinePath).map(({ file, row }) => (before[Number(file[1])] ?? 0) + row);
      expect(global).toEqual(aside(whole.quarantinePath).map(({ row }) => row));
    }),
    { numRuns: 15, seed: 11 },
  );
});
