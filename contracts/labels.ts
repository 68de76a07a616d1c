import { z } from 'zod';

/**
 * What became of one prediction. One JSON object a line (JSON Lines), or CSV with a header of these names. A label belongs to row `row`
 * of the request that was sent with `inferenceId`; it may come late, again, or never.
 */
export const LabelSchema = z.strictObject({
  /** The caller's id of the request. */
  inferenceId: z.string().min(1).max(64),
  /** Row of the request, counted from 0. Left out: 0, the only row. */
  row: z.int().nonnegative().default(0),
  /** What was to be predicted: 0 or 1 (`true` and `false` too). */
  label: z.union([z.literal(0), z.literal(1), z.boolean().transform(Number)]),
  /** What the row was worth, in the unit of the business metrics that read it. Left out: none. */
  value: z.number().optional(),
  /** When the request was answered, ISO instant. Left out: the windows of the label horizon are searched, newest first. */
  predictedAt: z.iso.datetime({ offset: true }).optional(),
  /** When the outcome became known, ISO instant. Left out: when the label arrived. */
  at: z.iso.datetime({ offset: true }).optional(),
});
export type Label = z.output<typeof LabelSchema>;
