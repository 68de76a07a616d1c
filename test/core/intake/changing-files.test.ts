import { appendFileSync, mkdtempSync, rmSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { collectFindings } from '../../../core/intake/findings.ts';
import { quarantineFile } from '../../../core/intake/quarantine-file.ts';
import { gatherRows, readInto } from '../../../core/intake/read-into.ts';
import { intakeForTests, schemaOf } from './take-file.ts';

const intake = intakeForTests();
const schema = schemaOf({ columns: [{ name: 'n', kind: 'numeric' }] });
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'modelway-changing-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Reads a file of three chunks that something happens to meanwhile. */
async function readWhile(happens: (path: string) => void) {
  const path = join(folder, 'upload.csv');
  writeFileSync(path, `n\n${'1\n'.repeat(600_000)}`);
  const findings = collectFindings();
  const gathered = gatherRows(schema, folder);
  const reading = readInto(
    gathered,
    { schema, path, name: 'f.csv', duck: intake.duck() },
    findings,
    quarantineFile(join(folder, 'q')),
  );
  const onceBegun = (): void => {
    if (gathered.rows > 0) happens(path);
    else setImmediate(onceBegun);
  };
  setImmediate(onceBegun);
  const stopped = await reading;
  gathered.writer.abandon();
  return stopped?.message;
}

test('a file that nobody touches is read', async () => {
  expect(await readWhile(() => {})).toBeUndefined();
});

test.each<[string, (path: string) => void]>([
  ['grows', (path) => appendFileSync(path, '2\n')],
  ['shrinks', (path) => truncateSync(path, 100)],
])('a file that %s while it is read is refused', async (_, happens) => {
  expect(await readWhile(happens)).toContain('changed while it was read');
});

test('a file that is taken away is refused', async () => {
  expect(await readWhile(unlinkSync)).toContain('it is gone');
});

test('a folder in the place of a file is refused', async () => {
  const { report } = await intake.take(schema, 'f.csv', 'n\n1\n');
  expect(report.verdict).toBe('accepted');
  const findings = collectFindings();
  const gathered = gatherRows(schema, folder);
  const request = { schema, path: folder, name: 'f.csv', duck: intake.duck() };
  expect((await readInto(gathered, request, findings, quarantineFile(join(folder, 'q'))))?.message).toContain('folder');
  gathered.writer.abandon();
});
