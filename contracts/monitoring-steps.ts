import { z } from 'zod';
import { AnnouncementSchema } from './announcement.ts';
import { LabelsInputSchema, WindowsInputSchema } from './machines.ts';
import { CompleteModelSchema } from './model-config.ts';
import { BusinessValueSchema, ConceptDriftSchema, FairnessSchema, QualityReportSchema } from './quality.ts';
import { CaptureFilesSchema, JUDGING_REASONS, WindowSchema } from './window.ts';

/** One window to judge. */
export const WindowTaskSchema = WindowSchema.extend({ because: z.enum(JUDGING_REASONS) });
export type WindowTask = z.infer<typeof WindowTaskSchema>;

/**
 * One step of monitoring. `begin` finds out what is to be judged and judges the first window; `judge` takes another one. A window that
 * is too large for one invocation is planned instead: each of its shards is counted (`count`), then `merge` judges the whole.
 */
export const MonitorRequestSchema = z.object({
  model: CompleteModelSchema,
  execution: z.string(),
  work: z.discriminatedUnion('step', [
    z.object({ step: z.literal('begin'), request: WindowsInputSchema }),
    z.object({ step: z.literal('judge'), task: WindowTaskSchema }),
    z.object({ step: z.literal('count'), task: WindowTaskSchema, plan: z.string(), shard: z.int().nonnegative() }),
    z.object({ step: z.literal('merge'), task: WindowTaskSchema, plan: z.string() }),
  ]),
});

/** What a window may find, in the order it is told. */
export const WINDOW_FINDINGS = ['drift', 'quality', 'conceptDrift', 'fairness', 'business'] as const;
export type WindowFinding = (typeof WINDOW_FINDINGS)[number];
const WindowFindingsSchema = z.record(z.enum(WINDOW_FINDINGS), z.boolean());
export type WindowFindings = z.infer<typeof WindowFindingsSchema>;

/** The headline of a quality report; value and interval are null when neither labels nor an estimate were there. */
const QualityShortSchema = QualityReportSchema.pick({ verdict: true, basis: true, message: true }).extend({
  metric: z.string(),
  value: z.number().nullable(),
  interval: z.tuple([z.number(), z.number()]).nullable(),
});

/** What is known of a window once it was judged; the detail of its lineage record. */
export const JudgementSchema = z.object({
  verdict: z.enum(['drift', 'none', 'too-little-data', 'no-model']),
  rows: z.int(),
  drifted: z.array(z.string()),
  reportKey: z.string().nullable(),
  summary: z.string(),
  window: WindowSchema,
  /** The package whose verdicts these are; null before the first deployment. */
  packageArn: z.string().nullable(),
  /** Who answered how many rows, when more than one version did. */
  versions: z.array(z.object({ packageArn: z.string(), rows: z.int() })).optional(),
  /** True when the window had been reported before, and what was found is not the same any more. */
  amended: z.boolean(),
  /** Why it was judged. */
  because: z.enum(JUDGING_REASONS).optional(),
  files: CaptureFilesSchema.optional(),
  /** True when labels of this window can be found by their inference id alone. */
  idsKept: z.boolean().optional(),
  /** Hash of what was found, so that the same judgement of the same window is told from another one. */
  found: z.string().optional(),
  /** True when labels that are still missing were not expected any more. */
  mature: z.boolean().optional(),
  quality: QualityShortSchema.nullish(),
  conceptDrift: ConceptDriftSchema.pick({ verdict: true, gap: true, z: true, message: true, evidence: true }).nullish(),
  fairness: z.array(FairnessSchema.pick({ column: true, measure: true, gap: true, verdict: true })).optional(),
  business: z.array(BusinessValueSchema.pick({ name: true, value: true, unit: true, verdict: true })).optional(),
  /** What stands against the model in this window; each is announced when it appears. */
  findings: WindowFindingsSchema.optional(),
});
export type Judgement = z.infer<typeof JudgementSchema>;

/** Windows that the execution judges after this one, in that order; only `begin` gives them. */
const todo = z.array(WindowTaskSchema).optional();

/** A window was judged. */
const JudgedWindowSchema = z.object({
  outcome: z.literal('judged'),
  /** Id of the window's lineage record: its end; another judgement of the same window adds what was found, hashed. */
  recordId: z.string(),
  judgement: JudgementSchema,
  /** What appeared with this window, for people; null when nothing did. */
  announce: AnnouncementSchema.nullable(),
  todo,
});
export type JudgedWindow = z.input<typeof JudgedWindowSchema>;

export const MonitorResultSchema = z.discriminatedUnion('outcome', [
  JudgedWindowSchema,
  z.object({
    outcome: z.literal('planned'),
    task: WindowTaskSchema,
    plan: z.string(),
    /** 0, 1, … one for each shard. */
    shards: z.array(z.int()),
    todo,
  }),
  z.object({ outcome: z.literal('counted'), rows: z.int() }),
]);

/** Takes labels of predictions in: reads them, and puts each beside the window of its prediction. */
export const LabelsRequestSchema = z.object({
  model: CompleteModelSchema,
  execution: z.string(),
  labels: LabelsInputSchema,
  /** When the execution started; stands for the arrival of labels that came in the input itself. */
  startedAt: z.string(),
});

/** What became of a delivery of labels; the detail of its lineage record. */
export const TakenLabelsSchema = z.object({
  /** `mostly-unmatched`: most of those with a known window name no prediction that was captured there. They are kept all the same. */
  verdict: z.enum(['taken', 'partly-taken', 'mostly-unmatched', 'refused']),
  /** The uploaded object, or null when the labels came in the input. */
  source: z.object({ key: z.string(), versionId: z.string() }).nullable(),
  labels: z.int(),
  bad: z.int(),
  /** Labels without `predictedAt` of no prediction in the windows judged so far; they wait beside the windows that are still open. */
  notFound: z.int(),
  /** Labels of windows that were judged, whose id was not captured there. */
  unmatched: z.int(),
  /** Windows that got labels. */
  windows: z.int(),
  /** Which lines were set aside and why; null when none were. */
  reportKey: z.string().nullable(),
  summary: z.string(),
});
export type TakenLabels = z.infer<typeof TakenLabelsSchema>;

export const LabelsResultSchema = z.object({
  taken: TakenLabelsSchema,
  announce: AnnouncementSchema.nullable(),
  /** Windows judged before whose labels are mature, oldest first. */
  todo: z.array(WindowTaskSchema),
});
