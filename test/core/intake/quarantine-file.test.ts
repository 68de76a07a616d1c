import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { collectFindings } from '../../../core/intake/findings.ts';
import { quarantineFile } from '../../../core/intake/quarantine-file.ts';
import { gatherRows, readInto } from '../../../core/intake/read-into.ts';
import { endReading, judgeRead } from '../../../core/intake/validate-file.ts';
import { intakeForTests, schemaOf } from './take-file.ts';

const intake = intakeForTests();
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'modelway-quarantine-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Validates rows of CSV with room for so many bytes of quarantine. */
async function take(name: string, rows: readonly string[], most: number, unique = false) {
  const schema = schemaOf({
    columns: [
      { name: 'id', kind: 'identifier', unique },
      { name: 'n', kind: 'numeric', min: 0 },
    ],
  });
  const [path, aside] = [join(folder, `${name}.csv`), join(folder, `${name}.jsonl`)];
  writeFileSync(path, `id,n\n${rows.map((row) => `${row}\n`).join('')}`);
  const findings = collectFindings();
  const quarantine = quarantineFile(aside, most);
  const gathered = gatherRows(schema, mkdtempSync(join(folder, 'parts-')));
  const request = { schema, path, name, duck: intake.duck(), folder, maxQuarantinedShare: 1 };
  await readInto(gathered, request, findings, quarantine);
  return { ...(await judgeRead(request, endReading(gathered, findings), findings, quarantine)), aside };
}

test('rows set aside are kept as they were, with what is wrong with them, and with their file where there are many', () => {
  const path = join(folder, 'plain.jsonl');
  const file = quarantineFile(path);
  file.add(3, [], 'ü,"\n1"');
  file.add(1, [], 'x', 'b.csv');
  expect(file.finish()).toBe(path);
  expect(
    readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { row: 3, findings: [], raw: 'ü,"\n1"' },
    { file: 'b.csv', row: 1, findings: [], raw: 'x' },
  ]);
});

test('no row set aside makes no file', () => {
  expect(quarantineFile(join(folder, 'none.jsonl')).finish()).toBeNull();
});

test('a file whose bad rows would fill the disk is refused at that row, and what was written stays small', async () => {
  const rows = Array.from({ length: 5000 }, (_, index) => `x${index},-1`);
  const { report, accepted, aside } = await take('bad', rows, 100_000);
  expect([report.verdict, accepted]).toEqual(['rejected', null]);
  expect(report.findings.filter(({ severity }) => severity === 'reject')).toMatchObject([
    { rule: 'too-large', row: expect.any(Number), message: expect.stringContaining('more than 100000 bytes') },
  ]);
  expect(report.rows.read).toBeLessThan(1000);
  expect(statSync(aside).size).toBeLessThan(101_000);
  const enough = await take('enough', rows.slice(0, 100).concat('y,1'), 100_000);
  expect([enough.report.verdict, enough.report.rows.accepted]).toEqual(['quarantined', 1]);
});

test('a file whose repeated values would fill the disk is refused as well', async () => {
  const rows = Array.from({ length: 3000 }, (_, index) => `same,${index}`);
  const { report, accepted } = await take('repeated', rows, 100_000, true);
  expect([report.verdict, accepted, report.rows.read]).toEqual(['rejected', null, 3000]);
  expect(report.findings.some(({ rule }) => rule === 'too-large')).toBe(true);
});
