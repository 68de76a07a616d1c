import type { AuditVerdict } from '../../contracts/lineage.ts';
import { type AuditRecord, AuditRecordSchema, type LineageRecord } from '../../contracts/records.ts';
import { verifyChain } from './audit-chain.ts';
import { sha256 } from './canonical-json.ts';

/** An audit record as it lies in the locked bucket. */
export interface StoredAudit {
  readonly key: string;
  readonly text: string;
}

/**
 * Recomputes a model's chain and holds the lineage records against it: every record must say what the chain vouches for.
 * @param stored audit records in order of their keys, which number them
 * @param records lineage records; none: only the chain itself is verified
 */
export function verifyAudit(
  model: string,
  stored: readonly StoredAudit[],
  records: readonly LineageRecord[],
): AuditVerdict {
  const chain = verifyChain(stored.map(({ text }) => text));
  const differing = chain.kind === 'broken' ? [] : differences(stored, records);
  return {
    model,
    verdict: chain.kind === 'intact' && differing.length === 0 ? 'intact' : 'broken',
    records: stored.length,
    broken:
      chain.kind === 'intact'
        ? null
        : { sequence: chain.sequence, key: stored[chain.sequence]?.key ?? null, reason: chain.reason },
    differing,
  };
}

function differences(stored: readonly StoredAudit[], records: readonly LineageRecord[]): AuditVerdict['differing'] {
  const vouched = new Map<string, AuditRecord>();
  for (const { text } of stored) {
    const audit = AuditRecordSchema.parse(JSON.parse(text));
    if (!vouched.has(audit.subject)) vouched.set(audit.subject, audit);
  }
  const present = new Set(records.map(({ sk }) => sk));
  const gone = records.length === 0 ? [] : [...vouched.keys()].filter((subject) => !present.has(subject));
  return [
    ...records.flatMap(({ sk, detail }) => {
      const audit = vouched.get(sk);
      if (audit === undefined || audit.sha256 === sha256(detail)) return [];
      return [{ record: sk, reason: `its content is not what audit record ${audit.sequence} vouches for` }];
    }),
    ...gone.map((record) => ({ record, reason: 'the chain vouches for it, and it is not there' })),
  ];
}
