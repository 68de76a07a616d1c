import { z } from 'zod';

/**
 * Lineage: one DynamoDB table. `pk` is `model#<model>`, `sk` is `<kind>#<id>`; `parents` are the `sk`s a record was made from.
 * Every record is immutable but `pointer#live`, `lock#endpoint`, `counter#audit`, `slot#training` and `waits#<trigger>`.
 */
export const RECORD_KINDS = [
  'dataset',
  'intake',
  'snapshot',
  'run',
  'reproduction',
  'package',
  'deployment',
  'window',
  'labels',
  'decision',
  'failure',
] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

export const modelPartition = (model: string) => `model#${model}`;
export const recordSort = (kind: RecordKind, id: string) => `${kind}#${id}`;
export const LIVE_POINTER = 'pointer#live';
export const ENDPOINT_LOCK = 'lock#endpoint';
export const AUDIT_COUNTER = 'counter#audit';
/** The training run that was let in last; whoever wants the next one moves it, so that one of many gets it. */
export const TRAINING_SLOT = 'slot#training';
/** Runs that were let in, in the order of time: what a month has cost is read from here. */
export const begunSort = (at: string, run = '') => `begun#${at}${run === '' ? '' : `#${run}`}`;
/** The execution that waits to ask again, one for each trigger. */
export const waitsSort = (trigger: string) => `waits#${trigger}`;

/** Kinds of record whose ids say nothing of time; the index `BY_TIME` holds them in the order in which they were written. */
export const TIMED_KINDS = ['dataset', 'run'] as const satisfies readonly RecordKind[];
export const BY_TIME = 'by-time';
/** Sort key of that index: `<kind>#<at>`; other items do not have it and are not in the index. */
export const TIME_ATTRIBUTE = 'byTime';

/** One lineage record as stored; `detail` is the kind's own value as JSON text, at most 300 KB. */
export const LineageRecordSchema = z.object({
  pk: z.string(),
  sk: z.string(),
  kind: z.enum(RECORD_KINDS),
  id: z.string(),
  /** ISO instant the record was written. */
  at: z.string(),
  parents: z.array(z.string()),
  detail: z.string(),
});
export type LineageRecord = z.infer<typeof LineageRecordSchema>;

/** One object version that a dataset version was made from; `rows` are its data rows, bad ones included. */
export const DatasetSourceSchema = z.object({
  bucket: z.string(),
  key: z.string(),
  versionId: z.string(),
  sha256: z.string(),
  rows: z.int(),
});
export type DatasetSource = z.infer<typeof DatasetSourceSchema>;

/** A dataset version: immutable, named by the hash of its normalised content. */
export const DatasetDetailSchema = z.object({
  version: z.string(),
  parts: z.array(z.string()),
  rows: z.int(),
  schemaHash: z.string(),
  /** SHA-256 of columns and normalised rows, hex; the version is its beginning. Absent in records of older versions. */
  contentHash: z.string().optional(),
  /** Parts, profile and list of sources by their content. Absent in records of older versions. */
  files: z.array(z.object({ key: z.string(), sha256: z.string() })).optional(),
  /** Key of the profile, a `Baseline`. Absent in records of older versions. */
  profile: z.string().optional(),
  /** The dataset version it was compared with when it was taken in; absent when there was none. */
  comparedWith: z.string().optional(),
  /** The first hundred object versions it was made from. */
  sources: z.array(DatasetSourceSchema),
  /** Number of object versions it was made from, and the key of the list of all; absent when `sources` has all. */
  sourcesTotal: z.int().optional(),
  sourcesKey: z.string().optional(),
  /** Earliest and latest value of the time column, ISO; absent when the data has no time. */
  from: z.string().optional(),
  to: z.string().optional(),
});
export type DatasetDetail = z.infer<typeof DatasetDetailSchema>;

/** What serves now: written by the deployment machine after it verified the endpoint by config name. */
export const LivePointerSchema = z.object({
  packageArn: z.string(),
  modelName: z.string(),
  endpointConfigName: z.string(),
  runId: z.string(),
  since: z.string(),
});
export type LivePointer = z.infer<typeof LivePointerSchema>;

/** Audit record: hashes and ids only, no personal data. `previous` is the SHA-256 of the record before, hex. */
export const AuditRecordSchema = z.object({
  model: z.string(),
  sequence: z.int().nonnegative(),
  previous: z.string(),
  at: z.string(),
  what: z.string(),
  subject: z.string(),
  sha256: z.string(),
});
export type AuditRecord = z.infer<typeof AuditRecordSchema>;
