import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { configSnippet, importedColumns } from '../../cli/import/config-snippet.ts';
import { monitorFiles } from '../../cli/import/monitor-files.ts';
import { sketchedBins } from '../../cli/import/sketched-bins.ts';
import { ColumnSchema } from '../../contracts/data-schema.ts';
import { ProfileDocumentSchema } from '../../contracts/profile-document.ts';
import { runCli } from './run-cli.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modelway-import-test-'));
  mkdirSync(join(folder, 'monitor'));
  write('statistics.json', STATISTICS);
  write('constraints.json', CONSTRAINTS);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const write = (name: string, value: unknown) =>
  writeFileSync(join(folder, 'monitor', name), typeof value === 'string' ? value : JSON.stringify(value));
const imported = (...typed: readonly string[]) => runCli(['import', ...typed], folder);

const buckets = (low: number, width: number, counts: readonly number[]) =>
  counts.map((count, i) => ({ lower_bound: low + i * width, upper_bound: low + (i + 1) * width, count }));

/** Ages 0 to 99, a hundred rows each, and two cities: the shape of what a baseline job writes. */
const STATISTICS = {
  version: 0.0,
  dataset: { item_count: 10_000 },
  features: [
    {
      name: 'age',
      inferred_type: 'Integral',
      numerical_statistics: {
        common: { num_present: 10_000, num_missing: 0 },
        mean: 49.5,
        sum: 495_000.0,
        std_dev: 28.86607,
        min: 0.0,
        max: 99.0,
        distribution: { kll: { buckets: buckets(0, 9.9, new Array<number>(10).fill(1000)) } },
      },
    },
    {
      name: 'city',
      inferred_type: 'String',
      string_statistics: {
        common: { num_present: 9000, num_missing: 1000 },
        distinct_count: 2.0,
        distribution: {
          categorical: {
            buckets: [
              { value: 'Bern', count: 3000 },
              { value: 'Aarau', count: 6000 },
            ],
          },
        },
      },
    },
    { name: 'empty', inferred_type: 'Unknown' },
  ],
};

const CONSTRAINTS = {
  version: 0.0,
  features: [
    { name: 'age', inferred_type: 'Integral', completeness: 1.0, num_constraints: { is_non_negative: true } },
    { name: 'city', inferred_type: 'String', completeness: 0.9, string_constraints: { domains: ['Aarau', 'Bern'] } },
  ],
  monitoring_config: {
    evaluate_constraints: 'Enabled',
    domain_content_threshold: 1.0,
    distribution_constraints: { perform_comparison: 'Enabled', comparison_threshold: 0.1, comparison_method: 'Robust' },
  },
};

const rows = (count: number, shift: number) =>
  Array.from(
    { length: count },
    (_, i) => `${((i * 37) % 100) + shift},${i % 10 === 0 ? '' : i % 3 === 0 ? 'Bern' : 'Aarau'}`,
  );

