import { z } from 'zod';
import { FindingSchema } from './findings.ts';

/**
 * Uploads larger than one invocation. Rows that lie in lines are cut into shards; whatever cannot be cut goes to one processing job.
 */

/** From which sizes on an upload is too large for what; bytes. */
export const LargeUploadLimitsSchema = z.strictObject({
  /** Most bytes of an uncompressed upload that one invocation takes. Left out: 1 GiB. */
  plainBytes: z
    .int()
    .positive()
    .default(2 ** 30),
  /** Most bytes of a compressed one, of which nobody knows what it unpacks to. Left out: 128 MiB. */
  packedBytes: z
    .int()
    .positive()
    .default(128 * 2 ** 20),
  /** Bytes of a shard. Left out: 256 MiB. */
  shardBytes: z
    .int()
    .positive()
    .default(256 * 2 ** 20),
  /** Most bytes that are cut into shards; their accepted rows must fit on one function's disk. Left out: 10 GiB. */
  mapBytes: z
    .int()
    .positive()
    .default(10 * 2 ** 30),
});
export type LargeUploadLimits = z.infer<typeof LargeUploadLimitsSchema>;

/** The limits of a platform that sets none. */
export const DEFAULT_LARGE_UPLOADS: LargeUploadLimits = LargeUploadLimitsSchema.parse({});

/** Formats whose rows lie in lines. */
export const LINE_FORMATS = ['csv', 'json-lines'] as const;

/** Bytes of an upload: from the first to before the second. */
export const ByteRangeSchema = z.object({ from: z.int().nonnegative(), to: z.int().positive() });
export type ByteRange = z.infer<typeof ByteRangeSchema>;

/** How an upload is cut. */
export const LineShardsSchema = z.object({
  format: z.enum(LINE_FORMATS),
  /** Bytes at the front that every shard needs before its own: the header of CSV, with its line end. */
  headerBytes: z.int().nonnegative(),
  ranges: z.array(ByteRangeSchema).min(1),
});
export type LineShards = z.infer<typeof LineShardsSchema>;

/** What one shard found; rows are counted from the shard's first. */
export const ShardOutcomeSchema = z.object({
  /** False: a quote was met, so that a line may not be a row, or a line without end; what else is said here means nothing. */
  splittable: z.boolean(),
  rows: z.int(),
  setAside: z.int(),
  /** The reading ended before the shard did: what follows cannot be read. */
  stopped: z.boolean(),
  findings: z.array(FindingSchema),
  findingsTotal: z.int(),
  /** Whether rows were put into quarantine. */
  quarantined: z.boolean(),
  /** Rows of each Parquet part. */
  parts: z.array(z.int()),
});
export type ShardOutcome = z.infer<typeof ShardOutcomeSchema>;
