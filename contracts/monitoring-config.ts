import { z } from 'zod';
import { CronSchema } from './cron.ts';
import { ColumnNameSchema } from './data-schema.ts';
import { QUALITY_METRICS } from './quality.ts';

/** How quality is followed, with labels and without. */
export const QualitySettingsSchema = z.strictObject({
  /** The metric verdicts stand on. Left out: `auc`. */
  metric: z.enum(QUALITY_METRICS).optional(),
  /** How far the metric may fall below the reference before it counts. Left out: 0.01. */
  margin: z.number().gt(0).lt(0.5).optional(),
  /** Days after which a label that is still missing is not expected any more. Left out: 30. */
  labelHorizonDays: z.number().min(0).max(730).optional(),
  /** Fewer mature labels than this give no realised verdict. Left out: 500. */
  minimumLabels: z.int().min(100).optional(),
  /** Columns whose values are followed one by one. Left out: the protected columns. */
  slices: z.array(ColumnNameSchema).max(20).optional(),
});

/** A figure of the business, computed for every row and averaged. */
export const BusinessMetricSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and hyphens, at most 40'),
  /** What one unit is: `USD`, `minutes`. */
  unit: z.string().min(1).max(20),
  /**
   * An expression of one row in CEL: `score`, `predicted`, `label`, `value` and the row's columns as `row.<name>`, such as
   * `predicted == 0 && label == 1 ? 120.0 : 0.0`. Metrics that read `label` or `value` count labelled rows only.
   */
  expression: z.string().min(1).max(1000),
  /** What the mean per row should reach. Left out: it is followed, and never alarms. */
  target: z.strictObject({ atLeast: z.number().optional(), atMost: z.number().optional() }).optional(),
});
export type BusinessMetric = z.infer<typeof BusinessMetricSchema>;

/** Lengths of windows, shortest first. */
const WINDOW_LENGTHS = ['hour', 'day', 'week'] as const;

/** When and how captured traffic is compared with the training baseline. */
export const MonitoringSchema = z.strictObject({
  /** How often a window is closed and judged. */
  every: z.enum(WINDOW_LENGTHS),
  /**
   * How often requests answered, captured and explained are counted over; no longer than `every`, since it looks for verdicts too.
   * Left out: every `hour`.
   */
  reconcileEvery: z.enum(WINDOW_LENGTHS).optional(),
  /** When to look, such as `cron(0 6 * * ? *)` (UTC); the last window that is closed by then is judged. Left out: after every window. */
  schedule: CronSchema.optional(),
  /** Windows that must drift, of how many, before the alarm goes off. Left out: every window that drifts alarms. */
  alarmAfter: z
    .strictObject({ windows: z.int().min(1).max(10), of: z.int().min(1).max(10) })
    .refine(({ windows, of }) => windows <= of, 'windows must not be more than of')
    .optional(),
  /** Judge a window of too few rows together with those just before it. Left out: true. */
  pool: z.boolean().optional(),
  /** Left out: AUC against the reference, labels expected within 30 days. */
  quality: QualitySettingsSchema.optional(),
  /** Largest gap between groups of a protected column that is taken for fair, 0–1. Left out: 0.05. */
  maximumFairnessGap: z.number().gt(0).lt(1).optional(),
  /** Left out: none. */
  business: z.array(BusinessMetricSchema).max(10).optional(),
  /** Minutes to wait for late capture files after a window closes (15–720). Left out: 30. */
  lagMinutes: z.int().min(15).max(720).optional(),
  /** Windows with fewer rows than this give the verdict `too-little-data`. Left out: 1000. */
  minimumRows: z.int().min(100).optional(),
  /** False alarms a month one is ready to accept. Left out: 1. */
  falseAlarmsPerMonth: z.number().gt(0).max(100).optional(),
  /**
   * Smallest Jensen–Shannon distance that counts as drift, whatever its p-value; for missing and new values the smallest change
   * of their share. Left out: 0.02.
   */
  effectFloor: z.number().min(0).max(1).optional(),
});

/** Monitoring settings with every default filled in. */
export type MonitoringSettings = ReturnType<typeof monitoringWithDefaults>;

/** Fills in what a config left out; `protectedColumns` are the slices then. */
export function monitoringWithDefaults(
  monitoring: z.infer<typeof MonitoringSchema> | undefined,
  protectedColumns: readonly string[],
) {
  return {
    every: monitoring?.every ?? ('day' as const),
    reconcileEvery: monitoring?.reconcileEvery ?? ('hour' as const),
    lagMinutes: monitoring?.lagMinutes ?? 30,
    minimumRows: monitoring?.minimumRows ?? 1000,
    falseAlarmsPerMonth: monitoring?.falseAlarmsPerMonth ?? 1,
    effectFloor: monitoring?.effectFloor ?? 0.02,
    ...(monitoring?.schedule === undefined ? {} : { schedule: monitoring.schedule }),
    alarmAfter: monitoring?.alarmAfter ?? { windows: 1, of: 1 },
    pool: monitoring?.pool ?? true,
    quality: {
      metric: monitoring?.quality?.metric ?? ('auc' as const),
      margin: monitoring?.quality?.margin ?? 0.01,
      labelHorizonDays: monitoring?.quality?.labelHorizonDays ?? 30,
      minimumLabels: monitoring?.quality?.minimumLabels ?? 500,
      slices: monitoring?.quality?.slices ?? [...protectedColumns],
    },
    maximumFairnessGap: monitoring?.maximumFairnessGap ?? 0.05,
    business: monitoring?.business ?? [],
  };
}
