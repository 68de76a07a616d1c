import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DataSchema } from '../../../../contracts/data-schema.ts';
import type { ValidatedFile } from '../../../../core/intake/validate-file.ts';
import { intakeForTests, schemaOf } from '../take-file.ts';
import { inShards, judged, shardsOf } from './cut-upload.ts';

const intake = intakeForTests();
const schema = schemaOf({
  columns: [
    { name: 'id', kind: 'identifier', unique: true },
    { name: 'size', kind: 'numeric', min: 0 },
    { name: 'when', kind: 'timestamp', nullable: true },
    { name: 'late', kind: 'boolean', nullable: true },
    { name: 'word', kind: 'text', nullable: true },
  ],
  target: 'late',
  time: 'when',
});
const loose: DataSchema = { ...schema, columns: schema.columns.map(({ unique: _, ...column }) => column) };

/** Everything that is said of an upload, and the rows that are kept of it. */
async function told(validated: ValidatedFile) {
  const { report, accepted, heldBack } = validated;
  const { parts: _, ...content } = accepted ?? { parts: [] };
  return {
    report,
    heldBack,
    content,
    quarantined: intake.quarantined(validated),
    rows: await intake.stored(validated),
  };
}

async function bothWays(name: string, content: string, shardBytes: number, by: DataSchema = schema) {
  const whole = await told(await intake.take(by, name, content));
  const folder = mkdtempSync(join(tmpdir(), 'modelway-shards-'));
  const bytes = Buffer.from(content);
  const cut = { schema: by, name, content: bytes, duck: intake.duck(), folder, shardBytes };
  return { whole, merged: await told(await inShards(cut)), shards: shardsOf(cut).ranges.length };
}

/** Lines of CSV of which some are wrong, equal, blank, or in a language of many bytes. */
const line = fc.oneof(
  { weight: 12, arbitrary: fc.tuple(fc.nat(40), fc.nat(9), fc.constantFrom('ja', 'größer', '東京', '', 'x')) },
  { weight: 2, arbitrary: fc.constant('') },
  {
    weight: 2,
    arbitrary: fc.constantFrom('7,-1,2001-01-01,true,w', '8,oops,,,', 'too,few', '9,1,2001-13-01,maybe,x,y'),
  },
);
const csvOf = (lines: readonly (string | readonly [number, number, string])[], end: string) =>
  ['id,size,when,late,word', ...lines.map((one) => (typeof one === 'string' ? one : csvLine(one)))].join(end);
const csvLine = ([id, size, word]: readonly [number, number, string]) =>
  `k${id},${size},2001-02-0${1 + (id % 9)}T00:00:00Z,${id % 2 === 0},${word}`;

test('an upload in shards is the upload as a whole: report, quarantine, hash and rows', async () => {
  let quarantined = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { minLength: 1, maxLength: 40, size: 'max' }),
      fc.constantFrom('\n', '\r\n'),
      fc.integer({ min: 60, max: 700 }),
      fc.boolean(),
      async (lines, end, shardBytes, unique) => {
        const { whole, merged } = await bothWays('a.csv', csvOf(lines, end), shardBytes, unique ? schema : loose);
        quarantined += whole.report.rows.quarantined;
        expect(merged).toEqual(whole);
      },
    ),
    { numRuns: 12, seed: 6 },
  );
  expect(quarantined).toBeGreaterThan(20);
});

test('so is JSON Lines, with columns that some rows or all rows lack, and quotes anywhere', async () => {
  const row = (index: number) =>
    JSON.stringify({
      id: `k${index % 45}`,
      ...(index % 7 === 0 ? {} : { size: index }),
      word: `"${index % 3}"\n, ${'é'.repeat(index % 4)}`,
      ...(index === 33 ? { surprise: 1 } : {}),
    });
  const lines = Array.from({ length: 60 }, (_, index) => (index === 12 ? 'no object' : row(index))).join('\n');
  for (const unknownColumns of ['drop', 'reject'] as const) {
    const { whole, merged, shards } = await bothWays('a.jsonl', lines, 400, { ...schema, unknownColumns });
    expect(merged).toEqual(whole);
    expect(shards).toBeGreaterThan(5);
    expect(whole.report.verdict).toBe(unknownColumns === 'drop' ? 'quarantined' : 'rejected');
  }
  const nobody = lines.replaceAll(/"size":\d+,/g, '');
  const { whole, merged } = await bothWays('a.jsonl', nobody, 400);
  expect(whole.report.findings.map(({ rule }) => rule)).toContain('missing-column');
  expect(merged).toEqual(whole);
});

test('a column that is missing in one shard only is not missing', async () => {
  const lines = Array.from({ length: 40 }, (_, index) =>
    JSON.stringify({ id: `k${index}`, ...(index < 20 ? { size: 1 } : {}), word: 'w' }),
  ).join('\n');
  const { whole, merged } = await bothWays('a.jsonl', lines, 300);
  expect(whole.report.rows).toEqual({ read: 40, accepted: 20, quarantined: 20 });
  expect(merged).toEqual(whole);
});

test('thousands of findings are told as the whole would tell them: the first thousand, refusals among them', async () => {
  const bad = Array.from({ length: 1500 }, (_, index) => `k${index},-1,,,`);
  const good = Array.from({ length: 300 }, (_, index) => `g${index},1,,,`);
  for (const severities of [{}, { range: 'reject' } as const]) {
    const lines = csvOf([...good, ...bad.slice(0, 700), ...good, ...bad.slice(700)], '\n');
    const { whole, merged } = await bothWays('a.csv', lines, 4000, { ...schema, severities });
    expect(whole.report.findingsTotal).toBeGreaterThan(1000);
    expect(merged).toEqual(whole);
  }
});

test('what cannot be read ends the report where it would have ended', async () => {
  const rows = Array.from({ length: 200 }, (_, index) => csvLine([index, 1, 'w']));
  const folder = mkdtempSync(join(tmpdir(), 'modelway-shards-'));
  const content = Buffer.concat([
    Buffer.from(csvOf(rows, '\n')),
    Buffer.from('\nk,1,,,\xff\n', 'latin1'),
    Buffer.from(`${rows.join('\n')}\n`),
  ]);
  const whole = await told(await intake.take(schema, 'a.csv', content));
  const cut = { schema, name: 'a.csv', content, duck: intake.duck(), folder, shardBytes: 2000 };
  const merged = await told(await inShards(cut));
  expect(whole.report).toMatchObject({ verdict: 'rejected', rows: { read: 200, accepted: 0 } });
  const [refusal, other] = [whole.report.findings[0], merged.report.findings[0]];
  // The offset of the byte is counted in the shard.
  expect({ ...other, message: '' }).toEqual({ ...refusal, message: '' });
  expect(merged.report.rows).toEqual(whole.report.rows);
});

test('a quote anywhere in a shard of CSV says that the upload cannot be cut', async () => {
  const rows = Array.from({ length: 100 }, (_, index) => csvLine([index, 1, index === 70 ? '"a\nb"' : 'w']));
  const folder = mkdtempSync(join(tmpdir(), 'modelway-shards-'));
  const content = Buffer.from(csvOf(rows, '\n'));
  const ranges = [
    { from: 23, to: 1000 },
    { from: 1000, to: content.length },
  ];
  const cut = { schema, name: 'a.csv', content, duck: intake.duck(), folder, shardBytes: 1000 };
  const shard = (index: number) => judged(cut, { format: 'csv', headerBytes: 23, ranges }, index);
  expect((await shard(0)).outcome.splittable).toBe(true);
  expect((await shard(1)).outcome).toMatchObject({ splittable: false, rows: 0, parts: [] });
});
