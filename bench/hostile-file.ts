import { gzipSync, zstdCompressSync } from 'node:zlib';
import { type DataSchema, DataSchemaSchema } from '../contracts/data-schema.ts';
import type { Rule } from '../contracts/findings.ts';
import { seededRandom } from '../core/statistics/random.ts';

/** What the files are checked against. */
export const HOSTILE_SCHEMA: DataSchema = DataSchemaSchema.parse({
  columns: [
    { name: 'id', kind: 'identifier' },
    { name: 'amount', kind: 'numeric', min: 0, max: 1000 },
    { name: 'at', kind: 'timestamp' },
    { name: 'colour', kind: 'categorical', values: ['red', 'green', 'blue'] },
    { name: 'note', kind: 'text', nullable: true },
    { name: 'late', kind: 'boolean' },
  ],
  target: 'late',
});

/** What must become of a file: accepted whole, refused, one fault named by row, column and rule, or any report at all. */
export type Expected =
  | { readonly outcome: 'accepted'; readonly rows: number }
  | { readonly outcome: 'refused' }
  | { readonly outcome: 'fault'; readonly row: number; readonly column: string | null; readonly rule: Rule }
  | { readonly outcome: 'report' };

export interface HostileFile {
  /** What was done to it. */
  readonly what: string;
  readonly name: string;
  readonly bytes: Buffer;
  readonly expected: Expected;
}

type Random = () => number;
type Row = readonly [id: string, amount: string, at: string, colour: string, note: string, late: string];

const COLUMNS = HOSTILE_SCHEMA.columns.map(({ name }) => name);

/** The hostile or harmless file of a seed; the same seed gives the same file. `parquet` is a good Parquet file to damage. */
export function hostileFile(seed: number, parquet: Buffer): HostileFile {
  const random = seededRandom(seed);
  // One number of a new seed says little.
  for (let warm = 0; warm < 8; warm++) random();
  const kinds = [good, good, fault, fault, fault, fault, damaged, damaged, foreign, structural, broken] as const;
  const kind = kinds[seed % kinds.length] ?? good;
  return kind(random, parquet);
}

const pick = <T>(random: Random, values: readonly [T, ...T[]]): T =>
  values[Math.floor(random() * values.length)] ?? values[0];
const below = (random: Random, bound: number) => Math.floor(random() * bound);

const NOTES = [
  '',
  'plain',
  'with, comma; and | bar',
  'say "hi"',
  'two\nlines',
  'CR\rLF\r\nmixed',
  '=HYPERLINK("http://x";"click")',
  '+1+cmd|calc',
  '<script>alert(1)</script>',
  '日本語 😀 é',
  '\u202egnp.exe',
  "'; DROP TABLE rows; --",
  '{"a":[1,2]}',
  'NaN',
  ' blanks ',
] as const;

function rowsOf(random: Random, count = 2 + below(random, 40)): Row[] {
  return Array.from({ length: count }, (_, index) => [
    `id${index}`,
    (random() * 1000).toFixed(below(random, 6)),
    new Date(Date.UTC(2001, 0, 1) + below(random, 1e9) * 1000).toISOString(),
    pick(random, ['red', 'green', 'blue']),
    pick(random, NOTES),
    index % 2 === 0 ? 'true' : 'false',
  ]);
}

