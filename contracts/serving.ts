import { z } from 'zod';
import { DataSchemaSchema } from './data-schema.ts';
import { FeatureSchema } from './features.ts';

/** One row as callers send it: raw column values by name; what is absent is missing. */
export const InstanceSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
export type Instance = z.infer<typeof InstanceSchema>;

/** Body of a request, content type `application/json`. Batch transform sends the instances as `application/jsonlines`. */
export const PredictionRequestSchema = z.object({ instances: z.array(InstanceSchema).min(1) });
export type PredictionRequest = z.infer<typeof PredictionRequestSchema>;

/** One answered row. `shap` has one value per name in `features`, in the space of the margin (log-odds). */
export const PredictionSchema = z.object({
  score: z.number().min(0).max(1),
  label: z.union([z.literal(0), z.literal(1)]),
  shap: z.array(z.number()),
});
export type Prediction = z.infer<typeof PredictionSchema>;

/**
 * Body of an answer. `base_value + sum(shap)` is the margin; `score = 1 / (1 + exp(-margin))`.
 * For `application/jsonlines` each line is `{score, label, shap, base_value}` of one row.
 */
export const PredictionResponseSchema = z.object({
  model_package: z.string(),
  explanation: z.enum(['tree_shap_table', 'tree_shap_xgboost']),
  base_value: z.number(),
  features: z.array(z.string()),
  threshold: z.number(),
  predictions: z.array(PredictionSchema),
});
export type PredictionResponse = z.infer<typeof PredictionResponseSchema>;

/** One line of a batch transform's output. */
export const ScoredLineSchema = PredictionSchema.extend({ base_value: z.number() });
export type ScoredLine = z.infer<typeof ScoredLineSchema>;

/** `model.json` of the training channel `config`: all the training script knows of the model's config. */
export const TrainingConfigSchema = z.object({
  model: z.string(),
  data: DataSchemaSchema,
  target: z.string(),
  features: z.array(FeatureSchema),
  seed: z.int(),
});
export type TrainingConfig = z.infer<typeof TrainingConfigSchema>;
