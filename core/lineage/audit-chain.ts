import type { AuditRecord } from '../../contracts/records.ts';
import { canonicalJson, sha256 } from './canonical-json.ts';

/** What happened, to be chained: ids and hashes only. */
export interface AuditFact {
  readonly model: string;
  /** The kind of fact, such as `dataset` or `deployment`. */
  readonly what: string;
  /** The lineage record it is about, its sort key. */
  readonly subject: string;
  /** `recordHash` of the lineage record. */
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
