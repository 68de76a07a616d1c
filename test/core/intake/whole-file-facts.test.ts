import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isoOfMicroseconds } from '../../../core/intake/whole-file-facts.ts';
import { intakeForTests, schemaOf } from './take-file.ts';

/** What is gathered while rows are written must be what reading them again says: each file is taken once clean, so that nothing is read
 *  again, and once with a row that is set aside, so that all is. */

const intake = intakeForTests();
const text = fc.constantFrom('a', 'b', 'ab', 'a,b', 'é', 'x'.repeat(40), 'abcde', 'abcdf', '');
const when = fc.constantFrom(
  '0001-01-01 00:00:00',
  '1969-12-31 23:59:59.999999',
  '2255-06-01 00:00:00.5',
  '9999-12-31 23:59:59',
  '',
);
const number = fc.constantFrom('0', '1', '-1', '9007199254740993', '-9223372036854775808', '');

const columns = [
  { name: 'n', kind: 'numeric', integer: true, nullable: true },
  { name: 't', kind: 'text', nullable: true },
  { name: 'c', kind: 'categorical', values: ['x', 'y'], nullable: true },
  { name: 'at', kind: 'timestamp', nullable: true, min: '0001-01-01' },
  { name: 'y', kind: 'boolean', nullable: true },
] as const;
const rows = fc.array(
  fc.tuple(number, text, fc.constantFrom('x', 'y', ''), when, fc.constantFrom('true', 'false', '')),
  { minLength: 1, maxLength: 60 },
);
const csv = (table: readonly (readonly string[])[]) =>
  table.map((row) => row.map((cell) => (cell.includes(',') ? `"${cell}"` : cell)).join(',')).join('\n');

test('repeats, times and classes are those of a simple look at the rows', async () => {
  const schema = schemaOf({ columns, target: 'y', time: 'at' });
  await fc.assert(
    fc.asyncProperty(rows, async (table) => {
      const whole = table.filter((row) => row.some((cell) => cell !== ''));
      const { report, accepted } = await intake.take(schema, 'f.csv', csv([columns.map(({ name }) => name), ...whole]));
      const keys = whole.map(String);
      const repeated = keys.flatMap((key, place) => (keys.indexOf(key) < place ? [place + 1] : []));
      expect(report.findings.filter(({ rule }) => rule === 'duplicate-row').map(({ row }) => row)).toEqual(repeated);
      const times = whole.flatMap((row) => (row[3] === '' ? [] : [row[3]])).sort();
      const iso = (instant: string | undefined) =>
        instant === undefined ? undefined : `${instant.replace(' ', 'T')}Z`;
      expect([accepted?.from, accepted?.to]).toEqual([iso(times.at(0)), iso(times.at(-1))]);
      const classes = new Set(whole.map((row) => row[4]).filter((value) => value !== ''));
      expect(report.findings.filter(({ rule }) => rule === 'single-class').map(({ value }) => value)).toEqual(
        classes.size === 1 ? [...classes] : [],
      );
    }),
    { numRuns: 60 },
  );
});

test('values that a unique column repeats are found in every kind of column, missing ones are none', async () => {
  await fc.assert(
    fc.asyncProperty(rows, fc.constantFrom(0, 1, 2, 3, 4), async (table, index) => {
      const schema = schemaOf({ columns: columns.map((column, at) => ({ ...column, unique: at === index })) });
      const whole = table.filter((row) => row.some((cell) => cell !== ''));
      const { report } = await intake.take(schema, 'f.csv', csv([columns.map(({ name }) => name), ...whole]));
      const values = whole.map((row) => row[index]);
      const repeated = values.flatMap((value, place) =>
        value !== '' && values.indexOf(value) < place ? [place + 1] : [],
      );
      expect(report.findings.filter(({ rule }) => rule === 'unique').map(({ row }) => row)).toEqual(repeated);
    }),
    { numRuns: 60 },
  );
});

test('microseconds become the instant the language says', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
      const iso = date.toISOString().replace(/\.?0*Z$/, 'Z');
      expect(isoOfMicroseconds(BigInt(date.getTime()) * 1000n)).toBe(iso);
    }),
  );
  expect(isoOfMicroseconds(-1n)).toBe('1969-12-31T23:59:59.999999Z');
});
