import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cell } from '../../../core/intake/normalise/cell.ts';
import { readCsv } from '../../../core/intake/read/read-csv.ts';
import { DEFAULT_LIMITS, type ReadLimits } from '../../../core/intake/read/row-sink.ts';

interface Read {
  header: readonly string[];
  rows: (Cell | undefined)[][];
  malformed: string[];
  raws: string[];
}

/** Reads CSV that comes in the given chunks. */
async function read(chunks: readonly string[], expected: readonly string[] = [], limits: ReadLimits = DEFAULT_LIMITS) {
  const seen: Read = { header: [], rows: [], malformed: [], raws: [] };
  let rows = 0;
  async function* content() {
    yield* chunks;
  }
  await readCsv(content(), new Set(expected), limits, {
    header: (names) => {
      seen.header = names;
    },
    row: (cells, raw) => {
      rows++;
      seen.rows.push([...cells]);
      seen.raws.push(raw());
    },
    malformed: (message) => {
      rows++;
      seen.malformed.push(message);
    },
    unknownColumn: () => {},
    rows: () => rows,
    drain: async () => {},
  });
  return seen;
}

const cellText = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc
    .array(fc.constantFrom('"', ',', ';', '\n', '\r', '\t', '|', 'a', ' ', 'é', '😀'), { maxLength: 8 })
    .map((parts) => parts.join('')),
);
const delimiters = fc.constantFrom(',', ';', '\t', '|');

/** The writer of RFC 4180, as its own oracle: quotes what needs it. */
function written(rows: readonly (readonly string[])[], delimiter: string, end: string): string {
  const cell = (text: string) => (/["\r\n;,|\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map(cell).join(delimiter) + end).join('');
}

test('what a writer by the standard wrote is read back, however it is cut into chunks', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(cellText, cellText, cellText), { minLength: 1, maxLength: 8 }),
      delimiters,
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.array(fc.nat(400), { maxLength: 6 }),
      fc.boolean(),
      async (rows, delimiter, end, cuts, endsWithLineEnd) => {
        const text = written([['first', 'second', 'third'], ...rows], delimiter, end);
        const whole = endsWithLineEnd ? text : text.slice(0, text.length - end.length);
        const places = [0, ...cuts.filter((cut) => cut < whole.length), whole.length].sort((a, b) => a - b);
        const chunks = places.slice(1).map((place, index) => whole.slice(places[index], place));
        const { header, rows: seen, malformed } = await read(chunks, ['first', 'second', 'third']);
        expect(header).toEqual(['first', 'second', 'third']);
        expect(malformed).toEqual([]);
        expect(seen).toEqual(rows.map((row) => row.map((cell) => (cell === '' ? null : cell))));
      },
    ),
    { numRuns: 500 },
  );
});

