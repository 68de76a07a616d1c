import { z } from 'zod';
import { AnnouncementSchema } from './announcement.ts';
import {
  PromoteRequestSchema,
  PromoteResultSchema,
  SmokeTestRequestSchema,
  SmokeTestResultSchema,
} from './deployment-steps.ts';
import { IntakeRequestSchema, IntakeResultSchema } from './intake-steps.ts';
import { RetrainingInputSchema, TRIGGERS } from './machines.ts';
import { CompleteModelSchema } from './model-config.ts';
import {
  LabelsRequestSchema,
  LabelsResultSchema,
  MonitorRequestSchema,
  MonitorResultSchema,
} from './monitoring-steps.ts';
import { ReconcileRequestSchema, ReconcileResultSchema } from './reconciliation.ts';
import { RECORD_KINDS } from './records.ts';
import {
  ComparePredictionsRequestSchema,
  CompareRunsRequestSchema,
  CompareRunsResultSchema,
  DescribeArtifactRequestSchema,
  DescribeArtifactResultSchema,
  ReproductionVerdictSchema,
  VerifyInputsRequestSchema,
  VerifyInputsResultSchema,
} from './reproduction.ts';
import {
  GatesRequestSchema,
  GatesResultSchema,
  SnapshotRequestSchema,
  SnapshotResultSchema,
} from './training-steps.ts';

/**
 * The function table: every Lambda function of the platform, with what it takes, what it answers and what it needs.
 * Machines pass the model's config in the input (it is a literal of the machine's definition), so no handler looks it up.
 */

/** Environment of every handler; the template sets it, `readEnvironment` in lambdas parses it. */
export const EnvironmentSchema = z.object({
  MODELWAY_PLATFORM: z.string(),
  MODELWAY_LAKE_BUCKET: z.string(),
  MODELWAY_AUDIT_BUCKET: z.string(),
  MODELWAY_TABLE: z.string(),
  MODELWAY_TOPIC_ARN: z.string(),
  MODELWAY_RUNBOOK_URL: z.string(),
});
export type Environment = z.infer<typeof EnvironmentSchema>;

const model = CompleteModelSchema;

export const RetrainingRequestSchema = z.object({
  model,
  execution: z.string(),
  request: RetrainingInputSchema,
  /** When the execution began; later than that, it asks again. */
  askedAt: z.string(),
  /** Names the source bundle that is deployed by its content: its hash, or an URI that holds it. */
  deployedCode: z.string(),
});
export const RetrainingResultSchema = z.object({
  decision: z.enum(['retrain', 'wait']),
  reason: z.string(),
  trigger: z.enum(TRIGGERS),
  datasetVersions: z.array(z.string()),
  /** Ends of the windows whose findings were looked at, ISO. Absent: none were. */
  windows: z.array(z.string()).optional(),
  codeUri: z.string().nullable(),
  /** ISO instant at which the machine asks again; null when something else must happen first. */
  askAgainAt: z.string().nullable(),
  /** What a person should look at; null when nothing. */
  review: z.string().nullable(),
  /** Hash of code and training settings that a run started now is made with. */
  recipe: z.string(),
  /** The most such a run may cost, USD at list price; null when a price is not known. */
  estimatedDollars: z.number().nullable(),
});

/**
 * Writes one lineage record and one audit record, and announces on SNS when `announce` is given. The one writer for facts that
 * state machines know (a decision, a refusal, a deployment, a failure).
 */
export const RecordRequestSchema = z.object({
  model: z.string(),
  kind: z.enum(RECORD_KINDS),
  id: z.string(),
  parents: z.array(z.string()),
  /** Sort keys of records that functions wrote themselves and that are to be chained as well, beside the parents. Left out: none. */
  vouchFor: z.array(z.string()).optional(),
  detail: z.unknown(),
  announce: AnnouncementSchema.nullable(),
  /** True when a machine failed: `PipelineFailures` is emitted. */
  failed: z.boolean(),
});
export const RecordResultSchema = z.object({
  recorded: z.string(),
  /** `first-stands`: a window or a failure of that name was recorded before in other words; it is left as it is, and the log says so. */
  outcome: z.enum(['recorded', 'first-stands']),
});

/** Starts intake machines from the upload queue; input is an SQS batch of S3 "Object Created" events. */
export const QueuedUploadSchema = z.object({
  detail: z.object({
    bucket: z.object({ name: z.string() }),
    object: z.object({
      key: z.string(),
      size: z.number(),
      etag: z.string(),
      'version-id': z.string(),
      sequencer: z.string().optional(),
    }),
  }),
  time: z.string(),
});

/** Properties of the custom resource that removes what a model's machines created, when its stack is deleted. */
export const CleanupPropertiesSchema = z.object({
  ServiceToken: z.string(),
  EndpointName: z.string(),
  PackageGroupName: z.string(),
  JobPrefix: z.string(),
  MachineArns: z.array(z.string()),
});

interface FunctionEntry {
  readonly description: string;
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  /** Needs the DuckDB layer, hence x86_64. */
  readonly duckdb: boolean;
  readonly ephemeralMegabytes: number;
  readonly input: z.ZodType;
  readonly output: z.ZodType;
}

