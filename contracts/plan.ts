import { z } from 'zod';

const CountSchema = z.object({ what: z.string(), count: z.int() });

/** One line of a bill; `monthly` is null when the price of that instance type is not in the list. */
const CostLineSchema = z.object({
  what: z.string(),
  quantity: z.number(),
  each: z.number().nullable(),
  monthly: z.number().nullable(),
});
export type CostLine = z.infer<typeof CostLineSchema>;

const ModelPlanSchema = z.object({
  name: z.string(),
  stack: z.string(),
  serving: z.string(),
  resources: z.array(CountSchema),
  /** What it costs a month when nobody calls it and nothing is trained. */
  idle: z.array(CostLineSchema),
  idleMonthly: z.number().nullable(),
  training: z.object({
    instances: z.array(z.string()),
    spot: z.boolean(),
    /** Of the first instance type, on demand. */
    hourly: z.number().nullable(),
    /** Training for the whole `maxRuntimeSeconds`, on demand. */
    runAtMost: z.number().nullable(),
    /** The two batch jobs of a run, which score candidate and champion. */
    scoring: z.object({ instance: z.string(), jobs: z.int(), hourly: z.number().nullable() }),
  }),
  /** The job that takes in an upload too large for functions; there is none without such an upload. */
  largeUploads: z.object({ instance: z.string(), hourly: z.number().nullable() }),
  monitoring: z.object({
    windowsPerMonth: z.number(),
    /** How often requests are counted over. */
    countingsPerMonth: z.number(),
    /** If every run of the monitoring function took its whole time limit. */
    monthlyAtMost: z.number(),
    /** Compute, requests and storage of typical windows that close hourly and are counted over, and their sum. */
    hourly: z.array(CostLineSchema),
    hourlyMonthly: z.number(),
    /** The same for the windows of this model and for how often it is counted over. */
    runningMonthly: z.number(),
    /** Custom metrics and monitoring alarms; these lines are part of `idle` as well. */
    cloudwatch: z.array(CostLineSchema),
    cloudwatchMonthly: z.number(),
  }),
  notes: z.array(z.string()),
});
export type ModelPlan = z.infer<typeof ModelPlanSchema>;

/** The document `modelway plan --json` prints. Money is US dollars; list prices of `region` as of `pricesAsOf`. */
export const PlanDocumentSchema = z.object({
  region: z.string(),
  pricesAsOf: z.string(),
  platform: z.object({
    name: z.string(),
    stack: z.string(),
    resources: z.array(CountSchema),
    idle: z.array(CostLineSchema),
    idleMonthly: z.number(),
  }),
  models: z.array(ModelPlanSchema),
  /** Null when a price is not known; the lines say which. */
  idleMonthly: z.number().nullable(),
  quotas: z.array(z.object({ name: z.string(), needed: z.int(), because: z.string() })),
});
export type PlanDocument = z.infer<typeof PlanDocumentSchema>;
