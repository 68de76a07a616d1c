import { z } from 'zod';
import { MonitoringSchema } from './monitoring-config.ts';
import { WindowSchema } from './window.ts';

/** What the schedule of a model sends: all that reconciling needs of the model's config. */
export const ReconcileRequestSchema = z.object({
  model: z.string(),
  every: MonitoringSchema.shape.every,
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

/** What was counted in one window. */
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

export const ReconcileResultSchema = z.object({
  window: WindowSchema,
  /** Null while no model serves. */
  reconciliation: ReconciliationSchema.nullable(),
  /** True when the window was due and has no verdict. */
  late: z.boolean(),
});
