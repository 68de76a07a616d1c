import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ProfileDocument, ProfileDocumentSchema } from '../../../contracts/profile-document.ts';
import { runCli } from '../run-cli.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modelway-watched-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function profiled(header: string, lineOf: (row: number) => string): Promise<ProfileDocument> {
  const lines = Array.from({ length: 400 }, (_, row) => lineOf(row));
  writeFileSync(join(folder, 'rows.csv'), `${header}\n${lines.join('\n')}\n`);
  expect((await runCli(['profile', 'rows.csv', '-o', 'p.json'], folder)).code).toBe(0);
  return ProfileDocumentSchema.parse(JSON.parse(readFileSync(join(folder, 'p.json'), 'utf8')));
}

const minute = (row: number) => new Date(978_307_200_000 + row * 600_000).toISOString().slice(0, 19);

describe('a model inferred from files', () => {
  test('watches free text by its length and categories by their values', async () => {
    const { features, texts, baseline } = await profiled('comment,city', (row) => `comment ${row},${row % 3}x`);
    expect(features).toEqual([{ kind: 'category', column: 'city' }]);
    expect(texts).toEqual(['comment']);
    expect(baseline.profile.features['comment.length']).toMatchObject({ measures: 'text-length', min: 9, max: 11 });
    expect(baseline.profile.features.comment).toBeUndefined();
  });

  test('takes the only column of instants for the time of a row: its days and hours are blocks', async () => {
    const { time, instants, baseline } = await profiled('at,amount', (row) => `${minute(row)},${row}`);
    expect([time, instants]).toEqual(['at', undefined]);
    expect(baseline.days).toHaveLength(3);
    expect(baseline.hours).toHaveLength(67);
    expect(baseline.days.map(({ rows }) => rows)).toEqual([144, 144, 112]);
  });

  test('watches each of several columns of instants as it is, for none is the time of the row', async () => {
    const { time, instants, baseline } = await profiled('made,due', (row) => `${minute(row)},${minute(2 * row)}`);
    expect([time, instants]).toEqual([null, ['made', 'due']]);
    expect(baseline.profile.features.due).toMatchObject({ measures: 'instant', min: 978_307_200 });
  });

  test('is the same for files that are compared with a stored profile', async () => {
    await profiled('comment,made,due', (row) => `comment ${row},${minute(row)},${minute(3 * row)}`);
    const { code, out } = await runCli(['drift', '--reference', 'p.json', '--current', 'rows.csv', '--json'], folder);
    expect(code).toBe(0);
    expect(out).toContain('"comment.length"');
    expect(out).toContain('"due"');
  });
});
