import { z } from 'zod';

const Counts = z.array(z.number());

/** Rows per ascending score bin of the reference, and what became of them. Adds up bin by bin. */
export const OutcomeCountsSchema = z.object({
  /** All rows, labelled or not. */
  scored: Counts,
  positives: Counts,
  negatives: Counts,
  /** Expected positives of all rows, and the variance of their labels, in units of 2⁻²⁰, so that sums are exact. */
  expected: Counts,
  variance: Counts,
});
export type OutcomeCounts = z.infer<typeof OutcomeCountsSchema>;

/** Sums from which a mean and its interval follow. Adds up. */
export const MomentsSchema = z.object({ rows: z.number(), sum: z.number(), sumOfSquares: z.number() });
export type Moments = z.infer<typeof MomentsSchema>;

/** A column that is followed value by value: how its values are told apart, and the reference's outcomes for each. */
export const SegmentSchema = z.object({
  column: z.string(),
  /** Edges that cut a numeric column of many values into ranges; null when values count as they are. */
  edges: Counts.nullable(),
  /** One name for each range or value; what the reference does not know is `other`. */
  values: z.array(z.string()),
  reference: z.array(OutcomeCountsSchema),
});
export type Segment = z.infer<typeof SegmentSchema>;

/** Mean absolute SHAP values of some rows, as sums. Adds up. */
export const AttributionSumsSchema = z.object({ rows: z.number(), sums: z.record(z.string(), z.number()) });
export type AttributionSums = z.infer<typeof AttributionSumsSchema>;