function csv(random: Random, rows: readonly Row[], names: readonly string[] = COLUMNS): string {
  const delimiter = pick(random, [',', ';', '\t', '|']);
  const end = pick(random, ['\n', '\r\n', '\r']);
  const always = random() < 0.3;
  const cell = (text: string) => (always || /["\r\n;,|\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = [names, ...rows].map((row) => row.map(cell).join(delimiter));
  return `${random() < 0.2 ? '\ufeff' : ''}${lines.join(end)}${random() < 0.7 ? end : ''}`;
}

/** Rows as JSON objects; numbers and booleans in their types where they can be. */
function objects(rows: readonly Row[]): string[] {
  return rows.map((row) =>
    JSON.stringify(Object.fromEntries(row.map((value, index) => [COLUMNS[index], typed(value, index)]))),
  );
}

function typed(value: string, index: number): unknown {
  if (index === 5 && (value === 'true' || value === 'false')) return value === 'true';
  return index === 1 && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
}

/** Text in one of the formats, with its name, as bytes that may be compressed. */
function encoded(random: Random, rows: readonly Row[]): { name: string; bytes: Buffer } {
  const [name, text] = pick<() => readonly [string, string]>(random, [
    () => ['f.csv', csv(random, rows)],
    () => ['f', csv(random, rows)],
    () => ['f.jsonl', objects(rows).join('\n')],
    () => ['f.json', `[${objects(rows).join(',\n')}]`],
  ])();
  const plain = Buffer.from(text, 'utf8');
  return pick(random, [
    { name, bytes: plain },
    { name, bytes: plain },
    { name: `${name}.gz`, bytes: gzipSync(plain) },
    { name: `${name}.zst`, bytes: zstdCompressSync(plain) },
  ]);
}

function good(random: Random, parquet: Buffer): HostileFile {
  const rows = rowsOf(random);
  if (random() < 0.1)
    return { what: 'good Parquet', name: 'f.parquet', bytes: parquet, expected: { outcome: 'report' } };
  return { what: 'good', ...encoded(random, rows), expected: { outcome: 'accepted', rows: rows.length } };
}

/** Values that their columns cannot have, with the rule they break. */
const FAULTS: readonly [readonly [number, string, Rule], ...(readonly [number, string, Rule])[]] = [
  [0, '', 'missing'],
  [0, 'nul\0inside', 'type'],
  [1, 'abc', 'type'],
  [1, 'NaN', 'type'],
  [1, 'Infinity', 'type'],
  [1, '-inf', 'type'],
  [1, '1e999', 'type'],
  [1, '1,5', 'type'],
  [1, '0x1F', 'type'],
  [1, '1 000', 'type'],
  [1, '-0.001', 'range'],
  [1, '1000.0000001', 'range'],
  [1, '9007199254740993', 'range'],
  [1, '', 'missing'],
  [2, '2001-02-29T00:00:00Z', 'type'],
  [2, 'yesterday', 'type'],
  [2, '01/02/2001', 'type'],
  [3, 'purple', 'values'],
  [3, 'Red', 'values'],
  [4, 'x'.repeat(10_001), 'length'],
  [4, '😀'.repeat(10_001), 'length'],
  [5, 'maybe', 'type'],
  [5, '2', 'type'],
  [5, '', 'missing'],
];

function fault(random: Random): HostileFile {
  const rows = rowsOf(random, 3 + below(random, 40));
  const place = below(random, rows.length);
  const [column, value, rule] = pick(random, FAULTS);
  rows[place] = swapped(rows[place] ?? rowsOf(random, 1)[0] ?? ['', '', '', '', '', ''], column, value);
  const expected: Expected = { outcome: 'fault', row: place + 1, column: COLUMNS[column] ?? null, rule };
  const { name, bytes } = encoded(random, rows);
  return { what: `${COLUMNS[column]} is ${JSON.stringify(value.slice(0, 20))}`, name, bytes, expected };
}

function swapped(row: Row, column: number, value: string): Row {
  const at = (index: number) => (index === column ? value : (row[index] ?? ''));
  return [at(0), at(1), at(2), at(3), at(4), at(5)];
}

/** A whole row that is no row. */
function broken(random: Random): HostileFile {
  const rows = rowsOf(random, 3 + below(random, 20));
  const place = below(random, rows.length);
  const lines = objects(rows);
  const [what, line] = pick<readonly [string, string]>(random, [
    ['a key twice', `{"id":"a","id":"b",${(lines[place] ?? '{}').slice(1)}`],
    ['half an object', (lines[place] ?? '').slice(0, -3)],
    ['NaN in JSON', '{"id":"a","amount":NaN}'],
    ['a list', '[1,2,3]'],
    ['a number', '12'],
    ['two objects', `${lines[place]}${lines[place]}`],
    ['a cell of 10 MB', JSON.stringify({ id: 'x'.repeat(10_000_000) })],
    ['20 000 keys', `{${Array.from({ length: 20_000 }, (_, index) => `"k${index}":1`).join(',')}}`],
    ['brackets 100 000 deep, unclosed', `{"id":${'['.repeat(100_000)}`],
  ]);
  lines[place] = line;
  return {
    what,
    name: 'f.jsonl',
    bytes: Buffer.from(lines.join('\n')),
    expected: { outcome: 'fault', row: place + 1, column: null, rule: 'malformed' },
  };
}

/** Bytes changed or cut off: what is left may be anything. */
function damaged(random: Random, parquet: Buffer): HostileFile {
  const source = random() < 0.4 ? { name: 'f.parquet', bytes: parquet } : encoded(random, rowsOf(random));
  const bytes = Buffer.from(
    random() < 0.4 ? source.bytes.subarray(0, below(random, source.bytes.length)) : source.bytes,
  );
  for (let flips = below(random, 6); flips > 0 && bytes.length > 0; flips--)
    bytes[below(random, bytes.length)] = below(random, 256);
  return { what: 'damaged', name: source.name, bytes, expected: { outcome: 'report' } };
}

/** Files that are something else, or written in another way than they must be. */
function foreign(random: Random, parquet: Buffer): HostileFile {
  const text = csv(random, rowsOf(random));
  const tar = Buffer.alloc(1536);
  tar.write('../../etc/cron.d/evil');
  tar.write('ustar', 257);
  const zip = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), Buffer.alloc(22), Buffer.from('../../evil.csv')]);
  const [what, bytes] = pick<readonly [string, () => Buffer]>(random, [
    ['a pickle', () => Buffer.from([0x80, 2 + below(random, 4), 0x63, 0x6f, 0x73, 0x0a])],
    ['a zip with a name that climbs', () => zip],
    ['a tar with a name that climbs', () => tar],
    ['a tar in gzip', () => gzipSync(tar)],
    ['gzip in gzip', () => gzipSync(gzipSync(text))],
    ['UTF-16 with a mark', () => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16, big-endian', () => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    [
      'Latin-1 in the middle of UTF-8',
      () => Buffer.concat([Buffer.from(text), Buffer.from('\xfc\n', 'latin1'), Buffer.from('é')]),
    ],
    ['half a surrogate pair as bytes', () => Buffer.concat([Buffer.from(text), Buffer.from([0xed, 0xa0, 0x80])])],
    ['NUL bytes', () => Buffer.alloc(100 + below(random, 5000))],
    ['gzip cut off', () => gzipSync(text).subarray(0, -5)],
    ['a gzip bomb', () => GZIP_BOMB],
    ['a zstd bomb', () => ZSTD_BOMB],
    // A frame that asks for a window of 2^41 bytes, with one empty block.
    ['zstd of an endless window', () => Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0xff, 1, 0, 0])],
    ['gzip followed by something else', () => Buffer.concat([gzipSync(text), Buffer.from('more')])],
    ['Parquet without its end', () => parquet.subarray(0, parquet.length - 1 - below(random, 100))],
    ['Parquet whose footer is longer than it', () => footerLength(parquet, 0x7fffffff)],
    ['only magic', () => Buffer.from('PAR1')],
  ]);
  return {
    what,
    name: pick(random, ['f.csv', 'f', 'f.json', 'f.parquet']),
    bytes: bytes(),
    expected: { outcome: 'refused' },
  };
}

