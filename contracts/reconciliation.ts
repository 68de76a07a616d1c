import { z } from 'zod';
import { MonitoringSchema } from './monitoring-config.ts';
import { WindowSchema } from './window.ts';

/** What the schedule of a model sends: all that reconciling needs of the model's config. */
export const ReconcileRequestSchema = z.object({
  model: z.string(),
  /** Length of the windows that are judged. */
  every: MonitoringSchema.shape.every,
  /** Length of the windows that are counted over: no longer than those that are judged. */
  countEvery: MonitoringSchema.shape.every,
  lagMinutes: z.int(),
  /** Columns of a CSV request, in order. */
  columns: z.array(z.string()),
  /** Minutes after the window's verdict was due at which this runs. */
  delayMinutes: z.number(),
  /** False when windows are judged at times of the model's own; then no verdict is missed here. */
  expectsVerdict: z.boolean(),
  /** ISO instant at which the schedule fired. */
  scheduledAt: z.string(),
});
export type ReconcileRequest = z.infer<typeof ReconcileRequestSchema>;

/** What CloudWatch counted of an endpoint's variant in a window. */
export const InvocationCountsSchema = z.object({
  invocations: z.int(),
  /** Answered 4XX or 5XX. */
  failed: z.int(),
});
export type InvocationCounts = z.infer<typeof InvocationCountsSchema>;

/** What capture files say about one window. */
export const CaptureTallySchema = z.object({
  /** Requests with a prediction in their answer. */
  answered: z.int(),
  /** Requests with an answer that no prediction could be read from, and lines that are no request. */
  unreadable: z.int(),
  /** Rows of the answered requests. */
  rows: z.int(),
  explained: z.int(),
  /** Answered requests so near to the window's start, on either side, that the metric may count them on the other. */
  nearStart: z.int(),
  /** The same of its end. */
  nearEnd: z.int(),
});
export type CaptureTally = z.infer<typeof CaptureTallySchema>;

/** Both of a window held against each other. */
export const ReconciliationSchema = z.object({
  /** Requests the endpoint answered: invocations without those that failed. */
  invocations: z.int(),
  failed: z.int(),
  /** Answered requests among the captured ones. */
  captured: z.int(),
  rows: z.int(),
  explained: z.int(),
  /** Requests so near to the window's ends that metric and capture may count them in different windows. */
  nearEdges: z.int(),
  notCaptured: z.int(),
  notExplained: z.int(),
  /** The larger of the two. */
  gap: z.int(),
});
export type Reconciliation = z.infer<typeof ReconciliationSchema>;

/** A window that was counted over; it is not counted again. */
export const ReconciledWindowSchema = z.object({
  window: WindowSchema,
  counts: InvocationCountsSchema,
  tally: CaptureTallySchema,
  reconciliation: ReconciliationSchema,
  /** Requests lost since midnight (UTC) that no count of the day had told before: seen only in the sum, where inner edges cancel. */
  untold: z.int(),
});
export type ReconciledWindow = z.infer<typeof ReconciledWindowSchema>;

/** Everything counted over that began on one UTC day, oldest first: one document in the lake. */
export const ReconciledDaySchema = z.object({
  model: z.string(),
  day: z.string(),
  counted: z.array(ReconciledWindowSchema),
});
export type ReconciledDay = z.infer<typeof ReconciledDaySchema>;

export const ReconcileResultSchema = z.object({
  /** What this run counted over, oldest first: one window, those that were missed before it, or none (it was counted before, nothing serves). */
  counted: z.array(ReconciledWindowSchema),
  /** Windows that were due and have no verdict. */
  late: z.array(WindowSchema),
});
