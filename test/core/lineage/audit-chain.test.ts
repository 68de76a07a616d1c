import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CHAIN_START, factId, nextAuditRecord, verifyChain } from '../../../core/lineage/audit-chain.ts';

const fact = (subject: string) => ({ model: 'm', what: 'dataset', subject, sha256: 'f'.repeat(64) });
const hash = (text: string) => createHash('sha256').update(text).digest('hex');

/** A chain of some length, built as the writer builds it. */
function chain(length: number): string[] {
  const texts: string[] = [];
  for (let sequence = 0; sequence < length; sequence++) {
    const last = texts.at(-1);
    const head = last === undefined ? undefined : { sequence: sequence - 1, sha256: hash(last) };
    texts.push(nextAuditRecord(head, fact(`s${sequence}`), '2001-01-01T00:00:00Z'));
  }
  return texts;
}

describe('a chain', () => {
  test('begins with zeros and names the hash of the record before', () => {
    const [first = '', second = ''] = chain(2);
    expect(JSON.parse(first)).toEqual({
      ...fact('s0'),
      sequence: 0,
      previous: CHAIN_START,
      at: '2001-01-01T00:00:00Z',
    });
    expect(JSON.parse(second)).toMatchObject({ sequence: 1, previous: hash(first) });
  });

  test('is intact at any length', () => {
    for (const length of [0, 1, 7]) expect(verifyChain(chain(length))).toEqual({ kind: 'intact', records: length });
  });

  test('breaks at the first record that was changed in any byte, or right behind it', () => {
    fc.assert(
      fc.property(fc.nat(8), fc.nat(), fc.integer({ min: 33, max: 126 }), (index, place, code) => {
        const texts = chain(10);
        const text = texts[index] ?? '';
        const at = place % text.length;
        fc.pre(text.charCodeAt(at) !== code);
        texts[index] = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
        const verdict = verifyChain(texts);
        expect(verdict.kind).toBe('broken');
        if (verdict.kind === 'broken') expect([index, index + 1]).toContain(verdict.sequence);
      }),
    );
  });

  test('breaks where a record is missing or two are exchanged', () => {
    const texts = chain(5);
    expect(verifyChain(texts.toSpliced(2, 1))).toMatchObject({
      kind: 'broken',
      sequence: 2,
      reason: expect.stringContaining('missing'),
    });
    expect(verifyChain([texts[1] ?? '', texts[0] ?? ''])).toMatchObject({ kind: 'broken', sequence: 0 });
    expect(verifyChain(['not json'])).toEqual({ kind: 'broken', sequence: 0, reason: 'the record cannot be read' });
  });
});

test('a fact has one id, and another fact another', () => {
  expect(factId(fact('a'))).toBe(factId({ ...fact('a') }));
  expect(factId(fact('a'))).not.toBe(factId(fact('b')));
});
