import { z } from 'zod';
import { DriftReportSchema, ProfileSchema } from './profile.ts';

/** A monitored stretch of time, `from` included, `to` not; whole UTC hours, days or ISO weeks. */
export const WindowSchema = z.object({ from: z.string(), to: z.string() });
export type Window = z.infer<typeof WindowSchema>;

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

/** The report of a monitored window, stored as JSON beside its page. */
export const WindowReportSchema = z.object({
  model: z.string(),
  window: WindowSchema,
  /** ISO instant of the report. */
  at: z.string(),
  /** True when the window had been reported before: late files, or a run by hand. */
  amended: z.boolean(),
  live: z.object({ packageArn: z.string(), runId: z.string() }),
  captured: CaptureCountsSchema,
  badRecords: z.array(z.object({ reason: z.string(), line: z.string() })),
  drift: DriftReportSchema,
  /** Profile of the window over the baseline's bins, so that windows can be merged. */
  profile: ProfileSchema,
});
export type WindowReport = z.infer<typeof WindowReportSchema>;
