import { z } from 'zod';
import { S3DataSourceSchema } from './input-channel.ts';
import { readyMadeImage } from './ready-made-image.ts';
import { arn } from './resource-arn.ts';
import { inUse, invalid } from './service-error.ts';
import { milliseconds } from './state-change.ts';
import { TagsSchema } from './tags.ts';
import type { JobStatus } from './training-job.ts';
import type { World } from './world.ts';

/** Where a processing container's inputs and outputs lie. */
export const PROCESSING_ROOT = '/opt/ml/processing';

const LocalPathSchema = z.string().optional();

export const ProcessingRequestSchema = z.looseObject({
  ProcessingJobName: z.string(),
  RoleArn: z.string(),
  AppSpecification: z.looseObject({
    ImageUri: z.string(),
    ContainerEntrypoint: z.array(z.string()).optional(),
    ContainerArguments: z.array(z.string()).optional(),
  }),
  ProcessingInputs: z
    .array(
      z.looseObject({
        InputName: z.string(),
        AppManaged: z.boolean().optional(),
        S3Input: S3DataSourceSchema.extend({
          LocalPath: LocalPathSchema,
          S3InputMode: z.string().optional(),
          S3CompressionType: z.string().optional(),
        }).optional(),
      }),
    )
    .optional(),
  ProcessingOutputConfig: z
    .looseObject({
      Outputs: z.array(
        z.looseObject({
          OutputName: z.string(),
          S3Output: z
            .looseObject({ S3Uri: z.string(), LocalPath: LocalPathSchema, S3UploadMode: z.string() })
            .optional(),
        }),
      ),
      KmsKeyId: z.string().optional(),
    })
    .optional(),
  Environment: z.record(z.string(), z.string()).optional(),
  NetworkConfig: z.looseObject({ EnableNetworkIsolation: z.boolean().optional() }).optional(),
  StoppingCondition: z.looseObject({ MaxRuntimeInSeconds: z.int() }).optional(),
  Tags: TagsSchema.optional(),
});
type ProcessingRequest = z.infer<typeof ProcessingRequestSchema>;

/** A processing job; times are virtual seconds since 1970. */
export interface ProcessingJob {
  readonly request: ProcessingRequest;
  readonly name: string;
  readonly arn: string;
  readonly created: number;
  modified: number;
  started: number | undefined;
  ended: number | undefined;
  status: JobStatus;
  failureReason: string | undefined;
  /** What the container left in `output/message`. */
  exitMessage: string | undefined;
  /** Ends the container of a job that is asked to stop. */
  stop: () => Promise<void>;
}

export type ProcessingJobs = Map<string, ProcessingJob>;

/** Accepts a job, or refuses it; a name is never free again. */
export function acceptProcessingJob(world: World, jobs: ProcessingJobs, request: ProcessingRequest): ProcessingJob {
  const name = request.ProcessingJobName;
  const jobArn = arn('processing-job', name);
  if (jobs.has(name))
    throw inUse(
      `Processing job names must be unique within an AWS account and region, and a processing job with this name already exists (${jobArn})`,
    );
  readyMadeImage(request.AppSpecification.ImageUri, 'AppSpecification.ImageUri');
  refuseUnemulated(request);
  const now = world.control.now();
  const job: ProcessingJob = {
    request,
    name,
    arn: jobArn,
    created: now,
    modified: now,
    started: undefined,
    ended: undefined,
    status: 'InProgress',
    failureReason: undefined,
    exitMessage: undefined,
    stop: async () => undefined,
  };
  jobs.set(name, job);
  return job;
}

/** What DescribeProcessingJob answers. */
export function describeProcessingJob(job: ProcessingJob): Record<string, unknown> {
  const { Tags: _tags, ...request } = job.request;
  return {
    ...request,
    StoppingCondition: request.StoppingCondition ?? { MaxRuntimeInSeconds: 86_400 },
    ProcessingJobArn: job.arn,
    ProcessingJobStatus: job.status,
    ExitMessage: job.exitMessage,
    FailureReason: job.failureReason,
    CreationTime: job.created,
    LastModifiedTime: job.modified,
    ProcessingStartTime: job.started,
    ProcessingEndTime: job.ended,
  };
}

/** Tells the world of a job's state. */
export async function announceProcessing(world: World, job: ProcessingJob): Promise<void> {
  job.modified = world.control.now();
  await world.control.event({
    type: 'SageMaker Processing Job State Change',
    resources: [job.arn],
    detail: {
      ...describeProcessingJob(job),
      CreationTime: milliseconds(job.created),
      LastModifiedTime: milliseconds(job.modified),
      ProcessingStartTime: milliseconds(job.started),
      ProcessingEndTime: milliseconds(job.ended),
      Tags: {},
    },
  });
}

function refuseUnemulated(request: ProcessingRequest): void {
  const { ContainerEntrypoint: entry } = request.AppSpecification;
  const inputs = (request.ProcessingInputs ?? []).flatMap(({ InputName, AppManaged, S3Input }) => [
    (S3Input === undefined || AppManaged === true) && `input ${InputName}, which is no S3Input of the service`,
    S3Input?.S3InputMode === 'Pipe' && `S3InputMode Pipe of ${InputName}`,
    S3Input?.S3CompressionType === 'Gzip' && `S3CompressionType Gzip of ${InputName}`,
    outside(S3Input?.LocalPath) && `LocalPath ${S3Input?.LocalPath} of ${InputName}`,
  ]);
  const outputs = (request.ProcessingOutputConfig?.Outputs ?? []).flatMap(({ OutputName, S3Output }) => [
    S3Output === undefined && `output ${OutputName}, which is no S3Output`,
    S3Output?.S3UploadMode === 'Continuous' && `S3UploadMode Continuous of ${OutputName}`,
    outside(S3Output?.LocalPath) && `LocalPath ${S3Output?.LocalPath} of ${OutputName}`,
  ]);
  const command = entry === undefined && "the ready-made image's own entry point";
  const refused = [command, ...inputs, ...outputs].filter((what) => what !== false);
  if (refused.length > 0)
    throw invalid(
      `The rehearsal does not emulate ${refused.join(', ')}; name a ContainerEntrypoint, and S3 files below ${PROCESSING_ROOT}.`,
    );
}

const outside = (path: string | undefined) => path?.startsWith(`${PROCESSING_ROOT}/`) !== true;
