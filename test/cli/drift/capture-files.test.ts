import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DriftReportSchema } from '../../../contracts/profile.ts';
import { captureLine } from '../../core/capture/capture-line.ts';
import { runCli } from '../run-cli.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modelway-capture-'));
  const rows = Array.from({ length: 4000 }, (_, row) => `${(row * 37) % 100},${['A', 'B'][row % 2]}`);
  writeFileSync(join(folder, 'before.csv'), `amount,city\n${rows.join('\n')}\n`);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const row = (at: number, shift: number) => ({ amount: ((at * 37) % 100) + shift, city: ['A', 'B'][at % 2] ?? 'A' });

function write(file: string, shift: number, inferenceId?: string): void {
  const lines = Array.from({ length: 2000 }, (_, at) => {
    const data = JSON.stringify({ instances: [row(at, shift)] });
    return captureLine({ input: { type: 'application/json', data } }, inferenceId === undefined ? {} : { inferenceId });
  });
  writeFileSync(join(folder, file), lines.join('\n'));
}

/** A model that reads two columns and not the third, a text. */
const LATE = {
  name: 'late',
  data: {
    columns: [
      { name: 'amount', kind: 'numeric' },
      { name: 'city', kind: 'categorical' },
      { name: 'note', kind: 'text' },
      { name: 'late', kind: 'boolean' },
    ],
    target: 'late',
  },
  training: { source: '.', instances: ['ml.m5.large'] },
  serving: { kind: 'realtime', instanceType: 'ml.m5.large', instanceCount: 1, strategy: { kind: 'all-at-once' } },
};

const drift = (...files: readonly string[]) =>
  runCli(['drift', '--reference', 'before.csv', ...files.flatMap((file) => ['--current', file]), '--json'], folder);

describe('capture files as a window', () => {
  test('are compared by the rows of their requests, several files as one', async () => {
    write('same.jsonl', 0);
    write('moved.jsonl', 30);
    const same = await drift('same.jsonl', 'same.jsonl');
    expect(same.code).toBe(0);
    expect(DriftReportSchema.parse(JSON.parse(same.out)).window.rows).toBe(4000);
    const { code, out } = await drift('moved.jsonl');
    expect(code).toBe(1);
    const drifted = DriftReportSchema.parse(JSON.parse(out)).features.filter((feature) => feature.drifted);
    expect(drifted.map(({ name }) => name)).toEqual(['amount']);
  });

  test('need not carry columns that no feature of the model reads, but a feature that is missing is found', async () => {
    const notes = Array.from(
      { length: 4000 },
      (_, at) => `${(at * 37) % 100},${['A', 'B'][at % 2]},note ${at},${at % 2}`,
    );
    writeFileSync(join(folder, 'noted.csv'), `amount,city,note,late\n${notes.join('\n')}\n`);
    writeFileSync(join(folder, 'train.py'), '');
    writeFileSync(join(folder, 'inference.py'), '');
    writeFileSync(join(folder, 'modelway.config.ts'), `export default ${JSON.stringify({ models: [LATE] })};`);
    write('same.jsonl', 0);
    const judge = async () => {
      const options = ['--reference', 'noted.csv', '--current', 'same.jsonl', '--model', 'late', '--json'];
      const { code, out, err } = await runCli(['drift', ...options], folder);
      expect(err).toBe('');
      return { code, drifted: DriftReportSchema.parse(JSON.parse(out)).features.filter(({ drifted }) => drifted) };
    };
    expect(await judge()).toEqual({ code: 0, drifted: [] });

    writeFileSync(
      join(folder, 'same.jsonl'),
      readFileSync(join(folder, 'same.jsonl'), 'utf8').replaceAll('city', 'town'),
    );
    const { code, drifted } = await judge();
    expect([code, drifted.map(({ name }) => name)]).toEqual([1, ['city']]);
  });

  test('leave smoke tests out', async () => {
    write('smoke.jsonl', 30, 'smoke-1');
    write('same.jsonl', 0);
    const { out } = await drift('smoke.jsonl', 'same.jsonl');
    expect(DriftReportSchema.parse(JSON.parse(out)).window.rows).toBe(2000);
  });

  test('are refused with the reason when a record cannot be read', async () => {
    write('same.jsonl', 0);
    writeFileSync(join(folder, 'bad.jsonl'), `${captureLine({})}\n`);
    const { code, err } = await drift('same.jsonl', 'bad.jsonl');
    expect(code).toBe(2);
    expect(err).toContain('1 of 2001 captured records could not be read, the first because neither side was captured');
  });
});
