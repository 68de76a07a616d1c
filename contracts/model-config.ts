import { z } from 'zod';
import { ColumnNameSchema, DataSchemaSchema } from './data-schema.ts';
import { InstanceTypeSchema, ServingSchema } from './deployment.ts';
import { deploymentArithmetic } from './deployment-arithmetic.ts';
import { defaultFeatures, type Feature, FeatureSchema } from './features.ts';
import { LargeUploadLimitsSchema } from './large-upload.ts';
import { MonitoringSchema, monitoringWithDefaults } from './monitoring-config.ts';
import { DEFAULT_PLATFORM } from './names.ts';
import { PredictionToleranceSchema } from './prediction-tolerance.ts';
import { parseOrThrow } from './problems.ts';
import { RetrainingSchema, retrainingWithDefaults } from './retraining-config.ts';
import { InstanceSchema } from './serving.ts';

/** How training runs. */
export const TrainingSchema = z
  .strictObject({
    /** Ready-made SageMaker image. Left out: `xgboost-3.0-5`. */
    image: z.enum(['xgboost-3.0-5']).optional(),
    /** Folder with the training and serving script, relative to the config file. */
    source: z.string().min(1),
    /** Script run for training, inside `source`. Left out: `train.py`. */
    entry: z.string().optional(),
    /** Instance types in order of preference; SageMaker takes the first it can get (at most five). */
    instances: z.array(InstanceTypeSchema).min(1).max(5),
    /** Managed spot training, with the longest wait for capacity in seconds. Left out: on-demand. */
    spot: z.strictObject({ maxWaitSeconds: z.int().positive() }).optional(),
    /** Longest training time, seconds. Left out: 3600. */
    maxRuntimeSeconds: z.int().min(60).max(432_000).optional(),
    /** Passed to the script as `--name value`. Left out: none. */
    hyperparameters: z
      .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/), z.union([z.string(), z.number(), z.boolean()]))
      .optional(),
    /** Share of rows held out for testing, the newest ones when the data has time. Left out: 0.2. */
    testShare: z.number().gt(0).lt(0.9).optional(),
    /** Share of rows held out for early stopping and calibration. Left out: 0.1. */
    validationShare: z.number().gt(0).lt(0.9).optional(),
    /** Seed of every random choice of a run. Left out: 7. */
    seed: z.int().nonnegative().optional(),
    /**
     * How far the predictions of a rebuilt model may lie from the first one's that still count as reproduced. Left out: not at all where
     * training gives equal bytes (XGBoost on CPUs), elsewhere 0.01 for one row, 0.001 on average, and 0.001 of the labels.
     */
    tolerance: PredictionToleranceSchema.optional(),
  })
  .refine((training) => (training.testShare ?? 0.2) + (training.validationShare ?? 0.1) < 0.9, {
    path: ['testShare'],
    message: 'testShare and validationShare together must leave more than a tenth of the rows for training',
  });

/** A row whose answer is known in advance; a candidate that misses one is refused. */
export const GoldenRowSchema = z.strictObject({
  name: z.string(),
  instance: InstanceSchema,
  /** Lowest score allowed, 0–1. Left out: 0. */
  atLeast: z.number().min(0).max(1).optional(),
  /** Highest score allowed, 0–1. Left out: 1. */
  atMost: z.number().min(0).max(1).optional(),
});
export type GoldenRow = z.infer<typeof GoldenRowSchema>;

/** What a candidate must show before it is registered. */
export const GatesSchema = z.strictObject({
  /** The lower end of the AUC's 95 % interval must reach this. Left out: 0.55. */
  minimumAuc: z.number().min(0).max(1).optional(),
  /** How much worse in AUC than the champion a candidate may be, tested one-sided at 5 %. Left out: 0.01. */
  nonInferiorityMargin: z.number().gt(0).lt(0.5).optional(),
  /** Rows with known answers. Left out: none. */
  goldenRows: z.array(GoldenRowSchema).max(1000).optional(),
});

