import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { auditKey } from '../../../contracts/keys.ts';
import { type AuditHead, CHAIN_START } from '../../../core/lineage/audit-chain.ts';
import { canonicalJson, sha256 } from '../../../core/lineage/canonical-json.ts';
import { type StoredAudit, verifyChain } from '../../../core/lineage/verify-chain.ts';
import { chainOfLength } from './audit-fixture.ts';

const LENGTH = 10;
const at = (stored: readonly StoredAudit[], index: number): StoredAudit => stored[index] ?? { key: '', text: '' };
const link = (stored: readonly StoredAudit[], head: AuditHead | undefined) => {
  const verdict = verifyChain('m', stored, head);
  return verdict.kind === 'broken' ? verdict.link : undefined;
};
/** A record as somebody would forge it: any field, at a place. */
const forged = (index: number, changed: object): StoredAudit => {
  const { stored } = chainOfLength('m', LENGTH);
  return { key: auditKey('m', index), text: canonicalJson({ ...JSON.parse(at(stored, index).text), ...changed }) };
};

describe('a chain', () => {
  test.each([0, 1, 7])('of %i records that nobody touched is intact, with and without its head', (length) => {
    const { stored, head } = chainOfLength('m', length);
    for (const known of [head, undefined]) {
      const verdict = verifyChain('m', stored, known);
      expect(verdict.kind === 'intact' && verdict.records.length).toBe(length);
    }
  });

  test('is intact when a record was stored twice with the same bytes', () => {
    const { stored, head } = chainOfLength('m', LENGTH);
    expect(link(stored.toSpliced(4, 0, at(stored, 4)), head)).toBeUndefined();
  });

  test('breaks at the first record that was changed in any byte, or right behind it', () => {
    fc.assert(
      fc.property(fc.nat(LENGTH - 1), fc.nat(), fc.integer({ min: 33, max: 126 }), (index, place, code) => {
        const { stored, head } = chainOfLength('m', LENGTH);
        const { key, text } = at(stored, index);
        const position = place % text.length;
        fc.pre(text.charCodeAt(position) !== code);
        const changed = text.slice(0, position) + String.fromCharCode(code) + text.slice(position + 1);
        const found = link(stored.with(index, { key, text: changed }), head);
        expect([index, index + 1]).toContain(found?.sequence);
      }),
    );
  });
});

describe('damage is named by number, object and kind', () => {
  const { stored, head } = chainOfLength('m', LENGTH);
  const other = chainOfLength('other', LENGTH).stored;
  const end: AuditHead = head ?? { sequence: 0, sha256: CHAIN_START };
  test.each<[string, readonly StoredAudit[], AuditHead, number, string | null, RegExp]>([
    ['a changed record', stored.with(3, forged(3, { at: '2002' })), end, 4, auditKey('m', 4), /does not match.*0003/],
    [
      'a changed newest record',
      stored.with(9, forged(9, { at: '2002' })),
      end,
      9,
      auditKey('m', 9),
      /whose hash the table/,
    ],
    ['a removed record', stored.toSpliced(2, 1), end, 2, auditKey('m', 3), /is missing.*0003\.json lies where/],
    ['a removed first record', stored.slice(1), end, 0, auditKey('m', 1), /is missing/],
    [
      'an inserted record',
      stored.toSpliced(5, 0, { ...at(stored, 4), key: 'audit/m/0000000004a.json' }),
      end,
      5,
      'audit/m/0000000004a.json',
      /lies where/,
    ],
    [
      'swapped records',
      stored.with(3, { ...at(stored, 4), key: auditKey('m', 3) }).with(4, { ...at(stored, 3), key: auditKey('m', 4) }),
      end,
      3,
      auditKey('m', 3),
      /found number 4 in its place/,
    ],
    ['a tail cut off', stored.slice(0, 6), end, 6, null, /counts 10 records, and 6 are stored: the end was cut off/],
    ['the newest record cut off', stored.slice(0, 9), end, 9, null, /its writer died/],
    ['a fork', stored.toSpliced(6, 0, forged(5, { subject: 'run#x' })), end, 5, auditKey('m', 5), /the chain forks/],
    [
      'a head that was set back',
      stored,
      { sequence: 7, sha256: sha256(at(stored, 7).text) },
      8,
      auditKey('m', 9),
      /set back, or records were added/,
    ],
    [
      'a head with another hash',
      stored,
      { ...end, sha256: 'f'.repeat(64) },
      9,
      auditKey('m', 9),
      /one of the two was changed/,
    ],
    [
      'another model’s record',
      stored.with(4, { ...at(other, 4), key: auditKey('m', 4) }),
      end,
      4,
      auditKey('m', 4),
      /chain of other/,
    ],
    [
      'a record that is none',
      stored.with(4, { key: auditKey('m', 4), text: '[]' }),
      end,
      4,
      auditKey('m', 4),
      /cannot be read/,
    ],
    [
      'a chain of its own from the middle on',
      [...stored.slice(0, 5), ...refounded()],
      end,
      5,
      auditKey('m', 5),
      /hash of the record before/,
    ],
  ])('%s', (_, damaged, counted, sequence, key, reason) => {
    const found = link(damaged, counted);
    expect(found).toMatchObject({ sequence, key });
    expect(found?.reason).toMatch(reason);
  });

  test('in a chain of ten thousand records, wherever it is', () => {
    const long = chainOfLength('m', 10_000);
    expect(link(long.stored, long.head)).toBeUndefined();
    for (const index of [0, 5000, 9998])
      expect(link(long.stored.toSpliced(index, 1), long.head)).toMatchObject({ sequence: index });
  });
});

/** Records 5 to 9 chained among themselves, as if nothing had been before. */
function refounded(): StoredAudit[] {
  let previous = CHAIN_START;
  return Array.from({ length: 5 }, (_, index) => {
    const record = forged(index + 5, { previous });
    previous = sha256(record.text);
    return record;
  });
}
