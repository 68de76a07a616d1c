import { z } from 'zod';
import { CompleteModelSchema } from './model-config.ts';
import { PredictionToleranceSchema } from './prediction-tolerance.ts';

/** What can tell a rebuilt model from the first one, in the order in which it is looked at. */
export const DIFFERENCE_KINDS = ['data', 'code', 'parameters', 'environment', 'artifact', 'model'] as const;
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

/** One thing that is not as it was. `artifact`: what is stored of the first model is not what its run recorded. */
export const DifferenceSchema = z.object({
  kind: z.enum(DIFFERENCE_KINDS),
  /** A key of the lake, the name of a setting, or a file of the model. */
  what: z.string(),
  /** Value or SHA-256; null where there is none. */
  original: z.string().nullable(),
  again: z.string().nullable(),
});
export type Difference = z.infer<typeof DifferenceSchema>;

/** What two models answered to the rows of one frozen test set, golden rows included. */
export const PredictionComparisonSchema = z.object({
  rows: z.int(),
  maxDifference: z.number(),
  meanDifference: z.number(),
  /** Rows whose label is another one. */
  flipped: z.int(),
  tolerance: PredictionToleranceSchema,
  within: z.boolean(),
});
export type PredictionComparison = z.infer<typeof PredictionComparisonSchema>;

export const REPRODUCTION_OUTCOMES = ['reproduced', 'reproduced-within-tolerance', 'not-reproduced'] as const;

export const ReproductionVerdictSchema = z.object({
  outcome: z.enum(REPRODUCTION_OUTCOMES),
  /** One sentence for people. */
  summary: z.string(),
  /** The first hundred differences. */
  differed: z.array(DifferenceSchema),
  /** Files of the model that were compared, byte for byte; 0 when nothing was trained. */
  filesCompared: z.int(),
  /** Null when there was nothing to compare by predictions: all files are the same, or inputs had changed. */
  predictions: PredictionComparisonSchema.nullable().default(null),
});
export type ReproductionVerdict = z.infer<typeof ReproductionVerdictSchema>;

/** A file that a run was made from, as it lies in the lake. */
export const FrozenFileSchema = z.object({ key: z.string(), sha256: z.string(), bytes: z.int() });
export type FrozenFile = z.infer<typeof FrozenFileSchema>;

/** The part of a snapshot's record that reproduction reads. */
export const SnapshotFilesSchema = z.looseObject({ files: z.array(FrozenFileSchema).min(1) });

/** How a training job was asked for and what it ran on; equal recipes over equal files should give equal models. */
export const RecipeSchema = z.object({
  imageUri: z.string(),
  /** As SageMaker got them, its own included: texts. */
  hyperparameters: z.record(z.string(), z.string()),
  instanceType: z.string(),
});
export type Recipe = z.infer<typeof RecipeSchema>;

/** The part of a run's record that reproduction reads. */
export const RunDetailSchema = RecipeSchema.extend({
  codeUri: z.string(),
  codeHash: z.string(),
  artifact: z.string(),
  /** SHA-256 over the names and hashes of all files of the artifact. */
  filesHash: z.string(),
  /** What was billed for the training job; null when SageMaker did not say. */
  billableSeconds: z.number().nullable(),
});
export type RunDetail = z.infer<typeof RunDetailSchema>;

export const DescribeArtifactRequestSchema = z.object({ model: z.string(), artifact: z.string() });
export const DescribeArtifactResultSchema = z.object({
  /** SHA-256 of each file of the archive by its name; empty when the list would be longer than 64,000 characters. */
  files: z.record(z.string(), z.string()),
  filesHash: z.string(),
  /** Python, packages and threads in a few words; null when the artifact does not say. */
  environment: z.string().nullable(),
  /** Version of every package by name; empty when the artifact does not say, or the list would be longer than 32,000 characters. */
  packages: z.record(z.string(), z.string()),
});

export const VerifyInputsRequestSchema = z.object({ model: z.string(), execution: z.string(), run: z.string() });
export const VerifyInputsResultSchema = z.object({
  recipe: RecipeSchema,
  codeUri: z.string(),
  /** What the training job is given, in the names that the training machine has for it. */
  snapshot: z.object({
    trainUri: z.string(),
    validationUri: z.string(),
    testUri: z.string(),
    configUri: z.string(),
    jobName: z.string(),
  }),
  /** Null when every file is as it was: then it is worth training. */
  verdict: ReproductionVerdictSchema.nullable(),
});

export const CompareRunsRequestSchema = z.object({
  model: z.string(),
  run: z.string(),
  /** The rebuilt model. */
  artifact: z.string(),
  /** What the second job really ran with. */
  recipe: RecipeSchema,
});

export const CompareRunsResultSchema = z.object({
  verdict: ReproductionVerdictSchema,
  /** Whether files of the model itself differ, so that its predictions are worth what comparing them costs. */
  comparePredictions: z.boolean(),
  /** The model that the run made. */
  original: z.string(),
});

export const ComparePredictionsRequestSchema = z.object({
  model: CompleteModelSchema,
  execution: z.string(),
  instanceType: z.string(),
  /** What comparing the files said. */
  verdict: ReproductionVerdictSchema,
});

/** The document that `modelway reproduce --json` prints: a verdict and the run it is about; records of reproductions hold it too. */
export const ReproductionDetailSchema = ReproductionVerdictSchema.extend({ run: z.string() });
export type ReproductionDetail = z.infer<typeof ReproductionDetailSchema>;
