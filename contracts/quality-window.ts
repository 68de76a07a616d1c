import { z } from 'zod';
import { QualityCountsSchema, QualityReferenceSchema } from './quality-reference.ts';

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

/** Absolute SHAP values of some rows, summed feature by feature. Adds up. */
export const AttributionSumsSchema = z.object({ rows: z.number(), sums: Counts });
export type AttributionSums = z.infer<typeof AttributionSumsSchema>;

/**
 * Rows of one value of a protected column on one day: all, those predicted positive, and of labelled rows the positives, the negatives, and how
 * many of either were predicted positive. Adds up.
 */
export const GroupSumsSchema = z.object({
  rows: z.number(),
  selected: z.number(),
  positives: z.number(),
  truePositives: z.number(),
  negatives: z.number(),
  falsePositives: z.number(),
});
export type GroupSums = Readonly<z.infer<typeof GroupSumsSchema>>;

/** By column, in the order of the segment's values. */
const GroupsSchema = z.record(z.string(), z.array(GroupSumsSchema));

/** All that is kept of a model's held-out rows so that the quality of later windows can be judged; written once, with the model. */
export const QualitySetupSchema = z.object({
  version: z.literal(1),
  reference: QualityReferenceSchema,
  segments: z.array(SegmentSchema),
  /** Which of the segments fairness is judged over. */
  protected: z.array(z.string()),
  /** What every held-out day had of each group; empty when days are not known. */
  groupDays: z.array(GroupsSchema).default([]),
  /** Features in the order of explanations, the sums of all held-out rows and of up to sixty days; null when nothing was explained. */
  attribution: z
    .object({ names: z.array(z.string()), whole: AttributionSumsSchema, days: z.array(AttributionSumsSchema) })
    .nullable(),
  /** Business metrics of the held-out rows, by name, where their expressions could be computed there. */
  business: z.record(z.string(), MomentsSchema),
});
export type QualitySetup = z.infer<typeof QualitySetupSchema>;

/** What one UTC day of a window leaves behind. */
const DaySchema = z.object({
  /** Whole days since 1970; null for rows without time. */
  day: z.int().nullable(),
  counts: QualityCountsSchema,
  attribution: AttributionSumsSchema,
  business: z.record(z.string(), MomentsSchema),
  /** Protected columns alone, for the spread of gaps between days. */
  groups: GroupsSchema.default({}),
});

/** A stored window: every count that its quality is judged by. */
export const StoredQualityWindowSchema = z.object({
  version: z.literal(1),
  days: z.array(DaySchema),
  segments: z.record(z.string(), z.array(OutcomeCountsSchema)),
  /** Labels by their age in whole days. */
  arrival: Counts,
});
export type StoredQualityWindow = z.infer<typeof StoredQualityWindowSchema>;