describe('modelway import model-monitor', () => {
  test('writes a profile that drift takes for a reference: quiet for the same rows, not for moved ones', async () => {
    const { code, err } = await imported('model-monitor', 'monitor', '-o', 'was.json');
    expect(code).toBe(0);
    expect(err).toContain('left out of the profile: empty, its type is unknown');
    ProfileDocumentSchema.parse(JSON.parse(readFileSync(join(folder, 'was.json'), 'utf8')));
    writeFileSync(join(folder, 'same.csv'), `age,city\n${rows(4000, 0).join('\n')}\n`);
    writeFileSync(join(folder, 'moved.csv'), `age,city\n${rows(4000, 30).join('\n')}\n`);
    const drift = (file: string) => runCli(['drift', '--reference', 'was.json', '--current', file], folder);
    expect((await drift('same.csv')).out).toMatch(/^none: /);
    const moved = await drift('moved.csv');
    expect(moved.code).toBe(1);
    expect(moved.out).toMatch(/DRIFT {3}1\. (mean age rose from 49\.5 to 79\.5|30 % of rows have a age outside)/);
  });

  test('prints columns, kinds and rules to paste, which the data schema takes', async () => {
    const { out } = await imported('model-monitor', 'monitor');
    expect(out).toContain('{ name: "age", kind: "numeric", integer: true, min: 0 },');
    expect(out).toContain('{ name: "city", kind: "categorical", nullable: true, values: ["Aarau","Bern"] },');
    expect(out).toContain('Model Monitor compared distributions at 0.1');
    const columns = importedColumns(await monitorFiles(join(folder, 'monitor')));
    for (const column of columns) expect(ColumnSchema.parse(column)).toEqual(column);
    await imported('model-monitor', 'monitor', '--config', 'snippet.ts');
    expect(readFileSync(join(folder, 'snippet.ts'), 'utf8')).toBe(out);
  });

  test('knows the smallest file that a baseline job was seen to write', async () => {
    const text = { value: 'one', count: 418 };
    write('statistics.json', {
      version: 0.0,
      dataset: { item_count: 418 },
      features: [
        {
          name: 'message',
          inferred_type: 'String',
          string_statistics: {
            common: { num_present: 418, num_missing: 0 },
            distinct_count: 1.0,
            distribution: { categorical: { buckets: [text] } },
          },
        },
      ],
    });
    expect((await imported('model-monitor', 'monitor')).code).toBe(0);
  });

  test('refuses folders, files and uses that cannot be right, and says what to do', async () => {
    for (const [typed, words] of [
      [['model-monitor'], 'one folder must be named'],
      [['evidently', 'monitor'], 'only model-monitor can be imported (got evidently monitor)'],
      [['model-monitor', 'nowhere'], 'statistics.json: is not in'],
    ] as const) {
      const { code, out, err } = await imported(...typed);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain(words);
    }
  });

  test('refuses what is cut off, made up or against itself, every problem at once', async () => {
    write('statistics.json', JSON.stringify(STATISTICS).slice(0, 300));
    write('constraints.json', { version: 7, features: 'none' });
    const broken = (await imported('model-monitor', 'monitor')).err;
    for (const words of ['statistics.json: is not whole JSON', 'version', 'constraints.json: features'])
      expect(broken).toContain(words);

    const [age, city] = STATISTICS.features;
    const numbers = {
      common: { num_present: 50, num_missing: 0 },
      distribution: { kll: { buckets: buckets(0, -1, [3, 3]) } },
    };
    write('statistics.json', {
      ...STATISTICS,
      features: [
        age,
        city,
        city,
        { name: 'x', inferred_type: 'Fractional' },
        { name: 'y', inferred_type: 'Fractional', numerical_statistics: numbers },
      ],
    });
    write('constraints.json', CONSTRAINTS);
    const odd = (await imported('model-monitor', 'monitor')).err;
    for (const words of [
      'features[2] (city): is there twice',
      'features[3] (x): is Fractional and has no statistics',
      'features[4] (y): has buckets that overlap or run backwards',
      'features[4] (y): has 6 rows in its buckets and 50 present',
    ])
      expect(odd).toContain(words);
    write('statistics.json', { ...STATISTICS, features: [{ name: '__proto__', inferred_type: 'String' }] });
    expect((await imported('model-monitor', 'monitor')).err).toContain('this column name is reserved');
  });

  test('keeps a name that holds code a name', async () => {
    const name = "x', kind: 'numeric' }, /* */ \n`code`";
    const statistics = { ...STATISTICS, features: [{ ...STATISTICS.features[1], name }] };
    write('statistics.json', statistics);
    const files = await monitorFiles(join(folder, 'monitor'));
    expect(configSnippet(files)).toContain(`{ name: ${JSON.stringify(name)}, kind: "categorical"`);
  });
});

describe('sketchedBins', () => {
  const common = { num_present: 1000, num_missing: 0 };
  const nothing = { mean: undefined, sum: undefined, std_dev: undefined, min: undefined, max: undefined };
  const kll = (data: number[][]) => ({ kll: { buckets: buckets(0, 100, [1000]), sketch: { data } } });

  test('reads a sketch: a value of level i stands for 2ⁱ rows', () => {
    // 200 rows of level 0 (0 … 199) and 200 values of level 2 (0.5 … 199.5), four rows each: 1000 rows, evenly from 0 to 200.
    const data = [Array.from({ length: 200 }, (_, i) => i), [], Array.from({ length: 200 }, (_, i) => i + 0.5)];
    const bins = sketchedBins({ ...nothing, common, distribution: kll(data) });
    expect(bins?.counts.reduce((sum, count) => sum + count, 0)).toBe(1000);
    expect(bins?.counts.at(0)).toBe(0);
    expect(bins?.counts.at(-1)).toBe(0);
    expect(bins?.counts.length).toBeGreaterThan(40);
    for (const count of bins?.counts.slice(1, -1) ?? []) expect(Math.abs(count - 20)).toBeLessThanOrEqual(5);
    expect(bins?.sums.reduce((sum, value) => sum + value, 0)).toBeCloseTo(99.9 * 1000, 6);
  });

  test('falls back to the buckets when the weights are not those of the rows', () => {
    const bins = sketchedBins({ ...nothing, common, distribution: kll([[1, 2, 3]]) });
    expect(bins?.edges[0]).toBe(0);
    expect(bins?.counts).toEqual([0, 1000, 0]);
  });

  test('says nothing of a feature without a distribution', () => {
    expect(sketchedBins({ ...nothing, common, distribution: undefined })).toBeUndefined();
  });
});
