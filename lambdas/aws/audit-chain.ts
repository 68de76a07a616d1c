import { setTimeout } from 'node:timers/promises';
import { auditKey } from '../../contracts/keys.ts';
import { ModelwayError } from '../../contracts/problems.ts';
import { AuditRecordSchema, type LineageRecord } from '../../contracts/records.ts';
import { factId, nextAuditRecord } from '../../core/lineage/audit-chain.ts';
import { sha256 } from '../../core/lineage/canonical-json.ts';
import { recordHash, sameContent } from '../../core/lineage/lineage-record.ts';
import type { AuditLedger } from './audit-ledger.ts';
import type { Lake } from './lake.ts';
import type { LineageTable } from './lineage-table.ts';
import { recordConflict } from './put-once.ts';

/** What records are written and chained with. */
export interface Chaining {
  readonly lineage: LineageTable;
  readonly ledger: AuditLedger;
  readonly auditBucket: Lake;
}

/** Of many writers at once, one gets on with each try; later tries wait longer and longer, a quarter of a minute in all. */
const MOST_TRIES = 100;
const QUICK_TRIES = 5;
const LONGEST_PAUSE_MILLISECONDS = 250;

/** Kinds that functions write themselves, without a link; whatever is made from them chains them. */
const WRITTEN_UNCHAINED = /^(dataset|snapshot)#/;
/** Parents of one record that are looked at, the last ones; older ones were looked at with the records before. */
const MOST_PARENTS = 100;

/**
 * Writes a lineage record and its link of the audit chain in one transaction, and the link to the locked bucket. Doing it again
 * changes nothing, and finishes what an earlier try left undone.
 * @param vouchFor sort keys of records that may lack a link, beside the record's parents
 * @throws ModelwayError `record-conflict` when a record of that name says something else
 */
export async function chainRecord(record: LineageRecord, vouchFor: readonly string[], tools: Chaining): Promise<void> {
  const model = record.pk.slice(record.pk.indexOf('#') + 1);
  await chainUnchained(model, [...record.parents, ...vouchFor], tools);
  await chain(model, record, tools);
}

/** Chains records that are in the table and have no link yet, those they were made from first. */
async function chainUnchained(model: string, sorts: readonly string[], tools: Chaining): Promise<void> {
  const unsure = [...new Set(sorts)].filter((sort) => WRITTEN_UNCHAINED.test(sort)).slice(-MOST_PARENTS);
  const records = await Promise.all(unsure.map((sort) => tools.lineage.get(model, sort)));
  for (const record of records) {
    if (record === undefined || (await tools.ledger.entry(model, factId(factOf(model, record)))) !== undefined)
      continue;
    await chainUnchained(model, record.parents, tools);
    await chain(model, record, tools);
  }
}

async function chain(model: string, record: LineageRecord, tools: Chaining): Promise<void> {
  const { lineage, ledger, auditBucket } = tools;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const stored = await lineage.get(model, record.sk);
    if (stored !== undefined && !sameContent(stored, record)) throw recordConflict(stored);
    const fact = factOf(model, stored ?? record);
    const id = factId(fact);
    const known = stored === undefined ? undefined : await ledger.entry(model, id);
    if (known !== undefined) return store(known, auditBucket);
    const after = await ledger.head(model);
    // Before the chain grows, its newest record must be stored: so at most one is ever missing, and it is known.
    if (after !== undefined) await store(after.text, auditBucket);
    const text = nextAuditRecord(after, fact, (stored ?? record).at);
    const head = { sequence: after === undefined ? 0 : after.sequence + 1, sha256: sha256(text), text };
    const link = { model, factId: id, head, after, record: stored === undefined ? record : undefined };
    if ((await ledger.append(link)) === 'written') return store(text, auditBucket);
    if (tries >= QUICK_TRIES) await setTimeout(Math.random() * Math.min(LONGEST_PAUSE_MILLISECONDS, 10 * tries));
  }
  throw new ModelwayError('audit-contention', 'aws', [
    { path: model, message: `could not be chained in ${MOST_TRIES} tries: too many writers at once` },
  ]);
}

const factOf = (model: string, record: LineageRecord) => ({
  model,
  what: record.kind,
  subject: record.sk,
  sha256: recordHash(record),
});

async function store(text: string, bucket: Lake): Promise<void> {
  const { model, sequence } = AuditRecordSchema.parse(JSON.parse(text));
  const key = auditKey(model, sequence);
  if (!(await bucket.exists(key))) await bucket.putText(key, text, 'application/json');
}
