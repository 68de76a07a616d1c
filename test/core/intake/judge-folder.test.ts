import { describe, expect, test } from 'vitest';
import type { FileReport } from '../../../contracts/findings.ts';
import { judgeFolder, readManifest } from '../../../core/intake/judge-folder.ts';

// SHA-256 of the empty text and of `abc`, as FIPS 180-2 and its examples give them.
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

const report = (file: string, read: number, quarantined = 0): FileReport => ({
  file,
  verdict: quarantined === read ? 'rejected' : quarantined > 0 ? 'quarantined' : 'accepted',
  rows: { read, accepted: read - quarantined, quarantined },
  findingsTotal: 0,
  findings: [],
});
const manifest = (...files: readonly object[]) => readManifest(JSON.stringify({ files }));
const said = ({ findings }: FileReport) => findings.map(({ rule, value, message }) => [rule, value, message]);

describe('a folder with a manifest', () => {
  const stated = manifest({ key: 'a.csv', size: 3, sha256: ABC.toUpperCase(), rows: 5 }, { key: 'sub/b.csv' });

  test('that says what is there is one upload, its rows added up', () => {
    const judged = judgeFolder('up', stated, [
      { key: 'a.csv', bytes: 3, sha256: ABC, report: report('up/a.csv', 5, 1) },
      { key: 'sub/b.csv', bytes: 9, report: report('up/sub/b.csv', 7) },
    ]);
    expect(judged).toEqual({
      file: 'up',
      verdict: 'quarantined',
      rows: { read: 12, accepted: 11, quarantined: 1 },
      findingsTotal: 0,
      findings: [],
    });
  });

  test('is refused for what is missing, too much, or of another size, hash or number of rows, each named', () => {
    const judged = judgeFolder('up', stated, [
      { key: 'a.csv', bytes: 4, sha256: EMPTY, report: report('up/a.csv', 6) },
      { key: 'c.csv', bytes: 9, report: report('up/c.csv', 7) },
    ]);
    expect(judged).toMatchObject({ verdict: 'rejected', rows: { read: 13, accepted: 0 } });
    expect(said(judged)).toEqual([
      ['manifest', 'a.csv', 'has 4 bytes where the manifest says 3'],
      ['manifest', 'a.csv', `has the SHA-256 ${EMPTY} where the manifest says ${ABC}`],
      ['manifest', 'a.csv', 'has 6 rows where the manifest says 5'],
      ['manifest', 'sub/b.csv', 'is in the manifest and not in the folder'],
      ['manifest', 'c.csv', 'is in the folder and not in the manifest'],
    ]);
  });

  test('is refused when one of its files is', () => {
    const judged = judgeFolder('up', manifest({ key: 'a.csv' }), [
      { key: 'a.csv', bytes: 3, report: report('up/a.csv', 2, 2) },
    ]);
    expect(judged.verdict).toBe('rejected');
    expect(judged.findings[0]?.message).toContain('was refused, and with it the whole upload');
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
    const judged = judgeFolder('up', readManifest(text), [{ key: 'a', bytes: 3, report: report('up/a', 2) }]);
    expect(judged.verdict).toBe('rejected');
    expect(judged.findings[0]?.message).toMatch(message);
  });
});

describe('a folder with _SUCCESS only', () => {
  test('is what its files are', () => {
    const good = judgeFolder('up', undefined, [{ key: 'a', bytes: 3, report: report('up/a', 2) }]);
    expect(good).toMatchObject({ verdict: 'accepted', rows: { read: 2, accepted: 2 } });
  });

  test('is refused when it holds nothing', () => {
    expect(judgeFolder('up', undefined, [])).toMatchObject({ verdict: 'rejected', findings: [{ rule: 'no-rows' }] });
  });
});
