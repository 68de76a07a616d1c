import { describe, expect, it } from 'vitest';
import { auditKey } from '../../../contracts/keys.ts';
import { type AuditHead, nextAuditRecord } from '../../../core/lineage/audit-chain.ts';
import { sha256 } from '../../../core/lineage/canonical-json.ts';
import { type StoredAudit, verifyAudit } from '../../../core/lineage/verify-audit.ts';
import { MODEL, RECORDS } from './lineage-fixture.ts';

function chain(): StoredAudit[] {
  let head: AuditHead | undefined;
  return RECORDS.map(({ kind, sk, detail, at }, sequence) => {
    const text = nextAuditRecord(head, { model: MODEL, what: kind, subject: sk, sha256: sha256(detail) }, at);
    head = { sequence, sha256: sha256(text) };
    return { key: auditKey(MODEL, sequence), text };
  });
}

describe('verifying an audit chain', () => {
  it('finds an untouched chain intact', () => {
    expect(verifyAudit(MODEL, chain(), RECORDS)).toEqual({
      model: MODEL,
      verdict: 'intact',
      records: RECORDS.length,
      broken: null,
      differing: [],
    });
  });

  it('names the link after a record that was changed', () => {
    const changed = chain().map((stored, i) =>
      i === 3 ? { ...stored, text: stored.text.replace('2001', '2002') } : stored,
    );
    expect(verifyAudit(MODEL, changed, RECORDS).broken).toEqual({
      sequence: 4,
      key: auditKey(MODEL, 4),
      reason: 'the hash of the record before does not match',
    });
  });

  it('names the place of a record that was removed', () => {
    const stored = chain();
    stored.splice(2, 1);
    expect(verifyAudit(MODEL, stored, RECORDS).broken).toMatchObject({ sequence: 2 });
  });

  it('names a lineage record that was changed behind the chain, and one that was removed', () => {
    const records = RECORDS.slice(1).map((record, i) => (i === 0 ? { ...record, detail: '{"rows":9}' } : record));
    expect(verifyAudit(MODEL, chain(), records)).toMatchObject({
      verdict: 'broken',
      broken: null,
      differing: [
        { record: 'dataset#d-1', reason: 'its content is not what audit record 1 vouches for' },
        { record: 'intake#i-1', reason: 'the chain vouches for it, and it is not there' },
      ],
    });
  });

  it('is intact when nothing was recorded yet', () => {
    expect(verifyAudit(MODEL, [], [])).toMatchObject({ verdict: 'intact', records: 0 });
  });
});
