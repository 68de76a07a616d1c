import { z } from 'zod';
import { CronSchema } from './cron.ts';

/** Days for which what has to wait is asked again; a month has at most 31, and a blackout of less than a week may follow it. */
export const RETRAINING_WAIT_DAYS = 40;

/** Dataset versions that one run is trained on, at most: their names travel through state machines and into one record. */
export const MOST_DATASET_VERSIONS = 1000;

/** What starts a training run. Every decision, also "wait", is recorded with its reason. */
export const RetrainingSchema = z.strictObject({
  /** New labelled data: `always`, only for the `first` model, or `never`. Left out: `first`. */
  onNewData: z.enum(['always', 'first', 'never']).optional(),
  /** A drift alarm. Left out: true. */
  onDrift: z.boolean().optional(),
  /** Quality below the margin, realised or estimated. Left out: true. */
  onQuality: z.boolean().optional(),
  /** Concept drift; a person is asked to review features and architecture in any case. Left out: true. */
  onConceptDrift: z.boolean().optional(),
  /** A business metric that missed its target. Left out: false. */
  onBusinessMetric: z.boolean().optional(),
  /** Another training script or training setting than the live model was made with, seen when the stack was updated. Left out: false. */
  onChange: z.boolean().optional(),
  /** Train at these times too, such as `cron(0 3 ? * SUN *)` (UTC). Left out: never by the clock. */
  schedule: CronSchema.optional(),
  /** Estimated cost of training runs that a calendar month (UTC) may hold, USD. Left out: no limit. */
  budgetPerMonthDollars: z.number().positive().optional(),
  /** Hours of the week (UTC) in which no run starts. Left out: none. */
  blackout: z
    .array(
      z
        .strictObject({
          /** Left out: every day. */
          weekdays: z
            .array(z.enum(['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN']))
            .min(1)
            .optional(),
          fromHour: z.int().min(0).max(23),
          /** Not included; smaller than `fromHour` goes past midnight. */
          toHour: z.int().min(0).max(24),
        })
        .refine(({ fromHour, toHour }) => fromHour !== toHour, 'fromHour and toHour must differ'),
    )
    .max(20)
    .optional(),
  /** Hours that must lie between two runs. Left out: 24. */
  cooldownHours: z.number().min(0).optional(),
  /** Train on this many of the newest dataset versions. Left out: all of them; of more than a thousand those that were taken in last. */
  newestVersions: z.int().positive().max(MOST_DATASET_VERSIONS).optional(),
});

/** Fills in what a config left out. */
export function retrainingWithDefaults(retraining: z.infer<typeof RetrainingSchema> | undefined) {
  return {
    onNewData: retraining?.onNewData ?? ('first' as const),
    onDrift: retraining?.onDrift ?? true,
    onQuality: retraining?.onQuality ?? true,
    onConceptDrift: retraining?.onConceptDrift ?? true,
    onBusinessMetric: retraining?.onBusinessMetric ?? false,
    onChange: retraining?.onChange ?? false,
    ...(retraining?.schedule === undefined ? {} : { schedule: retraining.schedule }),
    ...(retraining?.budgetPerMonthDollars === undefined
      ? {}
      : { budgetPerMonthDollars: retraining.budgetPerMonthDollars }),
    blackout: retraining?.blackout ?? [],
    cooldownHours: retraining?.cooldownHours ?? 24,
    ...(retraining?.newestVersions === undefined ? {} : { newestVersions: retraining.newestVersions }),
  };
}