const ZEROS = Buffer.alloc(80 * 2 ** 20, '0');
const GZIP_BOMB = gzipSync(ZEROS);
const ZSTD_BOMB = zstdCompressSync(ZEROS);

function footerLength(parquet: Buffer, length: number): Buffer {
  const bytes = Buffer.from(parquet);
  bytes.writeInt32LE(length, bytes.length - 8);
  return bytes;
}

/** Something wrong with the columns or the lines as such. */
function structural(random: Random): HostileFile {
  const rows = rowsOf(random, 3);
  const wide = Array.from({ length: 100_000 }, (_, index) => `c${index}`);
  const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
  const [what, name, text] = pick<readonly [string, string, () => string]>(random, [
    ['100 000 columns', 'f.csv', () => `${wide.join(',')}\n${wide.join(',')}\n`],
    ['a first line of 20 MB', 'f.csv', () => 'x'.repeat(20_000_000)],
    ['a column twice', 'f.csv', () => csv(random, rows, ['id', 'amount', 'amount', 'at', 'colour', 'late'])],
    [
      'a column named __proto__',
      'f.csv',
      () => csv(random, rows, ['id', 'amount', '__proto__', 'at', 'colour', 'late']),
    ],
    [
      'a key __proto__',
      'f.jsonl',
      () =>
        objects(rows)
          .map((row) => `{"__proto__":{"late":true},${row.slice(1)}`)
          .join('\n'),
    ],
    [
      'keys of the language',
      'f.jsonl',
      () =>
        objects(rows)
          .map((row) => `{"constructor":1,"toString":2,${row.slice(1)}`)
          .join('\n'),
    ],
    [
      'a quote that is never closed',
      'f.csv',
      () => 'id,amount,at,colour,note,late\n"a,1,2001-01-01,red,x,true\nb,1,2001-01-01,red,y,false\n',
    ],
    ['an array that ends early', 'f.json', () => `[${objects(rows).join(',')}`],
    ['an array followed by more', 'f.json', () => `[${objects(rows).join(',')}] true`],
    ['only objects 50 000 deep', 'f.jsonl', () => deep],
    ['only a header', 'f.csv', () => `${COLUMNS.join(',')}\n`],
    ['nothing', 'f.csv', () => ''],
    ['only blanks', 'f', () => ' \n\t\n '.repeat(100)],
  ]);
  return { what, name, bytes: Buffer.from(text()), expected: { outcome: 'refused' } };
}
