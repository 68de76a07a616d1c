import type { AuditVerdict } from '../../contracts/lineage.ts';
import type { AuditRecord, LineageRecord } from '../../contracts/records.ts';
import type { AuditHead } from './audit-chain.ts';
import { recordHash } from './lineage-record.ts';
import { type StoredAudit, verifyChain } from './verify-chain.ts';

/** What is known of a model's chain and of what it vouches for. */
export interface AuditedRecords {
  /** Audit records in order of their keys. */
  readonly stored: readonly StoredAudit[];
  /** The newest link as the table counts it. */
  readonly head: AuditHead | undefined;
  /** Lineage records; none: only the chain itself is verified. */
  readonly records: readonly LineageRecord[];
}

/**
 * Recomputes a model's chain and holds the lineage records against it: the chain must vouch for every record, and every record must be
 * there and say what the chain vouches for.
 */
export function verifyAudit(model: string, { stored, head, records }: AuditedRecords): AuditVerdict {
  const chain = verifyChain(model, stored, head);
  const differing = chain.kind === 'broken' ? [] : differences(chain.records, records);
  return {
    model,
    verdict: chain.kind === 'intact' && differing.length === 0 ? 'intact' : 'broken',
    records: stored.length,
    broken: chain.kind === 'intact' ? null : { ...chain.link },
    differing,
  };
}

function differences(chain: readonly AuditRecord[], records: readonly LineageRecord[]): AuditVerdict['differing'] {
  const vouched = new Map(chain.toReversed().map((audit) => [audit.subject, audit]));
  const present = new Set(records.map(({ sk }) => sk));
  const gone = records.length === 0 ? [] : [...vouched.keys()].filter((subject) => !present.has(subject));
  return [
    ...records.flatMap((record) => {
      const audit = vouched.get(record.sk);
      if (audit === undefined) return [{ record: record.sk, reason: NOT_VOUCHED }];
      if (audit.sha256 === recordHash(record)) return [];
      return [{ record: record.sk, reason: `its content is not what audit record ${audit.sequence} vouches for` }];
    }),
    ...gone.reverse().map((record) => ({ record, reason: 'the chain vouches for it, and it is not there' })),
  ];
}

const NOT_VOUCHED =
  'no audit record vouches for it: its step is still running or died before it was chained (the next record made from it chains it), or somebody put it there';
