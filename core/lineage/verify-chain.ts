import { auditKey } from '../../contracts/keys.ts';
import { type AuditRecord, AuditRecordSchema } from '../../contracts/records.ts';
import { type AuditHead, CHAIN_START } from './audit-chain.ts';
import { sha256 } from './canonical-json.ts';

/** An audit record as it lies in the locked bucket; one key comes more than once when the bucket holds several versions of it. */
export interface StoredAudit {
  readonly key: string;
  readonly text: string;
}

/** The first broken link: its number, the object to look at (null: there is none), and what is wrong. */
export interface BrokenLink {
  readonly sequence: number;
  readonly key: string | null;
  readonly reason: string;
}

export type ChainVerdict =
  | { readonly kind: 'intact'; readonly records: readonly AuditRecord[] }
  | { readonly kind: 'broken'; readonly link: BrokenLink };

/**
 * Recomputes a model's whole chain and names the first broken link: an object that is missing, unreadable, of another model, of another
 * number, double, or not the one that its successor was chained to.
 * @param stored objects in order of their keys, which number them
 * @param head the newest link as the table counts it; without one, records cut off at the end go unnoticed
 */
export function verifyChain(model: string, stored: readonly StoredAudit[], head: AuditHead | undefined): ChainVerdict {
  const records: AuditRecord[] = [];
  let previous = CHAIN_START;
  let last: StoredAudit | undefined;
  for (const { key, text } of stored) {
    // A second version of the same bytes: somebody wrote the record again, which changes nothing.
    if (key === last?.key && text === last.text) continue;
    const found = linkOf(model, { key, text }, records.length, previous, last);
    if (found.kind === 'broken') return found;
    records.push(found.record);
    previous = sha256(text);
    last = { key, text };
  }
  const end = brokenEnd(records.length, previous, last, head);
  return end === undefined ? { kind: 'intact', records } : { kind: 'broken', link: end };
}

type Link =
  | { readonly kind: 'fits'; readonly record: AuditRecord }
  | { readonly kind: 'broken'; readonly link: BrokenLink };

function linkOf(
  model: string,
  { key, text }: StoredAudit,
  sequence: number,
  previous: string,
  last: StoredAudit | undefined,
): Link {
  const broken = (reason: string, number = sequence): Link => ({
    kind: 'broken',
    link: { sequence: number, key, reason },
  });
  if (key === last?.key)
    return broken('two versions of this record say different things: the chain forks', sequence - 1);
  if (key !== auditKey(model, sequence))
    return broken(`a record is missing: ${key} lies where ${auditKey(model, sequence)} belongs`);
  const record = parsed(text);
  if (record === undefined) return broken('the record cannot be read');
  if (record.model !== model) return broken(`the record belongs to the chain of ${record.model}`);
  if (record.sequence !== sequence)
    return broken(`a record is missing or was moved: found number ${record.sequence} in its place`);
  if (record.previous !== previous)
    return broken(
      `the hash of the record before does not match: ${last === undefined ? 'it' : `${last.key} or it`} was changed`,
    );
  return { kind: 'fits', record };
}

function brokenEnd(
  records: number,
  hash: string,
  last: StoredAudit | undefined,
  head: AuditHead | undefined,
): BrokenLink | undefined {
  if (head === undefined) return undefined;
  const counted = head.sequence + 1;
  if (counted > records)
    return {
      sequence: records,
      key: null,
      reason: `the table counts ${counted} records, and ${records} are stored: ${
        counted === records + 1
          ? 'the newest was cut off, or its writer died before it was stored; the next record stores it'
          : 'the end was cut off'
      }`,
    };
  if (counted < records)
    return {
      sequence: counted,
      key: last?.key ?? null,
      reason: `the table counts ${counted} records, and ${records} are stored: its head was set back, or records were added`,
    };
  if (head.sha256 === hash) return undefined;
  return {
    sequence: head.sequence,
    key: last?.key ?? null,
    reason: 'the newest record is not the one whose hash the table holds: one of the two was changed',
  };
}

function parsed(text: string): AuditRecord | undefined {
  try {
    return AuditRecordSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
