import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byteSet, HASH_START, hashByte } from '../../../core/intake/byte-set.ts';
import { daysSince1970 } from '../../../core/intake/normalise/stored-value.ts';
import { intakeForTests, schemaOf } from './take-file.ts';

const intake = intakeForTests();

test('days since 1970 are those of the language', () => {
  const dates = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(dates, (date) => {
      const days = daysSince1970(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate());
      expect(days).toBe(Math.floor(date.getTime() / 86_400_000));
    }),
    { numRuns: 1000 },
  );
});

test('whole numbers of 64 bits, missing ones among them, are read from Parquet as they were written', async () => {
  const schema = schemaOf({
    columns: [
      { name: 'n', kind: 'numeric', integer: true, nullable: true },
      { name: 'k', kind: 'text' },
    ],
  });
  const bounds = { min: -(2n ** 63n), max: 2n ** 63n - 1n };
  const numbers = fc.sample(
    fc.option(fc.oneof(fc.bigInt(bounds), fc.integer().map(BigInt), fc.maxSafeInteger().map(BigInt)), { freq: 6 }),
    { numRuns: 3000, seed: 9 },
  );
  const edges = [
    2n ** 31n,
    2n ** 31n - 1n,
    -(2n ** 31n),
    -(2n ** 31n) - 1n,
    2n ** 32n,
    -(2n ** 32n),
    999_999_999_999_999n,
    bounds.min,
    bounds.max,
  ];
  const all = [...numbers, ...edges];
  const validated = await intake.take(
    schema,
    'f.csv',
    ['n,k', ...all.map((value, row) => `${value ?? ''},k${row}`)].join('\n'),
  );
  expect(validated.report.rows.accepted).toBe(all.length);
  expect((await intake.stored(validated)).map(([value]) => value)).toEqual(all);
});

test('instants of any year are stored to the microsecond', async () => {
  const schema = schemaOf({ columns: [{ name: 'at', kind: 'timestamp', min: '0001-01-01' }] });
  const texts = [
    '0001-01-01 00:00:00',
    '1582-10-15 12:00:00.000001',
    '1969-12-31 23:59:59.999999',
    '1970-01-01 00:00:00',
    '2254-12-31 23:59:59.123456',
    '2300-01-01 00:00:00.5',
    '9999-12-31 23:59:59.999999',
  ];
  const validated = await intake.take(schema, 'f.csv', ['at', ...texts].join('\n'));
  expect((await intake.stored(validated)).map(([at]) => at)).toEqual(texts);
});

test('a set of texts that is asked with bytes knows its texts and no others', () => {
  const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 6 }), { maxLength: 40 });
  fc.assert(
    fc.property(texts, fc.string({ unit: 'grapheme', maxLength: 6 }), (members, other) => {
      const set = byteSet(members);
      const indexOf = (text: string) => {
        const bytes = Buffer.from(`xx${text}yy`, 'utf8');
        const index = set.indexOf(bytes, 2, bytes.length - 2);
        const hash = bytes.subarray(2, bytes.length - 2).reduce(hashByte, HASH_START);
        expect(set.indexOfHashed(hash, bytes, 2, bytes.length - 2)).toBe(index);
        return index;
      };
      for (const text of members) expect(indexOf(text)).toBe(members.indexOf(text));
      expect(indexOf(other)).toBe(members.indexOf(other));
    }),
  );
});
