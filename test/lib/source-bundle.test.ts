import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ModelwayError } from '../../contracts/problems.ts';
import { bundleEntries, sourceProblems, tarGz, writeBundle } from '../../lib/source-bundle.ts';
import { inNewFolder } from './fixture-app.ts';

const { folder, remove } = inNewFolder();
afterAll(remove);

function write(path: string, text: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
}

write('package/__init__.py', '# package');
write('package/training.py', 'print("training")');
write('package/__pycache__/training.cpython-310.pyc', 'bytecode');
write('model/train.py', 'import package.training');
write('model/inference.py', 'pass');
write('model/package/training.py', 'print("my own")');
write('model/.DS_Store', 'finder');
const [container, model] = [join(folder, 'package'), join(folder, 'model')];

describe('source bundle', () => {
  test('holds the container package with the model’s files on top, without what tools leave behind', () => {
    const entries = bundleEntries(container, model);
    expect(entries.map(({ path }) => path)).toEqual([
      'inference.py',
      'package/__init__.py',
      'package/training.py',
      'train.py',
    ]);
    expect(Buffer.from(entries[2]?.bytes ?? []).toString()).toBe('print("my own")');
  });

  test('is an archive that tar reads, byte for byte', () => {
    const archive = writeBundle(folder, tarGz(bundleEntries(container, model)));
    const listed = spawnSync('tar', ['-tzf', archive], { encoding: 'utf8' });
    expect(listed.stdout.trim().split('\n')).toEqual([
      'inference.py',
      'package/__init__.py',
      'package/training.py',
      'train.py',
    ]);
    expect(spawnSync('tar', ['-xzOf', archive, 'train.py'], { encoding: 'utf8' }).stdout).toBe(
      'import package.training',
    );
  });

  test('has the same bytes whenever and in whatever order its files were written', () => {
    const first = tarGz(bundleEntries(container, model));
    utimesSync(join(model, 'train.py'), new Date(0), new Date(0));
    expect(tarGz([...bundleEntries(container, model)]).equals(first)).toBe(true);
  });

  test('is named by its content', () => {
    const one = writeBundle(folder, tarGz([{ path: 'a', bytes: Buffer.from('1') }]));
    const other = writeBundle(folder, tarGz([{ path: 'a', bytes: Buffer.from('2') }]));
    expect(one).not.toBe(other);
    expect(existsSync(one) && existsSync(other)).toBe(true);
  });

  test('refuses a path that an archive entry cannot hold', () => {
    expect(() => tarGz([{ path: 'x'.repeat(101), bytes: Buffer.alloc(0) }])).toThrow(ModelwayError);
  });

  test('a folder without a training or serving script is a problem of the setting that names it', () => {
    write('empty/notes.txt', '');
    expect(sourceProblems(model, 'train.py', 'training.source')).toEqual([]);
    expect(sourceProblems(join(folder, 'empty'), 'train.py', 'training.source').map(({ message }) => message)).toEqual([
      'has no train.py',
      'has no inference.py',
    ]);
    expect(sourceProblems(join(folder, 'none'), 'train.py', 'training.source')).toMatchObject([
      { path: 'training.source', message: 'is not a folder' },
    ]);
  });
});
