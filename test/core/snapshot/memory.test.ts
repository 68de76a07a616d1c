import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'modelway-snapshot-memory-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** As objects these rows would take some 200 bytes each, a hundred megabytes together. */
const ROWS = 500_000;
const HEAP_MEGABYTES = 64;

test('half a million rows are frozen and profiled within a heap of 64 MB: none of them is held', () => {
  const script = join(import.meta.dirname, 'freeze-many.ts');
  const options = [`--max-old-space-size=${HEAP_MEGABYTES}`, script, folder, String(ROWS)];
  const printed = execFileSync(process.execPath, options, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  // 70 % of the rows, cut at an instant that belongs to the newer set.
  expect(JSON.parse(printed)).toEqual({ train: 350_000, profiled: 350_000 });
});
