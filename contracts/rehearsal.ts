import { z } from 'zod';

/** The document `modelway rehearse --json` prints. */
export const RehearsalResultSchema = z.object({
  outcome: z.enum(['ok', 'failed']),
  /** Why it failed: station, execution, state, error and log; absent when ok. */
  failure: z.object({ station: z.string(), message: z.string(), log: z.string() }).optional(),
  stages: z.array(z.object({ name: z.string(), seconds: z.number() })),
  totalSeconds: z.number(),
  peakMemoryMB: z.number(),
  /** `at` is virtual time, ISO. */
  timeline: z.array(z.object({ at: z.string(), what: z.string(), who: z.string(), ref: z.string() })),
  models: z.array(z.object({ name: z.string(), versions: z.int(), live: z.string().nullable() })),
  /** Ancestors of the live model as an indented tree, from its deployment back to the uploads. */
  lineage: z.array(z.string()),
  figures: z.record(z.string(), z.union([z.string(), z.number()])),
  awsCalls: z.record(z.string(), z.number()),
  /** Where the rehearsal is known to differ from AWS, and what was not checked. */
  deviations: z.array(z.string()),
});
export type RehearsalResult = z.infer<typeof RehearsalResultSchema>;