export const FUNCTIONS = {
  'start-intake': {
    description: 'starts one execution per uploaded object version: intake, or monitoring for labels',
    memoryMegabytes: 256,
    timeoutSeconds: 30,
    duckdb: false,
    ephemeralMegabytes: 512,
    input: z.unknown(),
    output: z.unknown(),
  },
  sweep: {
    description: 'starts uploads whose event was lost',
    memoryMegabytes: 256,
    timeoutSeconds: 900,
    duckdb: false,
    ephemeralMegabytes: 512,
    input: z.unknown(),
    output: z.object({ looked: z.int(), started: z.int(), waiting: z.int() }),
  },
  intake: {
    description: 'validates an upload, writes typed Parquet, registers a dataset version',
    memoryMegabytes: 2048,
    timeoutSeconds: 900,
    duckdb: true,
    ephemeralMegabytes: 10_240,
    input: IntakeRequestSchema,
    output: IntakeResultSchema,
  },
  'decide-retraining': {
    description: 'decides whether to train now, and says why',
    memoryMegabytes: 256,
    timeoutSeconds: 60,
    duckdb: false,
    ephemeralMegabytes: 512,
    input: RetrainingRequestSchema,
    output: RetrainingResultSchema,
  },
  snapshot: {
    description: 'freezes the training, validation and test sets of a run',
    memoryMegabytes: 2048,
    timeoutSeconds: 900,
    duckdb: true,
    ephemeralMegabytes: 4096,
    input: SnapshotRequestSchema,
    output: SnapshotResultSchema,
  },
  'describe-artifact': {
    description: 'hashes every file of a trained model',
    memoryMegabytes: 1024,
    timeoutSeconds: 900,
    duckdb: false,
    ephemeralMegabytes: 512,
    input: DescribeArtifactRequestSchema,
    output: DescribeArtifactResultSchema,
  },
  'verify-inputs': {
    description: 'says whether everything a run was made from is as it was',
    memoryMegabytes: 1024,
    timeoutSeconds: 900,
    duckdb: false,
    ephemeralMegabytes: 512,
    input: VerifyInputsRequestSchema,
    output: VerifyInputsResultSchema,
  },
  'compare-runs': {
    description: 'compares a rebuilt model with the first one, byte for byte',
    memoryMegabytes: 1024,
    timeoutSeconds: 900,
    duckdb: false,
    ephemeralMegabytes: 512,
    input: CompareRunsRequestSchema,
    output: CompareRunsResultSchema,
  },
  'compare-predictions': {
    description: 'compares what a rebuilt model and the first one answer',
    memoryMegabytes: 512,
    timeoutSeconds: 900,
    duckdb: false,
    ephemeralMegabytes: 512,
    input: ComparePredictionsRequestSchema,
    output: ReproductionVerdictSchema,
  },
  gates: {
    description: 'judges a candidate against its gates and the champion',
    memoryMegabytes: 1024,
    timeoutSeconds: 300,
    duckdb: false,
    ephemeralMegabytes: 512,
    input: GatesRequestSchema,
    output: GatesResultSchema,
  },
  'smoke-test': {
    description: 'asks the endpoint a few questions with known properties',
    memoryMegabytes: 256,
    timeoutSeconds: 120,
    duckdb: false,
    ephemeralMegabytes: 512,
    input: SmokeTestRequestSchema,
    output: SmokeTestResultSchema,
  },
  promote: {
    description: 'marks a verified deployment live and removes what no longer serves',
    memoryMegabytes: 256,
    timeoutSeconds: 120,
    duckdb: false,
    ephemeralMegabytes: 512,
    input: PromoteRequestSchema,
    output: PromoteResultSchema,
  },
  monitor: {
    description: 'judges windows of captured traffic against the training baseline',
    memoryMegabytes: 1024,
    timeoutSeconds: 900,
    duckdb: false,
    ephemeralMegabytes: 512,
    input: MonitorRequestSchema,
    output: MonitorResultSchema,
  },
  reconcile: {
    description: 'compares requests answered, captured and explained, and looks for missing verdicts',
    memoryMegabytes: 512,
    timeoutSeconds: 900,
    duckdb: false,
    ephemeralMegabytes: 512,
    input: ReconcileRequestSchema,
    output: ReconcileResultSchema,
  },
  labels: {
    description: 'reads labels of predictions and puts them beside their windows',
    memoryMegabytes: 1536,
    timeoutSeconds: 300,
    duckdb: false,
    ephemeralMegabytes: 512,
    input: LabelsRequestSchema,
    output: LabelsResultSchema,
  },
  record: {
    description: 'writes lineage and audit records, announces, counts failures',
    memoryMegabytes: 256,
    timeoutSeconds: 60,
    duckdb: false,
    ephemeralMegabytes: 512,
    input: RecordRequestSchema,
    output: RecordResultSchema,
  },
  'clean-up': {
    description: 'removes endpoint, models and packages when a model stack is deleted',
    memoryMegabytes: 256,
    timeoutSeconds: 300,
    duckdb: false,
    ephemeralMegabytes: 512,
    input: z.unknown(),
    output: z.unknown(),
  },
} as const satisfies Record<string, FunctionEntry>;
export type FunctionName = keyof typeof FUNCTIONS;
export const FUNCTION_NAMES = Object.keys(FUNCTIONS) as readonly FunctionName[];

/** What a handler gets after its input was parsed. */
export type FunctionInput<N extends FunctionName> = z.output<(typeof FUNCTIONS)[N]['input']>;
/** What a handler must answer. */
export type FunctionOutput<N extends FunctionName> = z.input<(typeof FUNCTIONS)[N]['output']>;
