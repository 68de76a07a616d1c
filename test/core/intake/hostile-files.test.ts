import { readFileSync } from 'node:fs';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FileReportSchema } from '../../../contracts/findings.ts';
import { DEFAULT_LIMITS } from '../../../core/intake/read/row-sink.ts';
import { reportHtml } from '../../../core/intake/report-html.ts';
import { intakeForTests, schemaOf } from './take-file.ts';

const intake = intakeForTests();
const schema = schemaOf({
  columns: [
    { name: 'id', kind: 'numeric', integer: true },
    { name: 'note', kind: 'text', nullable: true },
    { name: 'y', kind: 'boolean' },
  ],
  target: 'y',
});
const CSV = 'id,note,y\n1,a,true\n2,b,false\n';
/** The refusal of a file that must be refused. */
const refusal = async (name: string, content: string | Uint8Array) => {
  const { report, accepted } = await intake.take(schema, name, content);
  expect(accepted).toBeNull();
  expect(report.verdict).toBe('rejected');
  return report.findings.filter(({ severity }) => severity === 'reject').at(-1);
};

describe('files that are something else are refused by name', () => {
  test.each<[string, Uint8Array | string, RegExp]>([
    ['a pickle', Buffer.from([0x80, 0x04, 0x95, 0x10, 0, 0]), /pickle/],
    ['a ZIP archive', Buffer.from('PK\x03\x04....', 'latin1'), /ZIP/],
    ['a PDF', '%PDF-1.7', /PDF/],
    ['an Arrow file', 'ARROW1\0\0', /Arrow/],
    ['a pickle inside gzip', gzipSync(Buffer.from([0x80, 0x05, 0x95])), /pickle/],
    ['gzip inside gzip', gzipSync(gzipSync(CSV)), /compressed twice/],
    ['Parquet inside zstd', zstdCompressSync('PAR1....PAR1'), /Parquet/],
    ['random bytes with NUL', Buffer.from([1, 2, 3, 0, 9, 0, 0, 4]), /NUL/],
    ['gzip cut off', gzipSync(CSV.repeat(100)).subarray(0, 50), /gzip data is damaged/],
    [
      'zstd damaged',
      Buffer.concat([zstdCompressSync(CSV).subarray(0, 12), Buffer.alloc(40, 7)]),
      /zstd data is damaged/,
    ],
    ['Parquet cut off', Buffer.from('PAR1abcdef'), /Parquet file is damaged/],
    ['only the magic of Parquet', Buffer.from('PAR1'), /Parquet file is damaged/],
  ])('%s', async (_, content, message) => {
    expect(await refusal('f.csv', content)).toMatchObject({
      rule: 'unreadable',
      message: expect.stringMatching(message),
    });
  });
});

describe('other encodings are named, not guessed', () => {
  test.each<[string, Uint8Array, RegExp]>([
    ['UTF-16 with a mark', Buffer.from(`\ufeff${CSV}`, 'utf16le'), /UTF-16 \(little-endian\)/],
    ['UTF-16 without one', Buffer.from(CSV, 'utf16le'), /UTF-16 \(little-endian\)/],
    ['big-endian UTF-16', Buffer.from(CSV, 'utf16le').swap16(), /UTF-16 \(big-endian\)/],
    ['Latin-1', Buffer.from('id,note,y\n1,a,true\n2,f\xfcr,true\n', 'latin1'), /byte 0xfc at offset 22/],
    ['a character cut off at the end', Buffer.from('id,note,y\n1,ü', 'utf8').subarray(0, -1), /byte 0xc3 at offset 12/],
    [
      'a surrogate in UTF-8',
      Buffer.from([...Buffer.from('id,note,y\n1,'), 0xed, 0xa0, 0x80, 10]),
      /byte 0xed at offset 12/,
    ],
  ])('%s', async (_, content, message) => {
    expect(await refusal('f.csv', content)).toMatchObject({
      rule: 'encoding',
      message: expect.stringMatching(message),
    });
  });

  test('multi-byte characters across chunk borders are whole', async () => {
    const rows = Array.from({ length: 90_000 }, (_, index) => `${index},${'😀ü'.repeat(1 + (index % 3))},1`);
    const { report } = await intake.take(schema, 'f.csv', `id,note,y\n${rows.join('\n')}`);
    expect(report).toMatchObject({ verdict: 'accepted', rows: { read: 90_000 } });
  });
});

