import { readFileSync } from 'node:fs';
import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { contentHashOf } from '../../../core/intake/stored-rows.ts';
import { writeParts } from '../../../core/intake/write-parts.ts';
import { intakeForTests, schemaOf } from './take-file.ts';

const intake = intakeForTests();
const schema = schemaOf({
  columns: [
    { name: 'id', kind: 'numeric', integer: true },
    { name: 'note', kind: 'text', nullable: true },
    { name: 'amount', kind: 'numeric', nullable: true },
    { name: 'at', kind: 'timestamp' },
    { name: 'late', kind: 'boolean' },
  ],
  target: 'late',
  time: 'at',
});
const CSV = `id,note,amount,at,late
1,"a ""q"", b
c",1.50,2001-01-01T05:30:00Z,true
2,,,2001-01-02 05:30:00,0
9007199254740993,ü😀,1e-7,2001-01-03T05:30:00.250+02:00,FALSE
`;
const ROWS = [
  { id: 1, note: 'a "q", b\nc', amount: 1.5, at: '2001-01-01T05:30:00Z', late: true },
  { id: '2', note: '', at: '2001-01-02T05:30:00', late: 0 },
  { note: 'ü😀', id: '9007199254740993', amount: '0.0000001', at: '2001-01-03T03:30:00.250000Z', late: false },
];
const REORDERED = `late,at,amount,note,id
true,2001-01-01T05:30,1.5,"a ""q"", b
c",1
0,2001-01-02T05:30:00+00:00,,,2
0,2001-01-03T03:30:00.25Z,0.0000001,ü😀,9007199254740993`;
const other = (delimiter: string) => CSV.replaceAll(',', delimiter).replace(`""${delimiter} b`, '"", b');

test('zstd frames of any size are found, and what does not belong to one is refused', async () => {
  const long = `${CSV.split('\n')[0]}\n${Array.from({ length: 30_000 }, (_, index) => `${index},${Math.sin(index)},${index},2001-01-01,${index % 2}`).join('\n')}\n`;
  const frames = [long.slice(0, 500_000), long.slice(500_000)].map((text) => zstdCompressSync(text));
  const whole = await intake.take(schema, 'f.csv.zst', Buffer.concat(frames));
  expect(whole.report.rows).toEqual({ read: 30_000, accepted: 30_000, quarantined: 0 });
  for (const bytes of [Buffer.concat([...frames, Buffer.from('rest of it')]), Buffer.concat(frames).subarray(0, -5)]) {
    const { report } = await intake.take(schema, 'f.csv.zst', bytes);
    expect(report.findings.at(-1)).toMatchObject({ rule: 'unreadable', message: expect.stringContaining('zstd') });
  }
});

