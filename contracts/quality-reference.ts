import { z } from 'zod';
import { MetricValueSchema, QUALITY_METRICS } from './quality.ts';

/** A feature as quality is watched: how its values fall into bins. Each has one more bin for missing values, the last. */
const BinnedFeatureSchema = z.discriminatedUnion('kind', [
  /** Bin i counts eᵢ₋₁ ≤ x < eᵢ. */
  z.object({ name: z.string(), kind: z.literal('numeric'), edges: z.array(z.number()) }),
  /** Bin 0 holds values that are not listed, bin i the i-th. */
  z.object({ name: z.string(), kind: z.literal('category'), values: z.array(z.string()) }),
]);
export type BinnedFeature = z.infer<typeof BinnedFeatureSchema>;

/** How much days differ beyond chance, for one metric. */
const DayVarianceSchema = z.object({
  /**
   * Variance of what one day adds to realised − estimated, beyond that of independent rows. Below 0 where days happened to differ less
   * than their rows let expect: cut off at 0 it would be too large on average.
   */
  residual: z.number(),
  /** Variance that the rows of one held-out day gave its mean, on average. */
  within: z.number().min(0).default(0),
  /** How much further a single day lies off because corrections learned what sets it apart from few days (of its weekday): a share of its variance. */
  repeated: z.number().min(0).default(0),
  /** The same for the realised metric itself. */
  realised: z.number().min(0),
  /** Lag-1 autocorrelation of the days of realised − estimated, −0.1–0.95. */
  autocorrelation: z.number().min(-0.1).max(0.95),
});
export type DayVariance = z.infer<typeof DayVarianceSchema>;

/** A number list where a negative number −n stands for n zeros. */
const RunsSchema = z.array(z.number());

/**
 * What held-out rows with labels taught about a model's scores, as far as later windows need it. A row's expected label is linear in
 * its bins: `base[score bin] + Σ_features theta[group of the score bin][column of the feature's bin]`.
 */
export const QualityReferenceSchema = z.object({
  version: z.literal(1),
  rows: z.int().positive(),
  threshold: z.number(),
  /** Edges of the score bins, ascending; the threshold is one of them. */
  edges: z.array(z.number()),
  /** First score bin that is predicted positive. */
  cut: z.int(),
  /** The score group of each bin, ascending; θ differs between groups. */
  groups: z.array(z.int()),
  /** The cell of each bin, ascending and finer than groups: features are counted jointly with it. */
  cells: z.array(z.int()),
  /** Held-out rows and positives per score bin. */
  counts: z.object({ rows: z.array(z.int()), positives: z.array(z.int()) }),
  /** Isotonic share of positives per score bin. */
  rates: z.array(z.number()),
  base: z.array(z.number()),
  /** The watched features, most telling first; columns of all of them lie side by side. */
  features: z.array(BinnedFeatureSchema),
  theta: z.array(z.array(z.number())),
  /** Per group the covariance of θ: its upper triangle with the diagonal, row by row, float32 little-endian, base64. */
  covariance: z.array(z.string()),
  /** Held-out rows per cell and column, cell by cell. */
  joint: RunsSchema,
  /** A sample of held-out rows for the support guard: bins of the features row by row, one byte each, base64. */
  sample: z.object({ rows: z.int(), bins: z.string() }),
  /** Held-out days, and how much they differ; null with fewer than ten, when rows must be taken for independent. */
  days: z
    .object({
      count: z.int(),
      metrics: z.record(z.enum(QUALITY_METRICS), DayVarianceSchema),
      /** The same of the mean of label − expected, whatever the score. Absent from references of before it was kept. */
      level: DayVarianceSchema.omit({ realised: true }).optional(),
    })
    .nullable(),
  metrics: z.array(MetricValueSchema),
  /** Mean |SHAP| per feature over the held-out rows; empty when nothing was explained. */
  importance: z.record(z.string(), z.number()),
});
export type QualityReference = z.infer<typeof QualityReferenceSchema>;

/** What held-out rows of a regression taught about the size of its errors; linear in bins as `QualityReferenceSchema` is. */
export const LossReferenceSchema = QualityReferenceSchema.pick({
  version: true,
  rows: true,
  edges: true,
  groups: true,
  cells: true,
  base: true,
  features: true,
  theta: true,
  covariance: true,
  joint: true,
}).extend({
  counts: z.object({ rows: z.array(z.int()) }),
  /** Squared coefficient of variation of a row's loss around the expected one, per prediction bin. */
  spreads: z.array(z.number()),
  days: DayVarianceSchema.omit({ realised: true }).extend({ count: z.int() }).nullable(),
});
export type LossReference = z.infer<typeof LossReferenceSchema>;

const ScoredCountsSchema = z.object({
  /** Rows per score bin. */
  rows: z.array(z.number()),
  /** Expected positives per score bin, in units of 2⁻²⁰, so that sums are exact. */
  expected: z.array(z.number()),
  /** Expected label variance c(1 − c) per score bin, in units of 2⁻²⁰. */
  variance: z.array(z.number()),
  /** Rows per cell and column. */
  joint: RunsSchema,
});

/** Stored counts of a window, over the bins of one reference. */
export const QualityCountsSchema = z.object({
  /** UTC days since 1970 the rows fall on, ascending; empty when unknown. */
  days: z.array(z.int()),
  /** Columns of all features together. */
  columns: z.int(),
  scored: ScoredCountsSchema,
  /** The rows that have a label; null when none has. */
  labelled: ScoredCountsSchema.extend({
    /** Positive labels per score bin. */
    positives: z.array(z.number()),
    /** Positive labels, expected ones and their variance per column. */
    columnPositives: z.array(z.number()),
    columnExpected: z.array(z.number()),
    columnVariance: z.array(z.number()),
  }).nullable(),
});
export type StoredQualityCounts = z.infer<typeof QualityCountsSchema>;
