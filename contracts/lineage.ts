import { z } from 'zod';
import { LineageRecordSchema, RECORD_KINDS } from './records.ts';

/** One record of a lineage graph. */
export const LineageNodeSchema = z.object({
  /** Sort key of the record: `<kind>#<id>`. */
  id: z.string(),
  kind: z.enum(RECORD_KINDS),
  /** ISO instant it was recorded; null when a record names it and it is not there. */
  at: z.string().nullable(),
  /** What a person wants to know first, in a few words. */
  summary: z.string(),
  /** Hashes, ids and settings by name, as text. */
  facts: z.record(z.string(), z.string()),
});
export type LineageNode = z.infer<typeof LineageNodeSchema>;

/** The document `modelway lineage V --json` prints: all that `root` was made from, and all that was made from it. */
export const LineageGraphSchema = z.object({
  model: z.string(),
  root: z.string(),
  nodes: z.array(LineageNodeSchema),
  /** `to` was made from `from`. */
  edges: z.array(z.object({ from: z.string(), to: z.string() })),
});
export type LineageGraph = z.infer<typeof LineageGraphSchema>;

/** What a rehearsal leaves for `lineage` and `audit` to read, beside its report: `evidence.json`. */
export const EvidenceFileSchema = z.object({
  platform: z.string(),
  model: z.string(),
  records: z.array(LineageRecordSchema),
  /** Audit records as stored, in order of their keys. */
  audit: z.array(z.object({ key: z.string(), text: z.string() })),
  /** The newest audit record as the table counts it; null when there is none, absent when it was not asked for. */
  auditHead: z.object({ sequence: z.int(), sha256: z.string() }).nullable().optional(),
  /** Ids that were answered in a window, by the window's end: the stored index, base64. Absent when it was not asked for. */
  answered: z.record(z.string(), z.string()).optional(),
});
export type EvidenceFile = z.infer<typeof EvidenceFileSchema>;

/** The document `modelway audit verify --json` prints. */
export const AuditVerdictSchema = z.object({
  model: z.string(),
  verdict: z.enum(['intact', 'broken']),
  records: z.int(),
  /** Number and key of the first broken link, and what is wrong with it; null when the chain is intact. */
  broken: z.object({ sequence: z.int(), key: z.string().nullable(), reason: z.string() }).nullable(),
  /** Lineage records whose content is not what the chain vouches for, or that it does not know. */
  differing: z.array(z.object({ record: z.string(), reason: z.string() })),
});
export type AuditVerdict = z.infer<typeof AuditVerdictSchema>;
