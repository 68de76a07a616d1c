import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { QualityReportSchema } from '../../contracts/quality.ts';
import type { AnsweredRow } from '../../core/quality/quality-counter.ts';
import { type Change, DAY, rowsOf, START } from '../core/quality/quality-world.ts';
import { runCli } from './run-cli.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'modelway-quality-test-'));
  write('reference.csv', rows({}, 2000, START));
  write('same.csv', rows({}, 1500));
  write('changed.csv', rows({ concept: 0.8 }, 1500));
  write('open.csv', rows({}, 1500), ['id', 'when', 'x', 'y', 'city', 'score']);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const rows = (change: Change, count: number, start = START + 40 * DAY) => rowsOf(count, 14, count, change, start);

const ALL = ['id', 'when', 'x', 'y', 'city', 'score', 'won', 'worth', 'serial'] as const;
function write(file: string, answered: readonly AnsweredRow[], columns: readonly string[] = ALL): void {
  const lines = answered.map(({ instance, score, at, label, value }, row) => {
    const cells: Readonly<Record<string, unknown>> = {
      ...instance,
      id: `id-${row}`,
      serial: (at ?? 0) + row,
      when: new Date(at ?? 0).toISOString(),
      score,
      won: label,
      worth: value,
    };
    return columns.map((column) => cells[column] ?? '').join(',');
  });
  writeFileSync(join(folder, file), `${columns.join(',')}\n${lines.join('\n')}\n`);
}

const quality = (...typed: readonly string[]) =>
  runCli(
    ['quality', '--reference', 'reference.csv', '--score', 'score', '--label', 'won', '--threshold', '0.4', ...typed],
    folder,
  );
const reported = (out: string) => QualityReportSchema.parse(JSON.parse(out));
const MORE = ['--value', 'worth', '--time', 'when', '--id', 'id', '--labels', 'late.jsonl'];

