import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { JudgedWindowSchema } from '../../cli/drift/judged-windows.ts';
import { DriftReportSchema } from '../../contracts/profile.ts';
import { runCli } from './run-cli.ts';

const SlicedSchema = DriftReportSchema.extend({ windows: z.array(JudgedWindowSchema), undated: z.number() });

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'modelway-windows-test-'));
  write('before.csv', 14, 0, () => 0);
  write('now.csv', 4, 14, (day) => (day >= 16 ? 40 : 0));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Six hundred rows a day from 1 January 2001 on: an amount that runs evenly over 100 values, moved by `shift`, and a city. */
function write(file: string, days: number, first: number, shift: (day: number) => number): void {
  const rows = Array.from({ length: days * 600 }, (_, index) => {
    const day = first + Math.floor(index / 600);
    const at = new Date(Date.UTC(2001, 0, 1 + day, Math.floor((index % 600) / 25)));
    return `${at.toISOString()},${((index * 37) % 100) + shift(day)},${['A', 'B', 'C'][(index * 7) % 3]}`;
  });
  writeFileSync(join(folder, file), `at,amount,city\n${rows.join('\n')}\n`);
}

const drift = (...typed: readonly string[]) =>
  runCli(['drift', '--reference', 'before.csv', '--current', 'now.csv', ...typed], folder);

describe('modelway drift --time', () => {
  test('judges every day beside the whole, and names the days that drifted', async () => {
    const { code, out } = await drift('--time', 'at', '--window', 'day', '--minimum-rows', '500', '--json');
    expect(code).toBe(1);
    const report = SlicedSchema.parse(JSON.parse(out));
    expect(report.window.rows).toBe(2400);
    expect(report.windows.map(({ window, verdict }) => [window.from.slice(0, 10), window.rows, verdict])).toEqual([
      ['2001-01-15', 600, 'none'],
      ['2001-01-16', 600, 'none'],
      ['2001-01-17', 600, 'drift'],
      ['2001-01-18', 600, 'drift'],
    ]);
    expect(report.windows[2]?.features[0]).toMatchObject({ name: 'amount', drifted: true });
    expect(report.windows.every(({ pooling }) => pooling === null)).toBe(true);
  });

  test('judges small windows together with those before them, and says so', async () => {
    const { out } = await drift('--time', 'at', '--window', 'day', '--json');
    const { windows } = SlicedSchema.parse(JSON.parse(out));
    expect(windows.map(({ verdict }) => verdict)).toEqual(['too-little-data', 'none', 'drift', 'drift']);
    expect(windows[3]?.pooled.map(({ from }) => from.slice(0, 10))).toEqual(['2001-01-18', '2001-01-17']);
    expect(windows[3]?.pooling).toContain('it has 600 rows of its own, all together 1200');
  });

  test('lists the windows, and counts rows without a time aside', async () => {
    const rows = readFileSync(join(folder, 'now.csv'), 'utf8').trimEnd();
    writeFileSync(join(folder, 'undated.csv'), `${rows}\n,5,A\n,6,B\n`);
    const { out } = await runCli(
      ['drift', '--reference', 'before.csv', '--current', 'undated.csv', '--time', 'at', '--window', 'week'],
      folder,
    );
    expect(out).toMatch(/windows: 1, of which 1 drifted\n {2}DRIFT 2001-01-15: 1 of 4 features drifted/);
    expect(out).toContain('2 rows hold no time and are in no window\n');
  });

  test('draws the trend over windows and a table of them, in a page that stands alone', async () => {
    await drift('--time', 'at', '--minimum-rows', '500', '--html', 'page.html');
    const page = readFileSync(join(folder, 'page.html'), 'utf8');
    for (const part of ['What to do next', '4 windows, oldest first', '2001-01-17', 'the smallest effect that counts'])
      expect(page).toContain(part);
    expect(page).toContain('by window, 2 of 4 drifted');
    expect(page).not.toMatch(/(src|href)="https?:/);
  });
});

describe('the settings of modelway drift', () => {
  test('are in the report: budget, windows a month, floor and minimum', async () => {
    const typed = ['--false-alarms', '2', '--windows-per-month', '100', '--effect-floor', '0.9', '--minimum-rows', '7'];
    const { code, out } = await drift(...typed, '--json');
    expect(code).toBe(0);
    expect(DriftReportSchema.parse(JSON.parse(out)).settings).toMatchObject({
      falseAlarmsPerMonth: 2,
      windowsPerMonth: 100,
      falseDiscoveryRate: 0.02,
      effectFloor: 0.9,
      minimumRows: 7,
    });
  });

  test('that make no sense are all named at once', async () => {
    const { code, err } = await drift('--window', 'year', '--false-alarms', 'many', '--minimum-rows', '2.5');
    expect(code).toBe(2);
    expect(err).toContain('--window: slices by a column of instants');
    expect(err).toContain('--window: must be hour, day, week (got year)');
    expect(err).toContain('--false-alarms: must be a number above 0, at most 100 (got many)');
    expect(err).toContain('--minimum-rows: must be a whole number of at least 1 (got 2.5)');
  });

  test('cannot slice by a column that is missing or holds no time', async () => {
    expect((await drift('--time', 'when')).err).toContain('--time: there is no column when (got at, amount, city)');
    expect((await drift('--time', 'city')).err).toContain('--time: column city holds no instant');
  });
});
