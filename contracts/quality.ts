import { z } from 'zod';

/** Quality metrics of a binary classifier; all but `auc` depend on the decision threshold. */
export const QUALITY_METRICS = ['auc', 'f1', 'accuracy', 'precision', 'recall'] as const;
export type QualityMetric = (typeof QUALITY_METRICS)[number];

const IntervalSchema = z.tuple([z.number(), z.number()]);

/** One metric with its 95 % interval, over `rows` rows (with labels when realised). */
export const MetricValueSchema = z.object({
  name: z.string(),
  value: z.number(),
  interval: IntervalSchema,
  rows: z.int(),
});
export type MetricValue = z.infer<typeof MetricValueSchema>;

/** Which labels are there, and whether they may stand for the rest. */
export const LabelCoverageSchema = z.object({
  predictions: z.int(),
  labelled: z.int(),
  /** `labelled / predictions`, 0–1. */
  coverage: z.number(),
  /** Older than the label horizon, so that what is missing is not expected any more; only then are metrics tested. */
  mature: z.boolean(),
  /** Labels that said the same again. */
  repeated: z.int(),
  /** Labels that contradicted an earlier one; the earliest counts. */
  contradicting: z.int(),
  /** Labels of no captured prediction. */
  unmatched: z.int(),
  /** Share of the labels there are that had come so many days after their prediction; empty where ages are not known. */
  arrival: z.array(z.object({ days: z.int(), share: z.number() })),
  /** What the labelled rows are not representative of, in words; null when they look like the rest. */
  warning: z.string().nullable(),
});
export type LabelCoverage = z.infer<typeof LabelCoverageSchema>;

export const CONCEPT_DRIFT_VERDICTS = ['concept-drift', 'none', 'cannot-separate', 'too-little-data'] as const;

/** Whether realised quality lies below what the inputs allow for. */
export const ConceptDriftSchema = z.object({
  verdict: z.enum(CONCEPT_DRIFT_VERDICTS),
  metric: z.enum(QUALITY_METRICS),
  /** Realised less estimated over the last seven days with mature labels; null without labels. */
  gap: z.number().nullable(),
  interval: IntervalSchema.nullable(),
  /** The gap in standard errors; alarms below −3.4. */
  z: z.number().nullable(),
  /** One-sided CUSUM of the daily z (k = .5); alarms above 6.2. */
  cusum: z.number().nullable(),
  /** Effective share of the reference that looks like the window; below .15 nothing can be told apart. */
  support: z.number().nullable(),
  independent: z.enum(['rows', 'days']),
  labels: z.int(),
  message: z.string(),
  /** Where the model is wrong now: score ranges and slices, worst first. */
  evidence: z.array(z.string()),
});
export type ConceptDrift = z.infer<typeof ConceptDriftSchema>;

/** Metrics of the rows that share one value of a column. */
export const SliceQualitySchema = z.object({
  column: z.string(),
  value: z.string(),
  rows: z.int(),
  realised: z.array(MetricValueSchema),
  estimated: z.array(MetricValueSchema),
  /** `untested`: fewer than 200 labelled rows or 30 of a class. Holm over the tested slices. */
  verdict: z.enum(['fine', 'worse', 'untested']),
  message: z.string(),
});
export type SliceQuality = z.infer<typeof SliceQualitySchema>;

/** The largest gap between two groups of a protected column. */
export const FairnessSchema = z.object({
  column: z.string(),
  measure: z.enum(['demographic-parity', 'equal-opportunity', 'equalised-odds']),
  gap: z.number(),
  /** Simultaneous over all pairs of groups (Newcombe, Bonferroni). */
  interval: IntervalSchema,
  groups: z.tuple([z.string(), z.string()]),
  rows: z.int(),
  /** What the interval takes for independent: `days` where ten or more are known, of the window or else of the reference. */
  independent: z.enum(['rows', 'days']).default('rows'),
  verdict: z.enum(['fine', 'gap', 'cannot-rule-out', 'too-little-data']),
  message: z.string(),
});
export type Fairness = z.infer<typeof FairnessSchema>;

/** A metric the user declared, in the user's unit, per row. */
export const BusinessValueSchema = MetricValueSchema.extend({
  unit: z.string(),
  target: z.object({ atLeast: z.number().optional(), atMost: z.number().optional() }).nullable(),
  /** `missed` only when the whole interval lies beyond the target. */
  verdict: z.enum(['met', 'missed', 'cannot-tell', 'no-target']),
  /** The same over all rows of the window. */
  total: z.number(),
  /** What the interval takes for independent: `days` from ten of the window on. */
  independent: z.enum(['rows', 'days']).default('rows'),
});
export type BusinessValue = z.infer<typeof BusinessValueSchema>;

/** How the model's use of its features, or its calibration, changed; null when nothing was explained or labelled. */
export const AttributionDriftSchema = z.object({
  verdict: z.enum(['drift', 'none', 'too-little-data']),
  /** Rank agreement (NDCG) of mean |SHAP| with the reference, 0–1. */
  agreement: z.number(),
  features: z.array(z.object({ name: z.string(), reference: z.number(), window: z.number() })),
  message: z.string(),
});
export const CalibrationDriftSchema = z.object({
  verdict: z.enum(['drift', 'none', 'too-little-data']),
  /** Debiased calibration error. */
  error: z.number(),
  pValue: z.number(),
  /** Groups of rows with close scores, lowest first: the rate the reference had there, and the one now. */
  groups: z.array(z.object({ predicted: z.number(), observed: z.number(), rows: z.int() })),
  message: z.string(),
});

/** Quality of one window, or of a whole set of rows. */
export const WindowQualitySchema = z.object({
  window: z.object({ from: z.string(), to: z.string() }).nullable(),
  rows: z.int(),
  /** Of labelled rows; where more than 2 % lack a label, corrected for what scores and features say of the others. */
  realised: z.array(MetricValueSchema),
  estimated: z.array(MetricValueSchema),
  labels: LabelCoverageSchema.nullable(),
});
export type WindowQuality = z.infer<typeof WindowQualitySchema>;

/** The document `modelway quality --json` prints, and the quality half of a window report. */
export const QualityReportSchema = z.object({
  /** `worse`: the headline metric's whole interval lies more than the margin below the reference. */
  verdict: z.enum(['fine', 'worse', 'too-little-data']),
  /** What the verdict stands on: realised when mature labels are enough, else estimated. */
  basis: z.enum(['realised', 'estimated', 'none']),
  message: z.string(),
  threshold: z.number(),
  reference: z.object({ rows: z.int(), metrics: z.array(MetricValueSchema) }),
  settings: z.object({
    metric: z.enum(QUALITY_METRICS),
    margin: z.number(),
    minimumLabels: z.int(),
    labelHorizonDays: z.number(),
  }),
  realised: z.array(MetricValueSchema),
  estimated: z.array(MetricValueSchema),
  labels: LabelCoverageSchema.nullable(),
  conceptDrift: ConceptDriftSchema,
  windows: z.array(WindowQualitySchema),
  slices: z.array(SliceQualitySchema),
  fairness: z.array(FairnessSchema),
  calibration: CalibrationDriftSchema.nullable(),
  attribution: AttributionDriftSchema.nullable(),
  business: z.array(BusinessValueSchema),
});
export type QualityReport = z.infer<typeof QualityReportSchema>;