describe('modelway quality', () => {
  test('finds nothing in rows of the same world, with exit code 0; what only names rows is no feature', async () => {
    const { code, out, err } = await quality(
      '--current',
      'same.csv',
      '--value',
      'worth',
      '--time',
      'when',
      '--slice',
      'city',
    );
    expect([code, err]).toEqual([0, 'not watched, because every row has another value: serial\n']);
    expect(out).toMatch(/^fine: realised auc 0\.\d+ .* 1500 labels\), 0\.\d+ in the reference\n/);
    expect(out).toContain('concept drift: none');
    expect(out).toContain('slices:\n  fine ');
  });

  test('finds concept drift and worse quality, with exit code 1 and a page that says what to do', async () => {
    const { code, out } = await quality(
      '--current',
      'changed.csv',
      '--value',
      'worth',
      '--time',
      'when',
      '--window',
      'week',
      '--protected',
      'city',
      '--json',
      '--html',
      'q.html',
    );
    expect(code).toBe(1);
    const report = reported(out);
    expect([report.verdict, report.basis, report.conceptDrift.verdict]).toEqual(['worse', 'realised', 'concept-drift']);
    expect(report.windows.length).toBe(3);
    expect(report.windows.reduce((sum, window) => sum + window.rows, 0)).toBe(1500);
    expect(report.fairness.map(({ column }) => column)).toEqual(['city', 'city', 'city']);
    const page = readFileSync(join(folder, 'q.html'), 'utf8');
    for (const part of [
      'What to do next',
      'auc per window',
      'Concept drift',
      'Slices',
      'Fairness',
      'Retrain on rows from after',
    ])
      expect(page, part).toContain(part);
    expect(page).not.toMatch(/<script|https?:\/\/|undefined|NaN/);
  });

  test('estimates where nothing is labelled, from the columns of both sides', async () => {
    const { code, out } = await quality('--current', 'open.csv', '--time', 'when', '--json');
    const report = reported(out);
    expect([code, report.basis, report.verdict, report.labels]).toEqual([0, 'estimated', 'fine', null]);
  });

  test('joins late labels of several files once, and tells bad lines', async () => {
    const answered = rows({}, 1500);
    const line = ({ label, value }: AnsweredRow, row: number) =>
      JSON.stringify({ inferenceId: `id-${row}`, label, value, at: new Date(START + 100 * DAY).toISOString() });
    writeFileSync(join(folder, 'late.jsonl'), `${answered.map(line).join('\n')}\nnot json\n`);
    writeFileSync(
      join(folder, 'again.jsonl.gz'),
      gzipSync(`${answered.slice(0, 100).map(line).join('\n')}\n{"inferenceId":"ghost","label":1}\n`),
    );
    const { code, out, err } = await quality('--current', 'open.csv', ...MORE.slice(2), 'again.jsonl.gz', '--json');
    expect(err).toContain('late.jsonl: 1500 labels, 1 bad lines left out\n  line 1501: is not JSON');
    const report = reported(out);
    expect([code, report.basis, report.labels?.labelled, report.labels?.repeated, report.labels?.unmatched]).toEqual([
      0,
      'realised',
      1500,
      100,
      1,
    ]);
    expect(report.labels?.arrival.length).toBeGreaterThan(40);
    expect(report.realised.map(({ rows }) => rows)).toEqual(Array(5).fill(1500));
  });

  test('shows labels that are not all in, and tests none of them', async () => {
    const answered = rows({ concept: 0.8 }, 1500);
    const early = answered.map(({ label, at }, row) =>
      JSON.stringify({ inferenceId: `id-${row}`, label, at: new Date((at ?? 0) + DAY).toISOString() }),
    );
    writeFileSync(join(folder, 'early.jsonl'), early.join('\n'));
    const { out } = await quality(
      '--current',
      'open.csv',
      '--time',
      'when',
      '--id',
      'id',
      '--labels',
      'early.jsonl',
      '--json',
    );
    const report = reported(out);
    expect([report.basis, report.labels?.mature, report.conceptDrift.verdict]).toEqual([
      'estimated',
      false,
      'too-little-data',
    ]);
    expect(report.realised.length).toBe(5);
  });

  test('judges business metrics of a file against their targets', async () => {
    const metrics = [
      { name: 'cost', unit: 'USD', expression: 'predicted == 0 && label == 1 ? 120.0 : 0.0', target: { atMost: 1 } },
    ];
    writeFileSync(join(folder, 'business.json'), JSON.stringify(metrics));
    const { code, out } = await quality('--current', 'same.csv', '--value', 'worth', '--business', 'business.json');
    expect(code).toBe(1);
    expect(out).toMatch(/missed +cost: [\d.]+ USD a row/);
    writeFileSync(join(folder, 'bad.json'), JSON.stringify([{ ...metrics[0], expression: 'row.won ? 1.0 : 0.0' }]));
    const bad = await quality('--current', 'same.csv', '--business', 'bad.json');
    expect(bad.code).toBe(2);
    expect(bad.err).toMatch(/business\[0\]\.expression: reads a column won/);
  });

  test('refuses wrong use with every problem at once', async () => {
    const { code, err } = await runCli(
      ['quality', '--threshold', 'high', '--metric', 'gini', '--labels', 'x', '--window', 'day'],
      folder,
    );
    expect(code).toBe(2);
    for (const part of [
      '--score',
      '--threshold',
      '--metric',
      '--reference: is missing',
      '--current: is missing',
      '--labels: needs --id',
      '--window: needs --time',
    ])
      expect(err, part).toContain(part);
  });

  test('refuses columns that are not there, labels that are none, and files that are not there', async () => {
    const missing = await quality('--current', 'same.csv', '--slice', 'town', '--time', 'whenn');
    expect([missing.code, missing.err]).toEqual([
      2,
      expect.stringMatching(/--reference: has no column town[\s\S]*--current: has no column whenn/),
    ]);
    const label = await runCli(
      ['quality', '--reference', 'reference.csv', '--current', 'same.csv', '--score', 'score', '--label', 'worth'],
      folder,
    );
    expect([label.code, label.err]).toEqual([2, expect.stringContaining('worth: must hold 0 and 1')]);
    expect((await quality('--current', 'nowhere.csv')).code).toBe(2);
    expect(existsSync(join(folder, 'nowhere.csv'))).toBe(false);
  });
});
