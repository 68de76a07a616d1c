import { z } from 'zod';
import { DriftReportSchema, ProfileSchema } from './profile.ts';
import { QualityReportSchema } from './quality.ts';
import { StoredQualityWindowSchema } from './quality-window.ts';

/** A monitored stretch of time, `from` included, `to` not; whole UTC hours, days or ISO weeks. */
export const WindowSchema = z.object({ from: z.string(), to: z.string() });
export type Window = z.infer<typeof WindowSchema>;

/** Why a window is judged: its time had come, late files came, its labels are mature, labels came after that, or somebody asked. */
export const JUDGING_REASONS = ['closed', 'late-files', 'matured', 'labels', 'by-hand'] as const;

/** What was found in capture files. Adds up. */
export const FileCountsSchema = z.object({
  files: z.int(),
  requests: z.int(),
  /** Rows asked about or answered, smoke tests left out. */
  rows: z.int(),
  /** Rows whose answer carries a whole explanation. */
  explained: z.int(),
  /** Requests of deployments' smoke tests, which are no traffic. */
  smokeTests: z.int(),
  /** Records that no row could be read from; up to twenty of them are kept with their reason. */
  bad: z.int(),
  /** Requests of which one side could not be used. */
  partial: z.int(),
});
export type FileCounts = z.infer<typeof FileCountsSchema>;

/** What was found in the capture files of a window. */
export const CaptureCountsSchema = FileCountsSchema.extend({
  /** Rows that another version answered than the one that the window's verdicts are about. */
  otherModel: z.int(),
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

/** Which model is taken to have answered where an answer does not say. */
export const AnsweringSchema = z.object({
  live: WatchedModelSchema,
  /** ISO instant from which on it was `live`. */
  since: z.string(),
  /** The package until then; null when that is not known, and then it was `live` as well. */
  before: z.string().nullable(),
});
export type Answering = z.infer<typeof AnsweringSchema>;

/** What one version of the model answered in a window. Adds up, but for `lastAt`, whose latest counts. */
export const VersionCountsSchema = z.object({
  packageArn: z.string(),
  /** The run that made it; null when none is on record, and then its rows are counted and held against nothing. */
  runId: z.string().nullable(),
  rows: z.int(),
  explained: z.int(),
  /** ISO instant of its last answer; empty where no record says when it was. */
  lastAt: z.string(),
  /** Over the bins of its own training baseline. */
  profile: ProfileSchema.nullable(),
  /** Counts that quality is judged by; null when nothing is known of its held-out rows. */
  quality: StoredQualityWindowSchema.nullable(),
});
export type VersionCounts = z.infer<typeof VersionCountsSchema>;

/** What was counted in some capture files of a window; counts of parts add up to the counts of the whole. */
export const WindowCountsSchema = z.object({
  captured: FileCountsSchema,
  badRecords: BadRecordsSchema,
  /** By the version that answered, in the order of their names. */
  versions: z.array(VersionCountsSchema),
  /** Which inference ids were there: sorted 64-bit hashes, base64; null when there are more than five million. */
  ids: z.string().nullable(),
  /** How labels agree with each other, each counted in one part alone, and how many found their row. */
  labels: z.object({ distinct: z.int(), repeated: z.int(), contradicting: z.int(), matched: z.int() }),
});
export type WindowCounts = z.infer<typeof WindowCountsSchema>;

/** A window that is too large for one invocation, cut into shards of about the same size. */
export const ShardPlanSchema = z.object({
  id: z.string(),
  window: WindowSchema,
  answering: AnsweringSchema,
  files: CaptureFilesSchema,
  /** Labels that were there when it was planned: every shard sees the same. */
  labels: z.array(z.object({ key: z.string(), size: z.number() })),
  shards: z.int().positive(),
});
export type ShardPlan = z.infer<typeof ShardPlanSchema>;

/** What a window says of one of the versions that answered in it. */
export const VersionReportSchema = z.object({
  packageArn: z.string(),
  runId: z.string().nullable(),
  rows: z.int(),
  explained: z.int(),
  /** ISO instant of its last answer; empty where no record says when it was. */
  lastAt: z.string(),
  /** Whether the window's verdicts are this version's. */
  judged: z.boolean(),
  /** What was found, or why nothing could be. */
  message: z.string(),
  /** Left out where the window's own parts say it, and where there was nothing to compare. */
  drift: DriftReportSchema.optional(),
  quality: QualityReportSchema.optional(),
  profile: ProfileSchema.optional(),
});
export type VersionReport = z.infer<typeof VersionReportSchema>;

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
  /** Whom answers that name no version were taken for. */
  answering: AnsweringSchema.optional(),
  /** Who answered, the judged version first. Left out by reports made before versions were told apart. */
  versions: z.array(VersionReportSchema).optional(),
  /** Columns of the schema that are not watched, and why. */
  notWatched: z.array(z.object({ column: z.string(), reason: z.string() })).optional(),
  /** Hash of all that the drift verdict follows from, so that the same counts need no second computation. */
  driftFrom: z.string().optional(),
});
export type WindowReport = z.infer<typeof WindowReportSchema>;
