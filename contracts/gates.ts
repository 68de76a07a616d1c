import { z } from 'zod';

const IntervalSchema = z.tuple([z.number(), z.number()]);

/** One gate's outcome; `not-enough-evidence` counts as not passed, and says how many rows would decide. */
export const GateSchema = z.object({
  name: z.enum(['auc', 'non-inferiority', 'golden-rows', 'explanations']),
  verdict: z.enum(['pass', 'fail', 'not-enough-evidence', 'not-applicable']),
  reason: z.string(),
  value: z.number().optional(),
  interval: IntervalSchema.optional(),
  threshold: z.number().optional(),
});
export type Gate = z.infer<typeof GateSchema>;

/** The decision on a candidate, stored with every number and reason. */
export const GateDecisionSchema = z.object({
  passed: z.boolean(),
  reason: z.string(),
  testRows: z.int(),
  gates: z.array(GateSchema),
});
export type GateDecision = z.infer<typeof GateDecisionSchema>;
