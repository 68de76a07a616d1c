import { z } from 'zod';
import { CompleteModelSchema } from './model-config.ts';

/** What the deployment machine and its functions say to each other. */

const model = CompleteModelSchema;

export const SmokeTestRequestSchema = z.object({
  model,
  endpointName: z.string(),
  /** The package the endpoint must answer with. */
  modelPackageArn: z.string(),
});
export const SmokeTestResultSchema = z.object({
  passed: z.boolean(),
  reason: z.string(),
  latencyMilliseconds: z.number(),
});

/** Writes the live pointer (conditionally), then deletes endpoint configs and models that neither serve now nor served before. */
export const PromoteRequestSchema = z.object({
  model,
  execution: z.string(),
  endpointName: z.string(),
  modelPackageArn: z.string(),
  modelName: z.string(),
  endpointConfigName: z.string(),
  /** Endpoint config that served before, or the empty string. */
  previousConfigName: z.string(),
  /** The run that made the package (its `run` metadata). */
  runId: z.string(),
});
export const PromoteResultSchema = z.object({ deleted: z.array(z.string()) });