describe('bombs are stopped', () => {
  test('gzip that unpacks to very much more than it is', async () => {
    const bomb = gzipSync(Buffer.concat([Buffer.from('id,note,y\n1,"'), Buffer.alloc(200_000_000, 'a')]));
    expect(await refusal('f.csv.gz', bomb)).toMatchObject({
      rule: 'too-large',
      message: expect.stringContaining('bombs'),
    });
  });

  test('content over the limit, whatever its compression', async () => {
    const content = `${CSV}${'3,c,true\n'.repeat(1000)}`;
    const limits = { ...DEFAULT_LIMITS, maxBytes: 5000 };
    for (const bytes of [Buffer.from(content), gzipSync(content), zstdCompressSync(content)]) {
      const { report } = await intake.take(schema, 'f.csv', bytes, { limits });
      expect(report.findings.at(-1)).toMatchObject({ rule: 'too-large' });
    }
  });

  test('small files may compress as well as they like', async () => {
    const { report } = await intake.take(schema, 'f.csv.gz', gzipSync(`id,note,y\n${'1,a,true\n'.repeat(100_000)}`));
    expect(report.rows).toEqual({ read: 100_000, accepted: 100_000, quarantined: 0 });
  });
});

describe('JSON', () => {
  test('a broken line spoils only itself', async () => {
    const lines = ['{"id":1,"y":true}', '{"id":2,', '[1]', '"x"', '{"id":3,"y":NaN}', '{"id":4,"y":false}'];
    const { report } = await intake.take(schema, 'f.jsonl', lines.join('\n'));
    expect(report.rows).toEqual({ read: 6, accepted: 2, quarantined: 4 });
    expect(report.findings.map(({ rule, row }) => [rule, row])).toEqual([2, 3, 4, 5].map((row) => ['malformed', row]));
    expect(report.findings[3]?.message).toContain('JSON has no NaN');
  });

  test('a first line that is no object spoils only itself where the name says JSON Lines', async () => {
    for (const first of ['[1,2]', '12']) {
      const { report } = await intake.take(schema, 'f.jsonl', `${first}\n{"id":1,"y":true}\n{"id":2,"y":false}`);
      expect(report.rows).toEqual({ read: 3, accepted: 2, quarantined: 1 });
      expect(report.findings[0]).toMatchObject({ rule: 'malformed', row: 1 });
    }
  });

  test('nesting of any depth is a wrong value, not a crash', async () => {
    const deep = `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`;
    for (const [name, content] of [
      ['f.jsonl', `{"id":${deep},"y":true}\n{"id":1,"y":true}`],
      ['f.json', `[{"id":${deep},"y":true},{"id":1,"y":true}]`],
    ] as const) {
      const { report } = await intake.take(schema, name, content);
      expect(report.rows).toEqual({ read: 2, accepted: 1, quarantined: 1 });
      expect(report.findings[0]).toMatchObject({ rule: 'type', row: 1, column: 'id' });
    }
  });

  test.each(['[{"id":1,"y":true},{"id":2', '[{"id":1,"y":true}', '[{"id":1,"y":true}] x', '[{"id":1}}', '['])(
    'the broken array %j is refused',
    async (content) => {
      expect(await refusal('f.json', content)).toMatchObject({ rule: 'unreadable' });
    },
  );

  test('a row of more keys than a file may have columns spoils only itself, and is not taken apart', async () => {
    const keys = Array.from({ length: 10_001 }, (_, index) => `"k${index}":1`).join(',');
    const { report } = await intake.take(schema, 'f.jsonl', `{${keys}}\n{"id":1,"y":true}`);
    expect(report.rows).toEqual({ read: 2, accepted: 1, quarantined: 1 });
    expect(report.findings[0]).toMatchObject({
      rule: 'malformed',
      message: 'the row has 10001 keys; at most 10000 are read',
    });
  });

  test('rows and lines too long for memory are skipped', async () => {
    const long = JSON.stringify({ id: 1, note: 'x'.repeat(9_000_000), y: true });
    const good = '{"id":2,"y":false}';
    for (const [name, content] of [
      ['f.jsonl', `${long}\n${good}\n`],
      ['f.json', `[${long},${good}]`],
    ] as const) {
      const { report } = await intake.take(schema, name, content);
      expect(report.rows).toEqual({ read: 2, accepted: 1, quarantined: 1 });
      expect(report.findings[0]).toMatchObject({ rule: 'malformed', row: 1 });
    }
  });

  test('numbers that lose digits in JSON are refused where digits count', async () => {
    const { report } = await intake.take(
      schema,
      'f.jsonl',
      '{"id":9007199254740993,"y":true}\n{"id":"9007199254740993","y":false}',
    );
    expect(report.findings).toMatchObject([{ rule: 'integer', row: 1 }, { rule: 'single-class' }]);
  });
});

