import { z } from 'zod';

/**
 * Profiles are additive: `profile(a ++ b) = merge(profile(a), profile(b))` when both use the baseline's bins.
 * A numeric column has `edges` e₀<…<eₖ₋₁ and k+1 bins, bin i counting eᵢ₋₁ ≤ x < eᵢ (open ends).
 */
export const NumericProfileSchema = z.object({
  kind: z.literal('numeric'),
  /** What the numbers are: values (when absent), characters of a text, or seconds since 1970 of an instant. */
  measures: z.enum(['value', 'text-length', 'instant']).optional(),
  edges: z.array(z.number()),
  counts: z.array(z.number()),
  sums: z.array(z.number()),
  rows: z.number(),
  missing: z.number(),
  sum: z.number(),
  sumOfSquares: z.number(),
  min: z.number().nullable(),
  max: z.number().nullable(),
});
export const CategoryProfileSchema = z.object({
  kind: z.literal('category'),
  /** Values the baseline knows, in its order; `counts` are theirs. */
  values: z.array(z.string()),
  counts: z.array(z.number()),
  /** Rows whose value the baseline does not know. */
  other: z.number(),
  /** Those values with their counts, by value; absent when there are more than 10 000 of them. */
  unknown: z.array(z.tuple([z.string(), z.number()])).optional(),
  rows: z.number(),
  missing: z.number(),
});
export const FeatureProfileSchema = z.discriminatedUnion('kind', [NumericProfileSchema, CategoryProfileSchema]);
export type NumericProfile = z.infer<typeof NumericProfileSchema>;
export type CategoryProfile = z.infer<typeof CategoryProfileSchema>;
export type FeatureProfile = z.infer<typeof FeatureProfileSchema>;

/**
 * How the numeric features move together: sums and sums of products of z = (x − center) / scale, clipped to ±6, a missing value as 0.
 * Centers and scales are the baseline's, so that these sums add up too.
 */
export const PairsSchema = z.object({
  names: z.array(z.string()),
  centers: z.array(z.number()),
  scales: z.array(z.number()),
  rows: z.number(),
  sums: z.array(z.number()),
  /** Upper triangle with the diagonal, row by row: (0,0), (0,1), … (1,1), … */
  products: z.array(z.number()),
});
export type Pairs = z.infer<typeof PairsSchema>;

/** Profiles of every watched feature, by feature name, in the order of the model's features, then `prediction`. */
export const ProfileSchema = z.object({
  version: z.literal(1),
  rows: z.number(),
  features: z.record(z.string(), FeatureProfileSchema),
  /** Absent with fewer than two numeric features, and where only one feature was profiled. */
  pairs: PairsSchema.optional(),
});
export type Profile = z.infer<typeof ProfileSchema>;

/** What a model was trained on, as monitoring needs it: the profile, and the same per day when the data has time. */
export const BaselineSchema = z.object({
  profile: ProfileSchema,
  /**
   * Blocks for resampling: one profile per calendar day (UTC), oldest first; empty when the data has no time. Blocks count the 50-bin
   * level of `core/profile/levels.ts` (read them with `levelCounts`): `edges`, `values` and `sums` are empty there, since they are the
   * baseline's, and `unknown` is absent; `pairs` are kept where they are of 24 names at most.
   */
  days: z.array(ProfileSchema),
  /** Single hours of the baseline, evenly spread over it, at most 400: the blocks that hourly windows are compared with. */
  hours: z.array(ProfileSchema).optional(),
  /** Mean absolute SHAP per feature on the test set, for ranking; empty before scoring. */
  importance: z.record(z.string(), z.number()),
});
export type Baseline = z.infer<typeof BaselineSchema>;

/** The name under which predicted scores are profiled, beside the features. */
export const PREDICTION = 'prediction';

export const DriftFeatureSchema = z.object({
  name: z.string(),
  kind: z.enum(['numeric', 'category']),
  drifted: z.boolean(),
  rank: z.int().positive(),
  pValue: z.number(),
  qValue: z.number(),
  /** Jensen–Shannon distance beyond what chance gives at this number of rows; the plain one is `statistics.js`. */
  effect: z.object({ statistic: z.literal('js'), value: z.number(), interval: z.tuple([z.number(), z.number()]) }),
  statistics: z.record(z.string(), z.number()),
  missing: z.object({ baseline: z.number(), window: z.number() }),
  newCategories: z.number(),
  message: z.string(),
  /** What had to be reached: a q-value of at most this, and an effect of at least that. */
  threshold: z.object({ qValue: z.number(), effect: z.number() }).optional(),
  /** Every test of the feature; the foremost gives `pValue` and `qValue` above. */
  tests: z
    .array(
      z.object({
        aspect: z.enum(['distribution', 'missing', 'unseen']),
        pValue: z.number(),
        qValue: z.number(),
        /** In the unit of the effect floor: distance beyond chance, or change of share. */
        effect: z.number(),
      }),
    )
    .optional(),
  /** Bins the distribution was compared over. */
  bins: z.int().optional(),
  /** Money at stake a month, when it was estimated; the unit is the estimate's. */
  stake: z.number().optional(),
});
export type DriftFeature = z.infer<typeof DriftFeatureSchema>;

const JOINT_CHANGE = {
  drifted: z.boolean(),
  pValue: z.number(),
  qValue: z.number(),
  baseline: z.number(),
  window: z.number(),
  threshold: z.object({ qValue: z.number(), effect: z.number() }),
  message: z.string(),
};

/** How the correlation of two numeric features changed; the effect is Cohen's q. */
export const CorrelationReportSchema = z.object({
  features: z.tuple([z.string(), z.string()]),
  ...JOINT_CHANGE,
  effect: z.object({
    statistic: z.literal('cohens-q'),
    value: z.number(),
    interval: z.tuple([z.number(), z.number()]),
  }),
});
export type CorrelationReport = z.infer<typeof CorrelationReportSchema>;

/** How far the numeric features together left the directions they vary in; `baseline` and `window` are reconstruction errors. */
export const MultivariateReportSchema = z.object({
  ...JOINT_CHANGE,
  /** Change of the mean squared reconstruction error, relative to the baseline's. */
  effect: z.object({
    statistic: z.literal('reconstruction-error'),
    value: z.number(),
    interval: z.tuple([z.number(), z.number()]),
  }),
  components: z.int(),
  /** Share of the baseline's variance that the components hold. */
  explained: z.number(),
});
export type MultivariateReport = z.infer<typeof MultivariateReportSchema>;

/** The document `modelway drift --json` prints, and the heart of a window report. */
export const DriftReportSchema = z.object({
  verdict: z.enum(['drift', 'none', 'too-little-data']),
  baseline: z.object({ rows: z.number() }),
  window: z.object({ rows: z.number() }),
  settings: z.object({
    falseAlarmsPerMonth: z.number(),
    windowsPerMonth: z.number(),
    falseDiscoveryRate: z.number(),
    effectFloor: z.number(),
    minimumRows: z.number(),
    null: z.enum(['independent-rows', 'day-blocks', 'hour-blocks']),
  }),
  features: z.array(DriftFeatureSchema),
  /** The change of all numeric features together; null when there are no pairs to tell it from. */
  multivariate: MultivariateReportSchema.nullable().optional(),
  /** The pairs whose correlation drifted, then the ten that changed most, the foremost first. */
  correlations: z.array(CorrelationReportSchema).optional(),
});
export type DriftReport = z.infer<typeof DriftReportSchema>;
