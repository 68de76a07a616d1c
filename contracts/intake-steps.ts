import { z } from 'zod';
import { VERDICTS } from './findings.ts';
import { IntakeJobSchema } from './intake-job.ts';
import { IntakeInputSchema } from './machines.ts';
import { CompleteModelSchema } from './model-config.ts';

/** Steps of an intake. One invocation takes in what fits; a larger upload is cut into shards and put together, or read by a job. */
export const IntakeWorkSchema = z.discriminatedUnion('step', [
  /** Decides the route, and takes the upload in when it fits. */
  z.object({ step: z.literal('take') }),
  z.object({ step: z.literal('shard'), shard: z.int().nonnegative() }),
  /** Puts the shards together. */
  z.object({ step: z.literal('merge') }),
  /** Prepares a processing job. */
  z.object({ step: z.literal('job'), reason: z.string() }),
  /** Registers what a processing job found. */
  z.object({ step: z.literal('register') }),
]);

export const IntakeRequestSchema = z.object({
  model: CompleteModelSchema,
  execution: z.string(),
  upload: IntakeInputSchema,
  work: IntakeWorkSchema.default({ step: 'take' }),
});

export const IntakeResultSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('taken'),
    verdict: z.enum(VERDICTS),
    /** The dataset version registered; null when the file was rejected or held back. */
    datasetVersion: z.string().nullable(),
    rows: z.object({ read: z.int(), accepted: z.int(), quarantined: z.int() }),
    reportKey: z.string(),
    /** One sentence for the alert: which rule, row, column and value first. */
    summary: z.string(),
  }),
  /** Every shard is to be judged, then all are to be merged. */
  z.object({ outcome: z.literal('cut'), shards: z.array(z.int()) }),
  z.object({ outcome: z.literal('judged'), rows: z.int() }),
  /** A processing job is to read the upload, and then its findings are to be registered. */
  z.object({ outcome: z.literal('job'), job: IntakeJobSchema }),
]);
/** What an upload was taken in as. */
export type TakenIntake = Extract<z.input<typeof IntakeResultSchema>, { outcome: 'taken' }>;
