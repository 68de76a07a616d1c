import { auditKey } from '../../contracts/keys.ts';
import { ModelwayError } from '../../contracts/problems.ts';
import { type AuditRecord, AuditRecordSchema } from '../../contracts/records.ts';
import { type AuditFact, factId, nextAuditRecord } from '../../core/lineage/audit-chain.ts';
import { sha256 } from '../../core/lineage/canonical-json.ts';
import type { AuditLedger } from './audit-ledger.ts';
import type { Lake } from './lake.ts';

const MOST_TRIES = 50;

/**
 * Chains a fact and stores it in the locked bucket. Doing it again changes nothing: the ledger knows the fact, and only the
 * object is written if the first attempt died before it.
 */
export async function appendAudit(
  ledger: AuditLedger,
  bucket: Lake,
  fact: AuditFact,
  at: string,
): Promise<AuditRecord> {
  const text = await chained(ledger, fact, at);
  const record = AuditRecordSchema.parse(JSON.parse(text));
  const key = auditKey(fact.model, record.sequence);
  if (!(await bucket.exists(key))) await bucket.putText(key, text, 'application/json');
  return record;
}

async function chained(ledger: AuditLedger, fact: AuditFact, at: string): Promise<string> {
  const id = factId(fact);
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const known = await ledger.entry(fact.model, id);
    if (known !== undefined) return known;
    const after = await ledger.head(fact.model);
    const text = nextAuditRecord(after, fact, at);
    const head = { sequence: after === undefined ? 0 : after.sequence + 1, sha256: sha256(text) };
    if ((await ledger.append(fact.model, id, text, head, after)) === 'written') return text;
  }
  throw new ModelwayError('audit-contention', 'aws', [
    { path: fact.model, message: `could not be chained in ${MOST_TRIES} tries: too many writers at once` },
  ]);
}
