import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DriftReportSchema } from '../../contracts/profile.ts';
import { ProfileDocumentSchema } from '../../contracts/profile-document.ts';
import { runCli } from './run-cli.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modelway-drift-test-'));
  write('before.csv', 6000, 0);
  write('same.csv', 3000, 0, 6000);
  write('moved.csv', 3000, 25, 6000);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Rows whose amount runs evenly over 100 values, moved by `shift`; the city tells nothing. */
function write(file: string, rows: number, shift: number, start = 0): void {
  const lines = Array.from({ length: rows }, (_, index) => {
    const at = start + index;
    return `${((at * 37) % 100) + shift},${['A', 'B', 'C'][(at * 7) % 3]},${at % 2 === 0}`;
  });
  writeFileSync(join(folder, file), `amount,city,member\n${lines.join('\n')}\n`);
}

const run = (...typed: readonly string[]) => runCli(typed, folder);
const drift = (...typed: readonly string[]) => run('drift', ...typed);

describe('modelway drift', () => {
  test('finds the feature that moved and no other, with exit code 1', async () => {
    const { code, out } = await drift('--reference', 'before.csv', '--current', 'moved.csv', '--json');
    expect(code).toBe(1);
    const report = DriftReportSchema.parse(JSON.parse(out));
    expect([report.verdict, report.baseline.rows, report.window.rows]).toEqual(['drift', 6000, 3000]);
    expect(report.features.filter((feature) => feature.drifted).map((feature) => feature.name)).toEqual(['amount']);
    expect(report.features[0]?.rank).toBe(1);
  });

  test('finds nothing in rows of the same distribution, with exit code 0', async () => {
    const { code, out } = await drift('--reference', 'before.csv', '--current', 'same.csv');
    expect(code).toBe(0);
    expect(out).toMatch(/^none: no drift in 3000 rows: 3 features compared\n/);
  });

  test('leaves out what only names rows, and says so', async () => {
    const lines = (start: number) =>
      Array.from({ length: 2000 }, (_, i) => `${start + i},user-${start + i},${(i * 37) % 100},${(i * 977) ** 2}`);
    const header = 'id,user,amount,cents';
    writeFileSync(join(folder, 'ids.csv'), `${header}\n${lines(0).join('\n')}\n`);
    writeFileSync(join(folder, 'later.csv'), `${header}\n${lines(5000).join('\n')}\n`);
    const { code, out, err } = await drift('--reference', 'ids.csv', '--current', 'later.csv', '--json');
    expect(code).toBe(0);
    expect(err).toBe('not watched, because it only names rows: id, user\n');
    const { features } = DriftReportSchema.parse(JSON.parse(out));
    expect(features.map(({ name }) => name).sort()).toEqual(['amount', 'cents']);
  });

  test('refuses a reference without a row', async () => {
    writeFileSync(join(folder, 'header.csv'), 'amount,city,member\n');
    const { code, err } = await drift('--reference', 'header.csv', '--current', 'same.csv');
    expect([code, err]).toEqual([2, expect.stringContaining('header.csv: holds no row to compare with')]);
  });

  test('takes several files on either side as one set of rows', async () => {
    const { out } = await drift(
      '--reference',
      'before.csv',
      'same.csv',
      '--current',
      'moved.csv',
      '--current',
      'moved.csv',
    );
    expect(out).toContain('compared: 9000 rows of the reference, 6000 rows now');
  });

  test('compares profiles exactly as it compares the files they were made of', async () => {
    expect((await run('profile', 'before.csv', '-o', 'before.json')).code).toBe(0);
    expect((await run('profile', 'moved.csv', '--reference', 'before.json', '-o', 'moved.json')).code).toBe(0);
    ProfileDocumentSchema.parse(JSON.parse(readFileSync(join(folder, 'before.json'), 'utf8')));
    const files = await drift('--reference', 'before.csv', '--current', 'moved.csv', '--json');
    expect(await drift('--reference', 'before.json', '--current', 'moved.csv', '--json')).toEqual(files);
    expect(await drift('--reference', 'before.json', '--current', 'moved.json', '--json')).toEqual(files);
  });

  test('refuses a profile that was counted over other bins', async () => {
    await run('profile', 'before.csv', '-o', 'before.json');
    await run('profile', 'moved.csv', '-o', 'moved.json');
    const { code, err } = await drift('--reference', 'before.json', '--current', 'moved.json');
    expect(code).toBe(2);
    expect(err).toContain('was not profiled over the bins of the reference; profile it with --reference');
  });

  test('writes a page that stands alone', async () => {
    await drift('--reference', 'before.csv', '--current', 'moved.csv', '--html', 'page.html');
    const page = readFileSync(join(folder, 'page.html'), 'utf8');
    expect(page).toContain('<svg');
    expect(page).not.toMatch(/(src|href)="https?:/);
  });

  test('gives no verdict on too few rows', async () => {
    write('few.csv', 10, 0);
    const { code, out } = await drift('--reference', 'before.csv', '--current', 'few.csv');
    expect(code).toBe(0);
    expect(out).toMatch(/^too-little-data: too little data for a verdict: 10 rows, at least 1000 are needed/);
  });

  test('says which column, file or side is missing, with exit code 2', async () => {
    writeFileSync(join(folder, 'other.csv'), 'amount,town\n1,A\n');
    for (const [typed, words] of [
      [['--reference', 'before.csv', '--current', 'other.csv'], 'has no column city, member (got amount, town)'],
      [['--reference', 'before.csv', '--current', 'lost.csv'], 'lost.csv: there is no such file or folder'],
      [['--reference', 'before.csv'], '--current: is missing'],
      [['before.csv', '--current', 'same.csv'], "unexpected argument 'before.csv'"],
    ] as const) {
      const { code, out, err } = await drift(...typed);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain(words);
    }
  });
});

describe('modelway profile', () => {
  test('asks for a file to write to and files to read, and writes nothing until it has both', async () => {
    expect((await run('profile', 'before.csv')).err).toContain('there is no file to write to');
    expect((await run('profile', '-o', 'p.json')).err).toContain('there is no file to profile');
    expect(existsSync(join(folder, 'p.json'))).toBe(false);
  });
});
