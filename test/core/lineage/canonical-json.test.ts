import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { canonicalJson, sha256 } from '../../../core/lineage/canonical-json.ts';
import { detailOf, lineageRecord } from '../../../core/lineage/lineage-record.ts';

test('equal values have equal texts, whatever the order of their keys, and the text says the value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonicalJson(reversed(value))).toBe(text);
    }),
  );
});

/** The same value with the keys of every object in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  );
}

test('SHA-256 is that of the standard', () => {
  // FIPS 180-4, example "abc".
  expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('a detail too large for the table is named by its size, never cut in the middle', () => {
  const fact = { model: 'm', kind: 'run', id: 'r', at: '2001-01-01T00:00:00Z', parents: [] } as const;
  const record = lineageRecord({ ...fact, detail: { text: 'x'.repeat(400_000) } });
  expect(record).toMatchObject({ pk: 'model#m', sk: 'run#r', detail: '{"leftOut":"400011 characters"}' });
  expect(detailOf(record, z.object({ text: z.string() }))).toBeUndefined();
  expect(detailOf(lineageRecord({ ...fact, detail: { text: 'x' } }), z.object({ text: z.string() }))).toEqual({
    text: 'x',
  });
});