describe('the usual sins', () => {
  // Cases in the spirit of the csv-spectrum collection, written by hand.
  test.each([
    ['comma in quotes', 'a,b\n"1,5",2\n', [['1,5', '2']]],
    ['escaped quotes', 'a,b\n1,"ha ""ha"" ha"\n', [['1', 'ha "ha" ha']]],
    [
      'JSON in a cell',
      'a,b\n1,"{""type"": ""Point"", ""coordinates"": [102.0, 0.5]}"\n',
      [['1', '{"type": "Point", "coordinates": [102.0, 0.5]}']],
    ],
    ['line end in quotes', 'a,b\n"once\nupon",2\n', [['once\nupon', '2']]],
    ['line end and quotes', 'a,b\n"Once ""upon""\r\na time",2\r\n', [['Once "upon"\r\na time', '2']]],
    [
      'empty cells',
      'a,b\n,""\n1,\n',
      [
        [null, null],
        ['1', null],
      ],
    ],
    ['no line end at the end', 'a,b\n1,2', [['1', '2']]],
    [
      'line ends mixed',
      'a,b\n1,2\r\n3,4\r5,6\n',
      [
        ['1', '2'],
        ['3', '4'],
        ['5', '6'],
      ],
    ],
    ['quote inside an unquoted cell', 'a,b\n5" pipe,2\n', [['5" pipe', '2']]],
    ['blanks kept', 'a,b\n 1 , x\n', [[' 1 ', ' x']]],
    [
      'blank lines left out',
      '\n\na,b\n\n1,2\n\n\n3,4\n\n',
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    ['another alphabet', 'a,b\nʤ,日本\n', [['ʤ', '日本']]],
    ['blanks around names', ' a , b \n1,2\n', [['1', '2']]],
  ])('%s', async (_, text, rows) => {
    const seen = await read([text], ['a', 'b']);
    expect(seen.header).toEqual(['a', 'b']);
    expect(seen.rows).toEqual(rows);
    expect(seen.malformed).toEqual([]);
  });

  test('in a file of one column, an empty line is a row with a missing value', async () => {
    expect((await read(['a\nx\n\ny\n'])).rows).toEqual([['x'], [null], ['y']]);
  });

  test('the delimiter is the one that finds the expected names', async () => {
    const { header } = await read(['a;b,c;d\n1;2,3;4\n'], ['a', 'b,c', 'd']);
    expect(header).toEqual(['a', 'b,c', 'd']);
  });
});

describe('broken rows', () => {
  test('spoil only themselves, and each says what is wrong', async () => {
    const { rows, malformed } = await read(['a,b\n1\n1,2,3\n"x"y,2\n7,8\n'], ['a', 'b']);
    expect(malformed).toEqual([
      'has 1 cells where the header has 2',
      'has 3 cells where the header has 2',
      'text follows a closing quote; write a quote inside a quoted cell twice',
    ]);
    expect(rows).toEqual([['7', '8']]);
  });

  test('a quote left open on the last line is that line’s problem', async () => {
    const { rows, malformed } = await read(['a,b\n1,2\n3,"4'], ['a', 'b']);
    expect(malformed).toEqual(['a quote is opened and never closed']);
    expect(rows).toEqual([['1', '2']]);
  });

  test('a quote that swallows lines refuses the file, naming the row it was opened in', async () => {
    const open = read(['a,b\n1,2\n3,"4\n5,6\n7,8\n'], ['a', 'b']);
    await expect(open).rejects.toMatchObject({
      rule: 'unreadable',
      row: 2,
      message: expect.stringContaining('2 lines'),
    });
  });

  test('a row longer than memory allows is skipped, and the rows behind it are read', async () => {
    const limits = { ...DEFAULT_LIMITS, maxRow: 100, maxCell: 50 };
    const long = 'x'.repeat(500);
    const chunks = ['a,b\n1,2\n', `3,"${long}`, `${long}\n${long}`, '"\r', '\n5,6\n', `7,${'y'.repeat(60)}\n9,10\n`];
    const { rows, malformed } = await read(chunks, ['a', 'b'], limits);
    expect(rows).toEqual([
      ['1', '2'],
      ['5', '6'],
      ['9', '10'],
    ]);
    expect(malformed).toEqual(['the row is longer than 100 characters', 'a cell is longer than 50 characters']);
  });

  test('a long row whose quote is never closed refuses the file', async () => {
    const limits = { ...DEFAULT_LIMITS, maxRow: 100 };
    const open = read(['a,b\n1,2\n3,"', 'x'.repeat(500), '\n5,6\n'.repeat(9)], ['a', 'b'], limits);
    await expect(open).rejects.toMatchObject({ rule: 'unreadable', row: 2 });
  });
});

test('raw text of a row is what stood in the file, without its line end', async () => {
  const { raws } = await read(['a,b\r\n"x ""y""",2\r\n3,4'], ['a', 'b']);
  expect(raws).toEqual(['"x ""y""",2', '3,4']);
});

test('more columns than allowed refuse the file before anything is read', async () => {
  const header = Array.from({ length: 10_001 }, (_, index) => `c${index}`).join(',');
  await expect(read([`${header}\n`])).rejects.toMatchObject({ rule: 'too-large' });
});

test('a first line too long to be a header refuses the file', async () => {
  const limits = { ...DEFAULT_LIMITS, maxRow: 1000 };
  await expect(read(['x'.repeat(2000), 'x'], [], limits)).rejects.toMatchObject({ rule: 'unreadable' });
});
