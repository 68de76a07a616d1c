import { type AuditRecord, AuditRecordSchema } from '../../contracts/records.ts';
import { canonicalJson, sha256 } from './canonical-json.ts';

/** What happened, to be chained: ids and hashes only. */
export interface AuditFact {
  readonly model: string;
  /** The kind of fact, such as `dataset` or `deployment`. */
  readonly what: string;
  /** The lineage record it is about, its sort key. */
  readonly subject: string;
  /** SHA-256 of what the lineage record says. */
  readonly sha256: string;
}

/** The newest link of a chain: its number and the hash of its text. */
export interface AuditHead {
  readonly sequence: number;
  readonly sha256: string;
}

/** `previous` of the first record of a chain. */
export const CHAIN_START = '0'.repeat(64);

/** Names a fact: the same fact has the same id, so that it is chained once. */
export function factId(fact: AuditFact): string {
  return sha256(canonicalJson(fact));
}

/** The record that follows `head`, as text; its hash becomes `previous` of the one after. */
export function nextAuditRecord(head: AuditHead | undefined, fact: AuditFact, at: string): string {
  const { model, what, subject, sha256 } = fact;
  const record: AuditRecord = {
    model,
    sequence: head === undefined ? 0 : head.sequence + 1,
    previous: head?.sha256 ?? CHAIN_START,
    at,
    what,
    subject,
    sha256,
  };
  return canonicalJson(record);
}

export type ChainVerdict =
  | { readonly kind: 'intact'; readonly records: number }
  | { readonly kind: 'broken'; readonly sequence: number; readonly reason: string };

/** Recomputes a whole chain from the stored texts, in order of sequence, and names the first broken link. */
export function verifyChain(texts: readonly string[]): ChainVerdict {
  let previous = CHAIN_START;
  for (const [sequence, text] of texts.entries()) {
    const reason = brokenLink(text, sequence, previous);
    if (reason !== undefined) return { kind: 'broken', sequence, reason };
    previous = sha256(text);
  }
  return { kind: 'intact', records: texts.length };
}

function brokenLink(text: string, sequence: number, previous: string): string | undefined {
  const record = parsed(text);
  if (record === undefined) return 'the record cannot be read';
  if (record.sequence !== sequence) return `a record is missing: found number ${record.sequence} in its place`;
  if (record.previous !== previous) return 'the hash of the record before does not match';
  return undefined;
}

function parsed(text: string): AuditRecord | undefined {
  try {
    return AuditRecordSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
