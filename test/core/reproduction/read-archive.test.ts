import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ModelwayError } from '../../../contracts/problems.ts';
import { readArchive } from '../../../core/reproduction/read-archive.ts';
import { chunks, type Entry, handmade, tarOf } from './tar-fixture.ts';

/** The Python of the container's tests. */
const PYTHON = join(import.meta.dirname, '..', '..', '..', '.venvs', 'container', 'bin', 'python');
let root = '';
const LONG = `code/${'deep/'.repeat(40)}module.py`;
const FILES: Readonly<Record<string, string>> = {
  'model.json': '{"trees": 1}',
  'environment.json': '{"python": "3.11.7"}',
  'code/inference.py': 'print("ä")\n',
  'empty.txt': '',
  'block.bin': 'x'.repeat(512),
  [LONG]: 'deep',
};

function lay(folder: string, files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'modelway-archive-'));
  lay(join(root, 'model'), FILES);
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const read = (archive: Uint8Array, keep: readonly string[] = []) => readArchive(chunks(archive), keep);
const packed = (...options: readonly string[]) => tarOf(join(root, 'model'), ['.'], options);

describe('a model archive', () => {
  // Archives are made by GNU tar 1.35 and Python 3.11 tarfile; hashes are of the texts themselves.
  test.each([['--format=gnu'], ['--format=posix'], ['--format=ustar'], ['--format=v7']])(
    'written by GNU tar with %s is read file by file, sorted, long names included',
    async (format) => {
      const files = format === '--format=v7' ? ['model.json', 'code/inference.py'] : Object.keys(FILES);
      const { files: found } = await read(tarOf(join(root, 'model'), [...files].reverse(), [format]));
      expect([...found]).toEqual([...files].sort().map((name) => [name, sha256(FILES[name] ?? '')]));
    },
  );

  test('written by Python’s tarfile, with times in pax headers, is read the same', async () => {
    const archive = join(root, 'python.tar.gz');
    const script = 'import sys, tarfile; tarfile.open(sys.argv[1], "w:gz").add(sys.argv[2], arcname=".")';
    expect(spawnSync(PYTHON, ['-c', script, archive, join(root, 'model')]).status).toBe(0);
    const python = spawnSync('cat', [archive]).stdout;
    expect((await read(python)).filesHash).toBe((await read(packed())).filesHash);
  });

  test('has the same hash whatever the order, owners and dates, and another when a file changes', async () => {
    const { filesHash } = await read(packed());
    utimesSync(join(root, 'model', 'model.json'), 1, 1);
    const names = Object.keys(FILES).reverse();
    expect((await read(tarOf(join(root, 'model'), names, ['--owner=nobody', '--mode=600']))).filesHash).toBe(filesHash);
    const changed = lay(join(root, 'changed'), { ...FILES, 'model.json': '{"trees": 2}' });
    expect((await read(tarOf(changed, ['.']))).filesHash).not.toBe(filesHash);
  });

  test('gives the text of the files that are wanted, and of no others', async () => {
    const { kept } = await read(packed(), ['environment.json', 'not-there.json']);
    expect([...kept]).toEqual([['environment.json', FILES['environment.json']]]);
  });

  test('counts a link by what it points to and reads nothing there', async () => {
    const folder = lay(join(root, 'linked'), {});
    mkdirSync(folder, { recursive: true });
    symlinkSync('/etc/passwd', join(folder, 'model.json'));
    expect([...(await read(tarOf(folder, ['.']))).files]).toEqual([['model.json', sha256('link to /etc/passwd')]]);
  });

  test('law: files in any order and in chunks of any size give the same hash', async () => {
    const entries = fc.uniqueArray(
      fc.record({ name: fc.stringMatching(/^[a-z]{1,20}$/), body: fc.string({ maxLength: 1500 }) }),
      { selector: ({ name }) => name, maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(entries, fc.integer({ min: 1, max: 2000 }), async (files, size) => {
        const forward = await readArchive(chunks(handmade(files), size));
        const backward = await readArchive(chunks(handmade(files.toReversed())));
        expect(forward.filesHash).toBe(backward.filesHash);
        expect(new Map(forward.files)).toEqual(new Map(files.map(({ name, body }) => [name, sha256(body)])));
      }),
      { numRuns: 60 },
    );
  });
});

describe('a hostile or damaged archive', () => {
  test('that names paths outside its folder is only names', async () => {
    const names = ['../../etc/passwd', '/etc/shadow', '__proto__', 'constructor'];
    const { files } = await read(handmade(names.map((name) => ({ name, body: name }))));
    expect([...files.keys()].sort()).toEqual([...names].sort());
  });

  test.each<readonly [string, readonly Entry[], RegExp]>([
    ['a name twice', [{ name: 'a' }, { name: './a' }], /names a file twice \(got a\)/],
    ['a device', [{ name: 'null', type: '3' }], /no file, folder or link/],
    ['a size beyond its end', [{ name: 'a', size: '77777777777\0' }], /is cut off/],
    ['a size that is no number', [{ name: 'a', size: 'zzzzzzzzzzz\0' }], /damaged header/],
    ['a binary size beyond all files', [{ name: 'a', size: '\xff'.repeat(12) }], /impossible size/],
    ['a name of a gigabyte', [{ name: 'x', type: 'L', size: '07777777777\0' }], /a name of more than/],
    ['a pax header without lengths', [{ name: 'x', type: 'x', body: 'path=a\n' }], /damaged pax header/],
    ['a pax size that is no number', [{ name: 'x', type: 'x', body: '12 size=-10\n' }], /impossible size/],
  ])('with %s is refused', async (_, entries, problem) => {
    await expect(read(handmade(entries, false))).rejects.toThrow(problem);
  });

  test('that was cut off anywhere is refused', async () => {
    const archive = packed();
    for (const length of [0, 5, 40, archive.length >> 1, archive.length - 9])
      await expect(read(archive.subarray(0, length)), String(length)).rejects.toThrow(/unreadable-archive/);
  });

  test('that is no gzip, or whose bytes were changed, is refused', async () => {
    await expect(read(Buffer.from('PK\u0003\u0004 a zip file'))).rejects.toThrow(/no sound gzip file/);
    const spoilt = Buffer.from(packed());
    spoilt.writeUInt8((spoilt[spoilt.length - 6] ?? 0) ^ 1, spoilt.length - 6);
    await expect(read(spoilt)).rejects.toThrow(/no sound gzip file/);
  });

  test('whose header was changed is refused', async () => {
    const block = Buffer.alloc(1024, 'a');
    await expect(read(gzipSync(block))).rejects.toThrow(/damaged header/);
  });

  test('that unzips to more than its bound is given up at the bound', async () => {
    const bomb = handmade([{ name: 'zeros', body: '\0'.repeat(5_000_000) }]);
    expect(bomb.length).toBeLessThan(20_000);
    await expect(readArchive(chunks(bomb), [], { files: 10, unzippedBytes: 1_000_000 })).rejects.toThrow(
      /unzips to more than 1000000 bytes/,
    );
  });

  test('whose tar was changed at random is read or refused, and nothing else', async () => {
    const tar = gunzipSync(packed('--format=posix'));
    const change = fc.record({
      at: fc.integer({ min: 0, max: tar.length - 1 }),
      byte: fc.integer({ min: 0, max: 255 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
        const spoilt = Buffer.from(tar);
        for (const { at, byte } of changes) spoilt.writeUInt8(byte, at);
        const code = await read(gzipSync(spoilt, { level: 1 })).then(
          () => 'read',
          (error: unknown) => (error instanceof ModelwayError ? error.code : String(error)),
        );
        expect(['read', 'unreadable-archive']).toContain(code);
      }),
      { numRuns: 200 },
    );
  });

  test('with more files than allowed is refused', async () => {
    const many = handmade(Array.from({ length: 11 }, (_, index) => ({ name: `f${index}` })));
    await expect(readArchive(chunks(many), [], { files: 10, unzippedBytes: 1_000_000 })).rejects.toThrow(
      /more than 10 files/,
    );
  });
});
