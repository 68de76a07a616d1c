import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { intakeForTests, schemaOf } from './take-file.ts';

/** The files of csv-spectrum 2.0.0, with what they hold by its own JSON. */
const SPECTRUM = dirname(createRequire(import.meta.url).resolve('csv-spectrum/package.json'));
/** One file has its only row without a list around it. */
const RowSchema = z.record(z.string(), z.string());
const RowsSchema = z.union([z.array(RowSchema), RowSchema.transform((row) => [row])]);
const intake = intakeForTests();
const names = readdirSync(join(SPECTRUM, 'csvs')).map((file) => file.replace(/\.csv$/, ''));

test('the collection is there', () => {
  expect(names).toHaveLength(12);
});

test.each(names)('%s is read as the collection says', async (name) => {
  const rows = RowsSchema.parse(JSON.parse(readFileSync(join(SPECTRUM, 'json', `${name}.json`), 'utf8')));
  const columns = Object.keys(rows[0] ?? {});
  const schema = schemaOf({ columns: columns.map((column) => ({ name: column, kind: 'text', nullable: true })) });
  const validated = await intake.take(schema, 'f.csv', readFileSync(join(SPECTRUM, 'csvs', `${name}.csv`)));
  expect(validated.report).toMatchObject({ verdict: 'accepted', rows: { read: rows.length } });
  const stored = await intake.stored(validated);
  // The collection has another telephone number in its CSV than in its JSON.
  const compared = columns.filter((column) => column !== 'Contact Phone Number');
  const values = stored.map((row) => compared.map((column) => row[columns.indexOf(column)]));
  // An empty text is a missing value.
  expect(values).toEqual(rows.map((row) => compared.map((column) => row[column] || null)));
});