/** Everything about one model, in one typed file. */
export const ModelConfigSchema = z
  .strictObject({
    /** Lower-case letters, digits and single hyphens, 2–40 characters. Part of every resource name. */
    name: z
      .string()
      .regex(/^(?=.{2,40}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be 2–40 lower-case letters, digits and single hyphens'),
    description: z.string().max(500).optional(),
    data: DataSchemaSchema,
    /** Share of rows that may be quarantined before the whole file is held back, 0–1. Left out: 0.01. */
    maxQuarantinedShare: z.number().min(0).max(1).optional(),
    /** From which sizes on uploads are cut into shards, or read by a processing job. Left out: 1 GiB plain, 128 MiB compressed. */
    largeUploads: LargeUploadLimitsSchema.optional(),
    /** Left out: every column in the form that fits its kind. */
    features: z.array(FeatureSchema).min(1).optional(),
    training: TrainingSchema,
    gates: GatesSchema.optional(),
    /** No default: see `plan` for the price of each form. */
    serving: ServingSchema,
    /** Left out: daily windows. */
    monitoring: MonitoringSchema.optional(),
    retraining: RetrainingSchema.optional(),
    /** Who approves a package that passed the gates. Left out: `manual`. */
    approval: z.enum(['automatic', 'manual']).optional(),
  })
  .superRefine((model, ctx) => {
    if (model.data.target === undefined)
      ctx.addIssue({
        code: 'custom',
        path: ['data', 'target'],
        message: 'a model needs a target; name the column to predict',
      });
    const names = new Set(model.data.columns.map((column) => column.name));
    (model.features ?? []).forEach((feature, index) => {
      if (!names.has(feature.column))
        ctx.addIssue({
          code: 'custom',
          path: ['features', index, 'column'],
          message: 'names a column that is not in data.columns',
        });
      if (feature.column === model.data.target)
        ctx.addIssue({
          code: 'custom',
          path: ['features', index, 'column'],
          message: 'the target cannot be a feature; remove it',
        });
    });
    for (const { path, message } of deploymentArithmetic(model.serving))
      ctx.addIssue({ code: 'custom', path: ['serving', ...path], message });
  });
export type ModelConfigInput = z.input<typeof ModelConfigSchema>;
type ParsedModelConfig = z.infer<typeof ModelConfigSchema>;

/** A checked model config with every default filled in; what handlers, machines and templates work with. */
export type ModelConfig = ReturnType<typeof withDefaults>;

/** Platform settings and the models it runs; the one input of the CDK app, the command line and the rehearsal. */
export const PlatformConfigSchema = z.strictObject({
  /** First part of every resource name, 2–20 characters. Left out: `modelway`. */
  name: z
    .string()
    .regex(/^(?=.{2,20}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be 2–20 lower-case letters, digits and single hyphens')
    .optional(),
  /** Where the runbook is published; alarms and messages link below it. Left out: the repository's `docs/runbook.md`. */
  runbookUrl: z.url().optional(),
  /** Days audit records are locked. Left out: 365. */
  auditLockDays: z.int().min(1).max(36_500).optional(),
  /**
   * `compliance`: nobody, the account's root included, can delete an audit record or shorten its lock before the days are over. Left out:
   * `governance`, where who holds `s3:BypassGovernanceRetention` can.
   */
  auditLockMode: z.enum(['governance', 'compliance']).optional(),
  /** `per-model`: a dashboard for each model beside that of the fleet, $3 a month each. Left out: `fleet`. */
  dashboards: z.enum(['fleet', 'per-model']).optional(),
  /** How often uploads are looked for whose event was lost. Left out: every `day`. */
  sweepEvery: z.enum(['hour', 'day', 'week']).optional(),
  models: z.array(z.unknown()).min(1),
});
export type PlatformConfigInput = Omit<z.input<typeof PlatformConfigSchema>, 'models'> & {
  models: readonly ModelConfigInput[];
};

/** A checked platform config with defaults filled in. */
export interface PlatformConfig {
  readonly name: string;
  readonly runbookUrl: string;
  readonly auditLockDays: number;
  readonly auditLockMode: 'governance' | 'compliance';
  readonly dashboards: 'fleet' | 'per-model';
  readonly sweepEvery: 'hour' | 'day' | 'week';
  readonly models: readonly ModelConfig[];
}

/** Declares one model; the config is checked when the platform reads it, with every problem reported at once. */
export function defineModel(model: ModelConfigInput): ModelConfigInput {
  return model;
}

/** Declares the platform: the default export of `modelway.config.ts`. */
export function definePlatform(platform: PlatformConfigInput): PlatformConfigInput {
  return platform;
}

/** Checks a platform config and fills in defaults. @throws ModelwayError `invalid-config` naming every problem */
export function parsePlatform(input: unknown): PlatformConfig {
  const platform = parseOrThrow(
    PlatformConfigSchema.extend({ models: z.array(ModelConfigSchema).min(1) }).superRefine(uniqueNames),
    input,
    'invalid-config',
  );
  return {
    name: platform.name ?? DEFAULT_PLATFORM,
    runbookUrl: platform.runbookUrl ?? 'https://example.invalid/modelway/docs/runbook.md',
    auditLockDays: platform.auditLockDays ?? 365,
    auditLockMode: platform.auditLockMode ?? 'governance',
    dashboards: platform.dashboards ?? 'fleet',
    sweepEvery: platform.sweepEvery ?? 'day',
    models: platform.models.map(withDefaults),
  };
}

/** Checks one model and fills in defaults. @throws ModelwayError `invalid-config` naming every problem */
export function parseModel(input: unknown): ModelConfig {
  return withDefaults(parseOrThrow(ModelConfigSchema, input, 'invalid-config'));
}

/** The schema handlers use: a config with defaults is itself a valid config, so parsing it again changes nothing. */
export const CompleteModelSchema = ModelConfigSchema.transform(withDefaults);

function uniqueNames(platform: { models: readonly { name: string }[] }, ctx: z.RefinementCtx): void {
  const seen = new Set<string>();
  platform.models.forEach((model, index) => {
    if (seen.has(model.name))
      ctx.addIssue({
        code: 'custom',
        path: ['models', index, 'name'],
        message: `two models are named ${model.name}; rename one`,
      });
    seen.add(model.name);
  });
}

function withDefaults(model: ParsedModelConfig) {
  const { gates, training } = model;
  const features: readonly Feature[] = model.features ?? defaultFeatures(model.data);
  return {
    ...model,
    maxQuarantinedShare: model.maxQuarantinedShare ?? 0.01,
    features: [...features],
    training: {
      ...training,
      image: training.image ?? ('xgboost-3.0-5' as const),
      entry: training.entry ?? 'train.py',
      maxRuntimeSeconds: training.maxRuntimeSeconds ?? 3600,
      hyperparameters: training.hyperparameters ?? {},
      testShare: training.testShare ?? 0.2,
      validationShare: training.validationShare ?? 0.1,
      seed: training.seed ?? 7,
    },
    gates: {
      minimumAuc: gates?.minimumAuc ?? 0.55,
      nonInferiorityMargin: gates?.nonInferiorityMargin ?? 0.01,
      goldenRows: gates?.goldenRows ?? [],
    },
    monitoring: monitoringWithDefaults(model.monitoring, model.data.protected ?? []),
    retraining: retrainingWithDefaults(model.retraining),
    approval: model.approval ?? ('manual' as const),
  };
}

/** The column a model predicts; the schema guarantees there is one. */
export function targetOf(model: ModelConfig): string {
  return ColumnNameSchema.parse(model.data.target);
}