describe('the same rows have one content hash', () => {
  test.each<[string, string, string | Uint8Array]>([
    ['comma', 'f.csv', CSV],
    ['byte order mark', 'f.csv', `\ufeff${CSV}`],
    ['CRLF', 'f.csv', CSV.replace(/\n(?!c")/g, '\r\n')],
    ['semicolon', 'f.csv', other(';')],
    ['tab', 'f.tsv', other('\t')],
    ['bar', 'f.csv', other('|')],
    ['columns in another order', 'f.csv', REORDERED],
    ['gzip', 'f.csv.gz', gzipSync(CSV)],
    ['gzip in two members', 'f.csv.gz', Buffer.concat([gzipSync(CSV.slice(0, 40)), gzipSync(CSV.slice(40))])],
    ['zstd, whatever the name says', 'f.json', zstdCompressSync(CSV.replace(/^/, '\ufeff'))],
    [
      'zstd in two frames, one of them with a checksum, and one to skip',
      'f.csv.zst',
      Buffer.concat([
        zstdCompressSync(CSV.slice(0, 40)),
        Buffer.from([0x53, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9]),
        zstdCompressSync(CSV.slice(40), { params: { [constants.ZSTD_c_checksumFlag]: 1 } }),
      ]),
    ],
    ['JSON Lines', 'f.jsonl', ROWS.map((row) => JSON.stringify(row)).join('\n')],
    ['JSON Lines with CRLF and blank lines', 'f', `${ROWS.map((row) => JSON.stringify(row)).join('\r\n\r\n')}\r\n`],
    ['JSON array', 'f.json', JSON.stringify(ROWS, null, 2)],
  ])('%s', async (_, name, content) => {
    const plain = await intake.take(schema, 'plain.csv', CSV);
    const same = await intake.take(schema, name, content);
    expect(same.report).toMatchObject({
      verdict: 'accepted',
      rows: { read: 3, accepted: 3, quarantined: 0 },
      findings: [],
    });
    expect(same.accepted?.contentHash).toBe(plain.accepted?.contentHash);
  });

  test('Parquet, and the hash recomputed from what is stored', async () => {
    const plain = await intake.take(schema, 'plain.csv', CSV);
    const parts = plain.accepted?.parts.map(({ path }) => path) ?? [];
    const again = await intake.take(schema, 'f.parquet', readFileSync(parts[0] ?? ''));
    expect(again.accepted?.contentHash).toBe(plain.accepted?.contentHash);
    expect(await contentHashOf(parts, schema, intake.duck())).toBe(plain.accepted?.contentHash);
  });

  test('also when it is written in more parts', async () => {
    const long = schemaOf({
      columns: [
        { name: 'n', kind: 'numeric' },
        { name: 'word', kind: 'text' },
      ],
    });
    const lines = Array.from({ length: 60_000 }, (_, index) => `${index / 4},"${'x'.repeat(50)}${index}"`);
    const hashes = [];
    for (const partRows of [1_000_000, 10_000]) {
      const folder = (await intake.take(long, 'f.csv', `n,word\n${lines.join('\n')}`)).accepted?.parts[0]?.path ?? '';
      const writer = writeParts(long, folder.replace(/[^/]*$/, ''), { partRows });
      for (const line of lines) writer.add(line, line.replaceAll('"', '').split(','));
      const { parts, contentHash } = writer.finish();
      hashes.push([parts.length > 1, contentHash, parts.reduce((sum, { rows }) => sum + rows, 0)]);
      expect(
        await contentHashOf(
          parts.map(({ path }) => path),
          long,
          intake.duck(),
        ),
      ).toBe(contentHash);
    }
    expect(hashes[0]?.slice(1)).toEqual(hashes[1]?.slice(1));
    expect(hashes.map(([several]) => several)).toEqual([false, true]);
  });

  test('and other rows, another order of rows or other columns another', async () => {
    const hash = async (content: string, columns = schema) =>
      (await intake.take(columns, 'f.csv', content)).accepted?.contentHash;
    const [, first, second, ...rest] = CSV.replace('\nc"', 'c"').split('\n');
    const plain = await hash(CSV.replace('\nc"', 'c"'));
    expect(plain).toBeDefined();
    expect(await hash(CSV.replace('\nc"', 'c"').replace('1.50', '1.51'))).not.toBe(plain);
    expect(await hash(['id,note,amount,at,late', second, first, ...rest].join('\n'))).not.toBe(plain);
    const renamed = schemaOf({
      ...schema,
      columns: schema.columns.map((column) => (column.name === 'note' ? { ...column, name: 'memo' } : column)),
    });
    expect(await hash(CSV.replace('\nc"', 'c"').replace('note', 'memo'), renamed)).not.toBe(plain);
  });
});

test('values are stored in their types, missing ones as null', async () => {
  const validated = await intake.take(schema, 'f.csv', CSV);
  expect(validated.accepted).toMatchObject({ rows: 3, from: '2001-01-01T05:30:00Z', to: '2001-01-03T03:30:00.25Z' });
  expect(await intake.stored(validated)).toEqual([
    [1n, 'a "q", b\nc', 1.5, '2001-01-01 05:30:00', true],
    [2n, null, null, '2001-01-02 05:30:00', false],
    [9007199254740993n, 'ü😀', 1e-7, '2001-01-03 03:30:00.25', false],
  ]);
});

test('a column may be called anything SQL would stumble over', async () => {
  const odd = schemaOf({
    columns: [
      { name: 'position', kind: 'numeric' },
      { name: 'sel"ect\'', kind: 'text' },
      { name: 'group by', kind: 'identifier', unique: true },
    ],
  });
  const validated = await intake.take(odd, 'f.csv', 'position,"sel""ect\'",group by\n1,a,x\n2,b,y\n3,c,x\n');
  expect(validated.report.rows).toEqual({ read: 3, accepted: 2, quarantined: 1 });
  expect(await intake.stored(validated)).toEqual([
    [1, 'a', 'x'],
    [2, 'b', 'y'],
  ]);
});
