import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { CHAIN_START, factId, nextAuditRecord } from '../../../core/lineage/audit-chain.ts';

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
});

test('a fact has one id, and another fact another', () => {
  expect(factId(fact('a'))).toBe(factId({ ...fact('a') }));
  expect(factId(fact('a'))).not.toBe(factId(fact('b')));
});
