import { z } from 'zod';

/**
 * How a new version takes over traffic. `canary`, `linear` and `rolling` shift by share of the fleet, so they need two instances or
 * more; with one instance only `all-at-once` (with bake and alarms) is possible.
 */
export const StrategySchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('canary'),
    /** Share of the fleet that gets traffic first, 1–50 %. */
    percent: z.int().min(1).max(50),
    /** How long the canary bakes before the rest follows, seconds (60–3600). */
    bakeSeconds: z.int().min(60).max(3600),
    /** How long the old fleet is kept after all traffic moved, seconds (0–3600). Left out: 600. */
    keepOldSeconds: z.int().min(0).max(3600).optional(),
  }),
  z.strictObject({
    kind: z.literal('linear'),
    /** Share moved in each step, 10–50 %. */
    stepPercent: z.int().min(10).max(50),
    bakeSeconds: z.int().min(60).max(3600),
    keepOldSeconds: z.int().min(0).max(3600).optional(),
  }),
  z.strictObject({
    kind: z.literal('rolling'),
    /** Share replaced in each batch, 5–50 %. */
    batchPercent: z.int().min(5).max(50),
    bakeSeconds: z.int().min(60).max(3600),
  }),
  z.strictObject({
    kind: z.literal('all-at-once'),
    /** How long the old fleet is kept, watched by the alarms, seconds (0–3600). Left out: 600. */
    keepOldSeconds: z.int().min(0).max(3600).optional(),
  }),
]);
export type Strategy = z.infer<typeof StrategySchema>;

/** The green-fleet alarms that roll a deployment back. */
export const RollbackAlarmsSchema = z.strictObject({
  /** Share of green requests answered 5xx above which the deployment is rolled back, 0–1. Left out: 0.01. */
  errorShare: z.number().gt(0).lt(1).optional(),
  /** Mean model latency of the green fleet, milliseconds, above which it is rolled back. Left out: 1000. */
  latencyMilliseconds: z.number().positive().optional(),
  /** Period of these alarms, seconds. Left out: 60. */
  periodSeconds: z.union([z.literal(10), z.literal(30), z.int().multipleOf(60).min(60).max(3600)]).optional(),
});

/** A SageMaker instance type, such as `ml.m5.large`. */
export const InstanceTypeSchema = z
  .string()
  .regex(/^ml\.[a-z0-9-]+\.[a-z0-9]+$/, 'must be a SageMaker instance type such as ml.m5.large');

/** What realtime and async endpoints have in common: a fleet, and how a new version takes over. */
const FLEET = {
  instanceType: InstanceTypeSchema,
  instanceCount: z.int().min(1).max(100),
  strategy: StrategySchema,
  /** Left out: the defaults of each alarm. */
  rollback: RollbackAlarmsSchema.optional(),
};

/** How a model answers. There is no default: each form has its own price and limits (`modelway plan` prints them). */
export const ServingSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('realtime'), ...FLEET }),
  z.strictObject({
    kind: z.literal('serverless'),
    memoryMegabytes: z.union([
      z.literal(1024),
      z.literal(2048),
      z.literal(3072),
      z.literal(4096),
      z.literal(5120),
      z.literal(6144),
    ]),
    maxConcurrency: z.int().min(1).max(200),
  }),
  z.strictObject({ kind: z.literal('async'), ...FLEET }),
  z.strictObject({ kind: z.literal('batch'), instanceType: InstanceTypeSchema }),
]);
export type Serving = z.infer<typeof ServingSchema>;

/** Instance type of the two batch jobs that score candidate and champion; a serverless model has none of its own. */
export function scoringInstanceType(serving: Serving): string {
  return serving.kind === 'serverless' ? 'ml.m5.large' : serving.instanceType;
}

/**
 * The deployment spec: an SSM parameter per model that the deployment machine reads at run time and that shows in the template how
 * the model is served. Field names of `deploymentConfig` are SageMaker's own (`UpdateEndpoint`).
 */
export const DeploymentSpecSchema = z.object({
  endpointName: z.string(),
  variantName: z.string(),
  instanceType: z.string(),
  instanceCount: z.number(),
  captureUri: z.string(),
  deploymentConfig: z.record(z.string(), z.unknown()),
  greenAlarms: z.array(
    z.object({
      name: z.string(),
      metricName: z.string(),
      statistic: z.string(),
      threshold: z.number(),
      periodSeconds: z.number(),
    }),
  ),
});
export type DeploymentSpec = z.infer<typeof DeploymentSpecSchema>;
