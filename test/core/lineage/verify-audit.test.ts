import { describe, expect, it } from 'vitest';
import { recordHash } from '../../../core/lineage/lineage-record.ts';
import { verifyAudit } from '../../../core/lineage/verify-audit.ts';
import { chainOf } from './audit-fixture.ts';
import { MODEL, RECORDS } from './lineage-fixture.ts';

const audited = () => ({
  ...chainOf(
    MODEL,
    RECORDS.map((record) => ({ subject: record.sk, sha256: recordHash(record) })),
  ),
  records: RECORDS,
});

describe('verifying an audit chain', () => {
  it('finds an untouched chain intact', () => {
    expect(verifyAudit(MODEL, audited())).toEqual({
      model: MODEL,
      verdict: 'intact',
      records: RECORDS.length,
      broken: null,
      differing: [],
    });
  });

  it('names the first broken link and holds no record against a broken chain', () => {
    const { stored, ...rest } = audited();
    const verdict = verifyAudit(MODEL, { ...rest, stored: stored.toSpliced(2, 1) });
    expect(verdict).toMatchObject({ verdict: 'broken', broken: { sequence: 2 }, differing: [] });
  });

  it.each([
    ['detail', { detail: '{"rows":9}' }],
    ['parents', { parents: ['intake#other'] }],
    ['time', { at: '2002-01-01T00:00:00.000Z' }],
  ])('names a lineage record whose %s was changed behind the chain', (_, changed) => {
    const records = RECORDS.map((record, i) => (i === 1 ? { ...record, ...changed } : record));
    expect(verifyAudit(MODEL, { ...audited(), records })).toMatchObject({
      verdict: 'broken',
      broken: null,
      differing: [{ record: 'dataset#d-1', reason: 'its content is not what audit record 1 vouches for' }],
    });
  });

  it('names a record that was removed, and one that was put into the table', () => {
    const [first, ...others] = RECORDS;
    const records = [...others, ...(first === undefined ? [] : [{ ...first, sk: 'intake#forged', id: 'forged' }])];
    expect(verifyAudit(MODEL, { ...audited(), records }).differing).toEqual([
      { record: 'intake#forged', reason: expect.stringContaining('no audit record vouches for it') },
      { record: 'intake#i-1', reason: 'the chain vouches for it, and it is not there' },
    ]);
  });

  it('vouches for a record by its first link', () => {
    const subjects = RECORDS.map((record) => ({ subject: record.sk, sha256: recordHash(record) }));
    const twice = chainOf(MODEL, [...subjects, { subject: 'dataset#d-1', sha256: 'f'.repeat(64) }]);
    expect(verifyAudit(MODEL, { ...twice, records: RECORDS }).verdict).toBe('intact');
  });

  it('is intact when nothing was recorded yet', () => {
    expect(verifyAudit(MODEL, { stored: [], head: undefined, records: [] })).toMatchObject({
      verdict: 'intact',
      records: 0,
    });
  });
});
