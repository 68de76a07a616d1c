import { expect, test } from 'vitest';
import type { LineageRecord } from '../../../contracts/records.ts';
import { previousVersion } from '../../../core/intake/previous-version.ts';
import { lineageRecord } from '../../../core/lineage/lineage-record.ts';

/** A dataset version of a schema, registered at a minute. */
const dataset = (id: string, minute: number, schemaHash = 'present'): LineageRecord =>
  lineageRecord({
    model: 'm',
    kind: 'dataset',
    id,
    at: `2001-01-01T00:${String(minute).padStart(2, '0')}:00.000Z`,
    parents: [],
    detail: { version: id, parts: [], rows: 1, schemaHash, sources: [] },
  });

test('the version registered last is the one before, in whatever order they are listed', () => {
  const records = [dataset('c', 2), dataset('a', 9), dataset('b', 5)];
  for (const listed of [records, records.toReversed()]) expect(previousVersion(listed, 'present')?.version).toBe('a');
});

test('of two registered at one instant it is always the same', () => {
  const records = [dataset('a', 1), dataset('b', 1)];
  for (const listed of [records, records.toReversed()]) expect(previousVersion(listed, 'present')?.version).toBe('b');
});

test('versions of another schema, and records that are none, are passed over', () => {
  const other = lineageRecord({
    model: 'm',
    kind: 'dataset',
    id: 'x',
    at: '2002-01-01T00:00:00Z',
    parents: [],
    detail: {},
  });
  expect(previousVersion([dataset('a', 1), dataset('b', 2, 'old'), other], 'present')?.version).toBe('a');
  expect(previousVersion([dataset('b', 2, 'old')], 'present')).toBeUndefined();
});
