import { describe, expect, test } from 'vitest';
import { collectFindings } from '../../../core/intake/findings.ts';
import { type FoundFile, judgeFolder, type ReadManifest, readManifest } from '../../../core/intake/judge-folder.ts';

// SHA-256 of the empty text and of `abc`, as FIPS 180-2 and its examples give them.
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

const file = (key: string, rows: number, more: Partial<FoundFile> = {}): FoundFile => ({
  key,
  bytes: 3,
  sha256: ABC,
  rows,
  refused: undefined,
  ...more,
});
const manifest = (...files: readonly object[]) => readManifest(JSON.stringify({ files }));
/** What is said of a folder: its rule, its value and its message. */
function said(read: ReadManifest | undefined, found: readonly FoundFile[]) {
  const findings = collectFindings();
  judgeFolder(read, found, findings);
  expect(findings.rejected()).toBe(findings.total() > 0);
  return findings.kept.map(({ rule, value, message }) => [rule, value, message]);
}

describe('a folder with a manifest', () => {
  const stated = manifest({ key: 'a.csv', size: 3, sha256: ABC.toUpperCase(), rows: 5 }, { key: 'sub/b.csv' });

  test('that says what is there is one upload', () => {
    expect(said(stated, [file('a.csv', 5), file('sub/b.csv', 7, { bytes: 9, sha256: EMPTY })])).toEqual([]);
  });

  test('is refused for what is missing, too much, or of another size, hash or number of rows, each named', () => {
    expect(said(stated, [file('a.csv', 6, { bytes: 4, sha256: EMPTY }), file('c.csv', 7)])).toEqual([
      ['manifest', 'a.csv', 'has 4 bytes where the manifest says 3'],
      ['manifest', 'a.csv', `has the SHA-256 ${EMPTY} where the manifest says ${ABC}`],
      ['manifest', 'a.csv', 'has 6 rows where the manifest says 5'],
      ['manifest', 'sub/b.csv', 'is in the manifest and not in the folder'],
      ['manifest', 'c.csv', 'is in the folder and not in the manifest'],
    ]);
  });

  test('is refused when one of its files is, with the reason; of a file that is gone nothing else is said', () => {
    const gone = file('a.csv', 0, { bytes: 0, sha256: '', refused: 'was deleted' });
    expect(said(stated, [gone, file('sub/b.csv', 1)])).toEqual([
      ['manifest', 'a.csv', 'was refused, and with it the whole upload: was deleted'],
    ]);
  });

  test.each([
    ['{"files":', /is not JSON/],
    ['{"files":[]}', /files/],
    ['[]', /expected object/],
    ['{"files":[{"key":"../../etc/passwd"}]}', /path inside the folder/],
    ['{"files":[{"key":"/etc/passwd"}]}', /path inside the folder/],
    ['{"files":[{"key":"a\\\\b"}]}', /path inside the folder/],
    ['{"files":[{"key":"a"},{"key":"a"}]}', /listed twice/],
    ['{"files":[{"key":"a","sha256":"abc"}]}', /SHA-256/],
    [`{"files":[${'['.repeat(10_000)}`, /is not JSON/],
  ])('that reads %.60s is refused', (text, message) => {
    expect(String(said(readManifest(text), [file('a', 2)])[0]?.[2])).toMatch(message);
  });
});

describe('a folder with _SUCCESS only', () => {
  test('is what its files are', () => {
    expect(said(undefined, [file('a', 2)])).toEqual([]);
  });

  test('is refused when it holds nothing', () => {
    expect(said(undefined, [])).toEqual([['no-rows', null, 'the folder holds no file']]);
  });
});
