import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DataSchema } from '../../../contracts/data-schema.ts';
import { intakeForTests, schemaOf } from './take-file.ts';

/** Rows of CSV are taken as bytes where they are plain; in quotes they are read as text. Both must come to the same. */

const intake = intakeForTests();
const schema = schemaOf({
  columns: [
    { name: 'n', kind: 'numeric', nullable: true, min: -1000, max: 1e15 },
    { name: 'i', kind: 'numeric', integer: true },
    { name: 'at', kind: 'timestamp', min: '0100-01-01', max: '9000-06-01T12:00:00.5Z' },
    { name: 'zoned', kind: 'timestamp', zone: 'required', nullable: true },
    { name: 'word', kind: 'categorical', values: ['red', 'green', 'é', 'a b'] },
    { name: 'code', kind: 'text', pattern: '^[A-Z]{2}\\d+$', nullable: true },
    { name: 'note', kind: 'text', maxLength: 12, nullable: true },
    { name: 'y', kind: 'numeric', nullable: true },
    { name: 'late', kind: 'boolean' },
  ],
  target: 'y',
});
const digits = fc.stringMatching(/^-?0{0,2}\d{1,17}(\.\d{1,9})?0{0,3}$/);
const instant = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString());
const often = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: odd });
const cells = [
  often(digits, fc.constantFrom('', '1e3', '.5', '5.', '+1', 'x', '-', '0.0000001', '-0.0', ' 1', '1-2', '--1')),
  often(fc.integer().map(String), fc.constantFrom('1.0', '1.5', '007', '-0', '9007199254740993', '1e2')),
  often(
    instant.map((text) => text.slice(0, 19)),
    fc.constantFrom(
      '2001-02-29 00:00:00',
      '2000-02-29T00:00:00Z',
      '2001-01-01',
      '2001-01-01 24:00:00',
      '2001-13-01 00:00:00',
      '9000-06-01T12:00:01Z',
      '9000-06-01T12:00:00Z',
      '0099-12-31T23:59:59Z',
      '2001-01-01x00:00:00',
    ),
  ),
  often(
    instant.map((text) => `${text.slice(0, 19)}Z`),
    fc.constantFrom(
      '',
      '2001-01-01 00:00:00',
      '2001-01-01T00:00:00+01:00',
      '1899-12-31T23:59:59Z',
      '2200-01-01T00:00:00Z',
      '2199-12-31T23:59:59Z',
    ),
  ),
  often(fc.constantFrom('red', 'green', 'a b'), fc.constantFrom('é', 'blue', '', 'redd')),
  often(fc.stringMatching(/^[A-Z]{2}\d{1,4}$/), fc.constantFrom('', 'A1', 'AB')),
  often(fc.stringMatching(/^[ !#-+.-9<-z]{0,12}$/), fc.constantFrom('é', '日本語', 'thirteen char', 'ü')),
  often(fc.constantFrom('0', '1', '1.0', ''), fc.constantFrom('2', '-1', '01')),
  often(fc.constantFrom('true', 'false', '0', '1'), fc.constantFrom('True', '', 'yes', 'tru', 'falsee', '10')),
] as const;
const rows = fc.array(fc.tuple(...cells), { minLength: 1, maxLength: 30 });

async function taken(content: string, used: DataSchema) {
  const { accepted, report } = await intake.take(used, 'f.csv', content);
  return { hash: accepted?.contentHash, report };
}

test('plain and quoted rows come to the same rows, findings and content', async () => {
  const header = schema.columns.map(({ name }) => name);
  await fc.assert(
    fc.asyncProperty(
      rows,
      fc.constantFrom(',', ';', '\t', '|'),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      async (table, delimiter, end, ends) => {
        const write = (quote: string) =>
          [header, ...table].map((row) => row.map((cell) => quote + cell + quote).join(delimiter)).join(end) +
          (ends ? end : '');
        const plain = await taken(write(''), schema);
        expect(plain).toEqual(await taken(write('"'), schema));
      },
    ),
    { numRuns: 20 },
  );
});

test('columns in another order, and columns that are dropped, change nothing', async () => {
  const lenient: DataSchema = { ...schema, unknownColumns: 'drop' };
  const order = [8, 3, 0, 6, 1, 2, 7, 5, 4];
  await fc.assert(
    fc.asyncProperty(rows, fc.constantFrom('x', '"x"', '', 'é'), async (table, extra) => {
      const all = [schema.columns.map(({ name }) => name), ...table];
      const plain = await taken(all.map((row) => row.join(',')).join('\n'), lenient);
      const other = await taken(
        all
          .map((row, index) => [...order.map((place) => row[place]), index === 0 ? 'extra' : extra].join(','))
          .join('\n'),
        lenient,
      );
      expect(other.hash).toBe(plain.hash);
      expect(other.report.rows).toEqual(plain.report.rows);
    }),
    { numRuns: 20 },
  );
});

test('rows across the borders of what is read at once are whole', async () => {
  const plain = schemaOf({
    columns: [
      { name: 'a', kind: 'numeric', integer: true },
      { name: 'b', kind: 'text' },
    ],
  });
  const lines = Array.from({ length: 150_000 }, (_, row) => `${row},${'word '.repeat(row % 9)}x`);
  const straight = await taken(['a,b', ...lines].join('\n'), plain);
  expect(straight.report.rows).toEqual({ read: 150_000, accepted: 150_000, quarantined: 0 });
  const mixed = lines.map((line, row) => (row % 11 === 0 ? `${row},"${line.slice(line.indexOf(',') + 1)}"` : line));
  expect((await taken(['a,b', ...mixed].join('\r\n'), plain)).hash).toBe(straight.hash);
});
