import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DriftReportSchema } from '../../contracts/profile.ts';
import { seededRandom } from '../../core/statistics/random.ts';
import { runCli } from './run-cli.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'modelway-odd-test-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const ROWS = 1200;

/** Writes a CSV file of `ROWS` rows and gives its name. */
function file(name: string, header: string, cells: (row: number) => string, rows = ROWS): string {
  const lines = Array.from({ length: rows }, (_, row) => cells(row));
  writeFileSync(join(folder, name), [header, ...lines, ''].join('\n'));
  return name;
}

const drift = (reference: string, current: string, ...typed: readonly string[]) =>
  runCli(['drift', '--reference', reference, '--current', current, ...typed], folder);

describe('modelway drift', () => {
  test('sees a constant that gives way to a larger one, or to a smaller', async () => {
    const before = file('constant.csv', 'x,c', () => '1.5,a');
    for (const after of ['2.5', '-2.5']) {
      const { code, out } = await drift(
        before,
        file('moved.csv', 'x,c', () => `${after},a`),
      );
      expect(code).toBe(1);
      expect(out).toContain('100 % of rows have a x outside the range of the training data');
      expect(out).toContain('1 of 2 features drifted');
    }
  });

  test('finds nothing to compare in columns without a value, and says so of each side', async () => {
    const [full, none] = [file('full.csv', 'x,c', (row) => `${row % 7},a`), file('none.csv', 'x,c', () => ',')];
    expect((await drift(none, none)).out).toContain('no value of x on either side; nothing to test');
    const gone = await drift(full, none);
    expect(gone.code).toBe(1);
    expect(gone.out).toContain('missing x rose from 0 % to 100 %');
  });

  test('tells a file without rows from one without a header', async () => {
    const full = file('full.csv', 'x,c', (row) => `${row % 7},a`);
    const headed = await drift(
      full,
      file('headed.csv', 'x,c', () => '', 0),
    );
    expect(headed.code).toBe(0);
    expect(headed.out).toContain('no value of c to compare; nothing to test');
    writeFileSync(join(folder, 'empty.csv'), '');
    const empty = await drift(full, 'empty.csv');
    expect(empty.code).toBe(2);
    expect(empty.err).toContain('empty.csv: is empty, without even a header');
  });

  test('names as many digits as it takes to see whole numbers beyond 2⁵³ move', async () => {
    const of = (start: bigint) => (row: number) => String(start + BigInt(2 * row));
    const [before, after] = [file('big.csv', 'x', of(2n ** 53n)), file('bigger.csv', 'x', of(2n ** 53n + 900n))];
    const { out, code } = await drift(before, after);
    expect(code).toBe(1);
    expect(out).toMatch(/mean x rose from 90071992547\d+ to 90071992547\d+/);
  });

  test('stays readable with the largest numbers there are, as files and as profiles', async () => {
    const random = seededRandom(3);
    const huge = () => String((random() < 0.5 ? -1 : 1) * 1.7e308 * random());
    const [before, after] = [file('huge.csv', 'x', huge), file('huger.csv', 'x', huge)];
    expect((await runCli(['profile', before, '-o', 'huge.json'], folder)).code).toBe(0);
    const { out, code } = await drift('huge.json', after, '--json');
    expect(code).toBe(0);
    expect(DriftReportSchema.parse(JSON.parse(out)).verdict).toBe('none');
  });

  test('says of ten thousand values how many it tells apart', async () => {
    const of = (letter: string) => (row: number) => `${letter}${row % 10_000}`;
    const [before, after] = [file('many.csv', 'c', of('v'), 30_000), file('others.csv', 'c', of('w'), 30_000)];
    const { out, code } = await drift(before, after);
    expect(code).toBe(1);
    expect(out).toContain('share of c with a value outside the 1000 most frequent rose from 90 % to 100 %');
  });

  test('finds no drift of a file against itself', async () => {
    const full = file('full.csv', 'x,c', (row) => `${row % 7},a`);
    expect((await drift(full, full)).out).toContain('none: no drift in 1200 rows: 2 features compared');
  });
});

const random = seededRandom(8);
const scored = Array.from({ length: 1500 }, () => {
  const x = 4 * random() - 2;
  const score = 1 / (1 + Math.exp(-x));
  return { x, score, label: random() < score ? 1 : 0 };
});
const line = (row: number, score: number, label: number | string) => `${scored[row % 1500]?.x},${score},${label}`;
const known = (row: number) => line(row, scored[row]?.score ?? 0, scored[row]?.label ?? 0);

describe('modelway quality', () => {
  const quality = (current: string, ...typed: readonly string[]) => {
    const reference = file('reference.csv', 'x,score,y,at', (row) => `${known(row)},2026-03-01`, 1500);
    return runCli(
      ['quality', '--reference', reference, '--current', current, '--score', 'score', '--label', 'y', ...typed],
      folder,
    );
  };

  test('says that labels of one class leave the metric undefined, rather than that all is well', async () => {
    const { out } = await quality(file('one.csv', 'x,score,y', (row) => line(row, scored[row]?.score ?? 0, 1)));
    expect(out).toMatch(/^too-little-data: 1200 mature labels leave auc undefined/);
    expect(out).toContain(
      'concept drift: too-little-data: 1200 mature labels over the last seven days leave auc undefined',
    );
  });

  test('counts the labels there are, when they are too few', async () => {
    const { out } = await quality(file('two.csv', 'x,score,y', known, 2));
    expect(out).toMatch(/^too-little-data: 2 mature labels and 2 rows are too few/);
  });

  test('says how many times it could not read, and what that means', async () => {
    const hours = (row: number) => ['2026-03-01T10:00:00Z', '2026-03-01T12:00:00+02:00', 'soon'][row % 3] ?? '';
    const { err, out } = await quality(
      file('zones.csv', 'x,score,y,at', (row) => `${known(row)},${hours(row)}`),
      '--time',
      'at',
    );
    expect(err).toContain('current: 400 rows have no time that can be read in column at');
    expect(out).toMatch(/^fine: realised auc/);
  });

  test('takes scores outside 0–1, and one score for all rows, as they are', async () => {
    const outside = file('outside.csv', 'x,score,y', (row) =>
      line(row, 10 * (scored[row]?.score ?? 0) - 3, scored[row]?.label ?? 0),
    );
    expect((await quality(outside)).code).toBeLessThan(2);
    const same = file('same.csv', 'x,score,y', (row) => line(row, 0.5, scored[row]?.label ?? 0));
    expect((await quality(same)).out).toContain('realised auc 0.500');
  });

  test('refuses labels that are neither yes nor no, with what it got', async () => {
    const { code, err } = await quality(file('grades.csv', 'x,score,y', (row) => line(row, 0.5, row % 5)));
    expect(code).toBe(2);
    expect(err).toContain('y: must hold 0 and 1, true and false, or nothing where the outcome is not known (got');
  });
});
