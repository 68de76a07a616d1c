import { chooseInstances, type Instances } from './instance-choice.ts';
import { withoutSlash } from './object-store.ts';
import { readyMadeImage } from './ready-made-image.ts';
import { arn } from './resource-arn.ts';
import { inUse, invalid } from './service-error.ts';
import { milliseconds } from './state-change.ts';
import type { TrainingRequest } from './training-request.ts';
import type { World } from './world.ts';

export type JobStatus = 'InProgress' | 'Completed' | 'Failed' | 'Stopping' | 'Stopped';

export interface FinalMetric {
  readonly MetricName: string;
  readonly Value: number;
  /** Virtual seconds since 1970. */
  readonly Timestamp: number;
}

interface Transition {
  readonly Status: string;
  readonly StartTime: number;
  EndTime?: number;
  readonly StatusMessage: string;
}

/** A training job; all times are virtual seconds since 1970. */
export interface TrainingJob {
  readonly request: TrainingRequest;
  readonly name: string;
  readonly arn: string;
  readonly instances: Instances;
  readonly tuningJobArn: string | undefined;
  readonly created: number;
  modified: number;
  started: number | undefined;
  ended: number | undefined;
  status: JobStatus;
  secondaryStatus: string;
  failureReason: string | undefined;
  metrics: readonly FinalMetric[];
  readonly transitions: Transition[];
}

export type TrainingJobs = Map<string, TrainingJob>;

/** Where a job's artefacts go. */
export function outputUri(request: TrainingRequest, file: string): string {
  return `${withoutSlash(request.OutputDataConfig.S3OutputPath)}/${request.TrainingJobName}/output/${file}`;
}

/** Accepts a job, or refuses it in the service's words; a name is never free again. */
export function acceptTrainingJob(
  world: World,
  jobs: TrainingJobs,
  request: TrainingRequest,
  tuningJobArn?: string,
): TrainingJob {
  const name = request.TrainingJobName;
  const jobArn = arn('training-job', name);
  if (jobs.has(name))
    throw inUse(
      `Training job names must be unique within an AWS account and region, and a training job with this name already exists (${jobArn})`,
    );
  readyMadeImage(request.AlgorithmSpecification.TrainingImage, 'AlgorithmSpecification.TrainingImage');
  refuseSpotWithoutPatience(request);
  const now = world.control.now();
  const job: TrainingJob = {
    request,
    name,
    arn: jobArn,
    instances: chooseInstances(request),
    tuningJobArn,
    created: now,
    modified: now,
    started: undefined,
    ended: undefined,
    status: 'InProgress',
    secondaryStatus: 'Starting',
    failureReason: undefined,
    metrics: [],
    transitions: [],
  };
  jobs.set(name, job);
  return job;
}

/** What DescribeTrainingJob answers. */
export function describeTrainingJob(world: World, job: TrainingJob): Record<string, unknown> {
  const { Tags: _tags, ResourceConfig, ...request } = job.request;
  const seconds =
    job.started === undefined || job.ended === undefined ? undefined : Math.max(1, Math.round(job.ended - job.started));
  const share = job.request.EnableManagedSpotTraining === true ? world.settings.spotBilledShare : 1;
  const selected =
    ResourceConfig.InstancePreferences === undefined
      ? {}
      : { SelectedInstanceType: job.instances.type, SelectedInstanceCount: job.instances.count };
  return {
    ...request,
    ResourceConfig: { ...ResourceConfig, ...selected },
    StoppingCondition: request.StoppingCondition ?? { MaxRuntimeInSeconds: 86_400 },
    TrainingJobArn: job.arn,
    TuningJobArn: job.tuningJobArn,
    TrainingJobStatus: job.status,
    SecondaryStatus: job.secondaryStatus,
    SecondaryStatusTransitions: job.transitions,
    FailureReason: job.failureReason,
    ModelArtifacts: { S3ModelArtifacts: outputUri(job.request, 'model.tar.gz') },
    CreationTime: job.created,
    LastModifiedTime: job.modified,
    TrainingStartTime: job.started,
    TrainingEndTime: job.ended,
    TrainingTimeInSeconds: seconds,
    BillableTimeInSeconds: seconds === undefined ? undefined : Math.max(1, Math.round(seconds * share)),
    FinalMetricDataList: job.metrics,
  };
}

/** Moves a job to its next step and tells the world. */
export async function enterStep(world: World, job: TrainingJob, status: string, message: string): Promise<void> {
  const now = world.control.now();
  const last = job.transitions.at(-1);
  if (last !== undefined) last.EndTime ??= now;
  job.secondaryStatus = status;
  job.modified = now;
  job.transitions.push({ Status: status, StartTime: now, StatusMessage: message });
  const shown = describeTrainingJob(world, job);
  await world.control.event({
    type: 'SageMaker Training Job State Change',
    resources: [job.arn],
    detail: {
      ...shown,
      CreationTime: milliseconds(job.created),
      LastModifiedTime: milliseconds(job.modified),
      TrainingStartTime: milliseconds(job.started),
      TrainingEndTime: milliseconds(job.ended),
      SecondaryStatusTransitions: job.transitions.slice(-1),
      Tags: {},
    },
  });
}

function refuseSpotWithoutPatience(request: TrainingRequest): void {
  const { MaxRuntimeInSeconds: run = 86_400, MaxWaitTimeInSeconds: wait } = request.StoppingCondition ?? {};
  if (request.EnableManagedSpotTraining === true && (wait === undefined || wait < run))
    throw invalid(
      `Invalid MaxWaitTimeInSeconds. It must be present and be greater than or equal to MaxRuntimeInSeconds (got ${wait ?? 'none'}, ${run}).`,
    );
  if (request.EnableManagedSpotTraining !== true && wait !== undefined)
    throw invalid('MaxWaitTimeInSeconds above 0 is not supported for on-demand instances.');
}
