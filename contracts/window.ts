import { z } from 'zod';
import { DriftReportSchema, ProfileSchema } from './profile.ts';
import { QualityReportSchema } from './quality.ts';
import { StoredQualityWindowSchema } from './quality-window.ts';

/** A monitored stretch of time, `from` included, `to` not; whole UTC hours, days or ISO weeks. */
export const WindowSchema = z.object({ from: z.string(), to: z.string() });
export type Window = z.infer<typeof WindowSchema>;

/** Why a window is judged: its time had come, late files came, its labels are mature, labels came after that, or somebody asked. */
export const JUDGING_REASONS = ['closed', 'late-files', 'matured', 'labels', 'by-hand'] as const;

/** What was found in the capture files of a window. */
export const CaptureCountsSchema = z.object({
  files: z.int(),
  requests: z.int(),
  /** Rows asked about or answered, smoke tests left out. */
  rows: z.int(),
  /** Rows whose answer carries a whole explanation. */
  explained: z.int(),
  /** Rows answered by another model package than the live one; their inputs count, their predictions do not. */
  otherModel: z.int(),
  /** Requests of deployments' smoke tests, which are no traffic. */
  smokeTests: z.int(),
  /** Records that no row could be read from; up to twenty of them are kept with their reason. */
  bad: z.int(),
  /** Requests of which one side could not be used. */
  partial: z.int(),
});
export type CaptureCounts = z.infer<typeof CaptureCountsSchema>;

/** Capture files of the window's own hours; when a later listing finds others, late files came. */
export const CaptureFilesSchema = z.object({ count: z.int(), bytes: z.number() });
export type CaptureFiles = z.infer<typeof CaptureFilesSchema>;

/** Records that no row could be read from: the first twenty. */
const BadRecordsSchema = z.array(z.object({ reason: z.string(), line: z.string() }));

/** The model that a window is judged as. */
export const WatchedModelSchema = z.object({ packageArn: z.string(), runId: z.string() });
export type WatchedModel = z.infer<typeof WatchedModelSchema>;

/** What was counted in some capture files of a window; counts of parts add up to the counts of the whole. */
export const WindowCountsSchema = z.object({
  captured: CaptureCountsSchema,
  badRecords: BadRecordsSchema,
  profile: ProfileSchema,
  /** Which inference ids were there: sorted 64-bit hashes, base64; null when there are more than five million. */
  ids: z.string().nullable(),
  /** Counts that quality is judged by; null when nothing is known of the model's held-out rows. */
  quality: StoredQualityWindowSchema.nullable(),
  /** How the window's labels agree with each other (the same in every part), and how many found their row. */
  labels: z.object({ distinct: z.int(), repeated: z.int(), contradicting: z.int(), matched: z.int() }),
});
export type WindowCounts = z.infer<typeof WindowCountsSchema>;

/** A window that is too large for one invocation, cut into shards of about the same size. */
export const ShardPlanSchema = z.object({
  id: z.string(),
  window: WindowSchema,
  live: WatchedModelSchema,
  files: CaptureFilesSchema,
  shards: z.int().positive(),
});
export type ShardPlan = z.infer<typeof ShardPlanSchema>;

/** The report of a monitored window, stored as JSON beside its page. */
export const WindowReportSchema = z.object({
  model: z.string(),
  window: WindowSchema,
  /** ISO instant of the report. */
  at: z.string(),
  /** True when the window had been reported before: late files, or a run by hand. */
  amended: z.boolean(),
  /** Why it was judged. Left out by reports made before windows were judged for more than one reason. */
  because: z.enum(JUDGING_REASONS).optional(),
  live: WatchedModelSchema,
  captured: CaptureCountsSchema,
  /** Left out by reports made before late files were looked for. */
  files: CaptureFilesSchema.optional(),
  badRecords: BadRecordsSchema,
  drift: DriftReportSchema,
  /** Which windows were judged together, since this one alone has too few rows; null when it was judged alone. */
  pooled: z.object({ windows: z.array(WindowSchema), message: z.string() }).nullish(),
  /** Null when nothing is known of the model's held-out rows. */
  quality: QualityReportSchema.nullish(),
  /** Profile of the window over the baseline's bins, so that windows can be merged. */
  profile: ProfileSchema,
});
export type WindowReport = z.infer<typeof WindowReportSchema>;
