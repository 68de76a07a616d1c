import { z } from 'zod';
import { GateDecisionSchema } from './gates.ts';
import { CompleteModelSchema } from './model-config.ts';

/** What the training machine and its functions say to each other. */

const model = CompleteModelSchema;

/** `execution` is the training machine's execution name; it is the run id. */
export const SnapshotRequestSchema = z.object({
  model,
  execution: z.string(),
  datasetVersions: z.array(z.string()).min(1),
  /** Source bundle of the run, below `code/<model>/`. */
  codeUri: z.string(),
});
export const SnapshotResultSchema = z.object({
  snapshotId: z.string(),
  /** `s3://…/` prefixes for the two training channels, and the test features. */
  trainUri: z.string(),
  validationUri: z.string(),
  testUri: z.string(),
  /** `s3://…/` prefix of the channel with `model.json` (`TrainingConfigSchema`). */
  configUri: z.string(),
  rows: z.object({ train: z.int(), validation: z.int(), test: z.int() }),
  /** Name for the training job, transform jobs and SageMaker Model of this run (≤ 63 characters, never used before). */
  jobName: z.string(),
  /** SageMaker Model that serves now, or null before the first deployment. */
  championModelName: z.string().nullable(),
  /** The source bundle, named by its content; `codeHash` is its SHA-256. */
  codeUri: z.string(),
  codeHash: z.string(),
});

export const GatesRequestSchema = z.object({
  model,
  execution: z.string(),
  snapshotId: z.string(),
  jobName: z.string(),
  championModelName: z.string().nullable(),
  reason: z.string(),
});
export const GatesResultSchema = z.object({
  decision: GateDecisionSchema,
  gatesKey: z.string(),
  modelCardKey: z.string(),
  /** Strings, as `CustomerMetadataProperties` wants them. */
  metadata: z.record(z.string(), z.string()),
});
