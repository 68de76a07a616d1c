import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { overlaySource } from '../../../rehearsal/play/source-overlay.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'modelway-overlay-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a folder laid over a source bundle replaces files of the same name and keeps the others', async () => {
  const [bundle, changed, out] = ['bundle', 'changed', 'out'].map((name) => path.join(folder, name));
  for (const made of [bundle, changed, out]) mkdirSync(made ?? '', { recursive: true });
  writeFileSync(path.join(bundle ?? '', 'train.py'), 'old');
  writeFileSync(path.join(bundle ?? '', 'inference.py'), 'old');
  writeFileSync(path.join(changed ?? '', 'inference.py'), 'new');
  const packed = path.join(folder, 'bundle.tar.gz');
  execFileSync('tar', ['-czf', packed, '-C', bundle ?? '', '.']);
  writeFileSync(packed, await overlaySource(readFileSync(packed), changed ?? ''));
  execFileSync('tar', ['-xzf', packed, '-C', out ?? '']);
  expect(readFileSync(path.join(out ?? '', 'train.py'), 'utf8')).toBe('old');
  expect(readFileSync(path.join(out ?? '', 'inference.py'), 'utf8')).toBe('new');
});