describe('names of the language itself are only names', () => {
  test.each([
    ['CSV', 'f.csv', '__proto__,id,note,y,constructor\nx,1,a,true,z\n'],
    ['JSON', 'f.jsonl', '{"__proto__":{"id":7},"id":1,"note":"a","y":true,"constructor":1}\n'],
  ])('in %s', async (_, name, content) => {
    const { report } = await intake.take(schema, name, content);
    expect(report.findings.map(({ rule, column }) => [rule, column])).toEqual([
      ['unknown-column', '__proto__'],
      ['unknown-column', 'constructor'],
    ]);
    const dropped = await intake.take({ ...schema, unknownColumns: 'drop' }, name, content);
    expect(dropped.report).toMatchObject({ verdict: 'accepted', rows: { accepted: 1 } });
    expect(Reflect.get({}, 'id')).toBeUndefined();
  });
});

test('a report is safe to open: nothing that comes from the file is live', async () => {
  const attack = '<script>alert(1)</script>"\'><img src=x onerror=alert(2)>=HYPERLINK("http://x")';
  const cell = `"${attack.replaceAll('"', '""')}"`;
  const { report } = await intake.take(schema, `${attack}.csv`, `id,note,y,${cell}\n${cell},a,${cell},1\n`);
  const page = reportHtml(report, attack);
  expect(report.findings.length).toBe(3);
  expect(page).not.toMatch(/<script|<img|onerror=alert\(2\)>/);
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(page).toContain("default-src 'none'");
});

test('a file of any bytes gets a report of the promised shape', async () => {
  const parquet = readFileSync((await intake.take(schema, 'f.csv', CSV)).accepted?.parts[0]?.path ?? '');
  const seeds = [
    CSV,
    gzipSync(CSV),
    zstdCompressSync(CSV),
    '{"id":1,"note":"a","y":true}\n',
    '[{"id":1,"y":true}]',
    parquet,
  ];
  const damage = fc.record({
    seed: fc.constantFrom(...seeds.map((seed) => Buffer.from(seed))),
    edits: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }),
    cut: fc.option(fc.nat()),
    name: fc.constantFrom('f', 'f.csv', 'f.json', 'f.parquet'),
  });
  await fc.assert(
    fc.asyncProperty(damage, async ({ seed, edits, cut, name }) => {
      const bytes = Buffer.from(seed);
      for (const [place, value] of edits) bytes[place % bytes.length] = value;
      const { report } = await intake.take(schema, name, cut === null ? bytes : bytes.subarray(0, cut % bytes.length));
      expect(FileReportSchema.parse(report).rows.read).toBe(report.rows.read);
      if (report.verdict !== 'rejected') expect(report.rows.accepted + report.rows.quarantined).toBe(report.rows.read);
    }),
    { numRuns: 150 },
  );
});
