import { z } from 'zod';

/** Inputs of the six state machines of a model. Whoever starts one builds this; its first state reads it. */

const InstantSchema = z.iso.datetime({ offset: true });

/** One frozen object: the version is named, so nothing later reads "latest". */
export const FrozenObjectSchema = z.object({
  bucket: z.string(),
  key: z.string(),
  versionId: z.string(),
  size: z.number(),
  etag: z.string(),
});
export type FrozenObject = z.infer<typeof FrozenObjectSchema>;

export const IntakeInputSchema = FrozenObjectSchema.extend({ uploadedAt: InstantSchema });
export type IntakeInput = z.infer<typeof IntakeInputSchema>;

/** Why somebody asked for a training run. */
export const TRIGGERS = [
  'new-data',
  'drift',
  'quality',
  'concept-drift',
  'business-metric',
  'change',
  'schedule',
  'manual',
] as const;
export const RetrainingInputSchema = z.object({
  trigger: z.enum(TRIGGERS),
  /** What happened, in words: the dataset version, the alarm and its reason, the person. */
  cause: z.string(),
  /** Only with `manual`: train on just these dataset versions. */
  datasetVersions: z.array(z.string()).optional(),
  /** Only with `manual`: another source bundle, an S3 URI below `code/<model>/`. */
  codeUri: z.string().optional(),
});
export type RetrainingInput = z.infer<typeof RetrainingInputSchema>;

export const TrainingInputSchema = z.object({
  trigger: z.enum(TRIGGERS),
  reason: z.string(),
  /** Dataset versions to train on, oldest first. */
  datasetVersions: z.array(z.string()).min(1),
  codeUri: z.string().optional(),
});
export type TrainingInput = z.infer<typeof TrainingInputSchema>;

/** The run to rebuild, by its id. */
export const ReproductionInputSchema = z.object({ reproduce: z.string() });
export type ReproductionInput = z.infer<typeof ReproductionInputSchema>;

export const DeploymentInputSchema = z.object({ modelPackageArn: z.string() });
export type DeploymentInput = z.infer<typeof DeploymentInputSchema>;

/** Rows of labels that a caller may hand over in the input itself; more go into a file. */
export const MOST_INLINE_LABELS = 1000;

/** Labels to take in: an uploaded object version, or rows of `contracts/labels.ts` as they are. */
export const LabelsInputSchema = z.union([
  z.strictObject({
    bucket: z.string(),
    key: z.string(),
    versionId: z.string(),
    /** When the upload arrived. */
    uploadedAt: InstantSchema,
  }),
  z.array(z.unknown()).min(1).max(MOST_INLINE_LABELS),
]);
export type LabelsInput = z.infer<typeof LabelsInputSchema>;

/** Which windows to judge: the one that closed when the schedule fired, or every whole one from `from` to `to`, by hand. */
export const WindowsInputSchema = z.union(
  [
    /** When the schedule fired; the window is the last whole hour, day or week before `windowEnd - lag`. */
    z.strictObject({ windowEnd: InstantSchema }),
    z.strictObject({ from: InstantSchema, to: InstantSchema }),
  ],
  'must be {"windowEnd": …} as the schedule gives it, {"from": …, "to": …} to judge a stretch of time again, or {"labels": …}',
);
export type WindowsInput = z.infer<typeof WindowsInputSchema>;

export const MonitoringInputSchema = z.union([WindowsInputSchema, z.strictObject({ labels: LabelsInputSchema })]);
export type MonitoringInput = z.infer<typeof MonitoringInputSchema>;
