import { z } from 'zod';
import { drawParameters, ParameterRangesSchema, seededRandom } from './random-search.ts';
import { arn } from './resource-arn.ts';
import { inUse, invalid } from './service-error.ts';
import { milliseconds } from './state-change.ts';
import { TagsSchema } from './tags.ts';
import { acceptTrainingJob, type TrainingJob, type TrainingJobs } from './training-job.ts';
import { TrainingDefinitionSchema } from './training-request.ts';
import { report, type World } from './world.ts';

export const TuningRequestSchema = z.looseObject({
  HyperParameterTuningJobName: z.string(),
  HyperParameterTuningJobConfig: z.looseObject({
    Strategy: z.string(),
    HyperParameterTuningJobObjective: z.object({ Type: z.enum(['Maximize', 'Minimize']), MetricName: z.string() }),
    ResourceLimits: z.looseObject({
      MaxNumberOfTrainingJobs: z.int().default(1),
      MaxParallelTrainingJobs: z.int(),
    }),
    ParameterRanges: ParameterRangesSchema.prefault({}),
    RandomSeed: z.int().default(1),
  }),
  TrainingJobDefinition: TrainingDefinitionSchema,
  Tags: TagsSchema.optional(),
});
type TuningRequest = z.infer<typeof TuningRequestSchema>;

/** One training job of a tuning job, and what came of it. */
interface Trial {
  readonly job: TrainingJob;
  readonly parameters: Readonly<Record<string, string>>;
  readonly objective: number | undefined;
}

/** A hyperparameter tuning job; times are virtual seconds since 1970. */
export interface TuningJob {
  readonly request: TuningRequest;
  readonly name: string;
  readonly arn: string;
  readonly created: number;
  modified: number;
  ended: number | undefined;
  status: 'InProgress' | 'Completed' | 'Failed' | 'Stopping' | 'Stopped';
  failureReason: string | undefined;
  running: number;
  readonly trials: Trial[];
}

export type TuningJobs = Map<string, TuningJob>;

/** Runs one training job to its end; the tuning job gives it a token of its own. */
export type RunTrial = (job: TrainingJob) => Promise<void>;

/** Accepts a job, or refuses it. `Bayesian` is taken and searched at random. */
export function acceptTuningJob(world: World, jobs: TuningJobs, request: TuningRequest): TuningJob {
  const name = request.HyperParameterTuningJobName;
  const jobArn = arn('hyper-parameter-tuning-job', name);
  if (jobs.has(name))
    throw inUse(
      `Hyperparameter tuning job names must be unique within an AWS account and region, and a tuning job with this name already exists (${jobArn})`,
    );
  const { Strategy, HyperParameterTuningJobObjective: objective } = request.HyperParameterTuningJobConfig;
  if (Strategy !== 'Random' && Strategy !== 'Bayesian')
    throw invalid(`The rehearsal searches at random (strategies Random and Bayesian), not by ${Strategy}.`);
  const metrics = request.TrainingJobDefinition.AlgorithmSpecification.MetricDefinitions ?? [];
  if (!metrics.some((metric) => metric.Name === objective.MetricName))
    throw invalid(`The objective metric ${objective.MetricName} is not among the metric definitions.`);
  const now = world.control.now();
  const job: TuningJob = {
    request,
    name,
    arn: jobArn,
    created: now,
    modified: now,
    ended: undefined,
    status: 'InProgress',
    failureReason: undefined,
    running: 0,
    trials: [],
  };
  jobs.set(name, job);
  return job;
}

/** Runs an accepted job to its end. The caller holds one token; every worker beside the first takes one of its own. */
export async function runTuningJob(
  world: World,
  job: TuningJob,
  trainingJobs: TrainingJobs,
  runTrial: RunTrial,
): Promise<void> {
  await announce(world, job);
  const {
    ResourceLimits: limits,
    ParameterRanges: ranges,
    RandomSeed: seed,
  } = job.request.HyperParameterTuningJobConfig;
  const random = seededRandom(seed);
  const points = Array.from({ length: limits.MaxNumberOfTrainingJobs }, () => drawParameters(ranges, random));
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < points.length && job.status === 'InProgress'; index = next++)
      await oneTrial(world, job, trainingJobs, runTrial, index, points[index] ?? {}, random);
  };
  const workers = Math.min(limits.MaxParallelTrainingJobs, points.length);
  await inParallel(world, workers, worker);
  await finish(world, job);
}

/** What DescribeHyperParameterTuningJob answers. */
export function describeTuningJob(job: TuningJob): Record<string, unknown> {
  const { Tags: _tags, ...request } = job.request;
  const best = bestTrial(job);
  return {
    ...request,
    HyperParameterTuningJobArn: job.arn,
    HyperParameterTuningJobStatus: job.status,
    CreationTime: job.created,
    LastModifiedTime: job.modified,
    HyperParameterTuningEndTime: job.ended,
    FailureReason: job.failureReason,
    TrainingJobStatusCounters: {
      Completed: count(job, (trial) => trial.job.status === 'Completed'),
      InProgress: job.running,
      RetryableError: 0,
      NonRetryableError: count(job, (trial) => trial.job.status === 'Failed'),
      Stopped: count(job, (trial) => trial.job.status === 'Stopped'),
    },
    ObjectiveStatusCounters: {
      Succeeded: count(job, (trial) => trial.objective !== undefined),
      Pending: job.running,
      Failed: count(job, (trial) => trial.objective === undefined),
    },
    ...(best === undefined ? {} : { BestTrainingJob: describeTrial(job, best) }),
  };
}

/** One line of ListTrainingJobsForHyperParameterTuningJob. */
export function describeTrial(tuning: TuningJob, trial: Trial): Record<string, unknown> {
  const { HyperParameterTuningJobObjective: objective } = tuning.request.HyperParameterTuningJobConfig;
  return {
    TrainingJobName: trial.job.name,
    TrainingJobArn: trial.job.arn,
    CreationTime: trial.job.created,
    TrainingStartTime: trial.job.started,
    TrainingEndTime: trial.job.ended,
    TrainingJobStatus: trial.job.status,
    TunedHyperParameters: trial.parameters,
    FailureReason: trial.job.failureReason,
    ObjectiveStatus: trial.objective === undefined ? 'Failed' : 'Succeeded',
    ...(trial.objective === undefined
      ? {}
      : { FinalHyperParameterTuningJobObjectiveMetric: { ...objective, Value: trial.objective } }),
  };
}

async function oneTrial(
  world: World,
  tuning: TuningJob,
  trainingJobs: TrainingJobs,
  runTrial: RunTrial,
  index: number,
  parameters: Record<string, string>,
  random: () => number,
): Promise<void> {
  const { StaticHyperParameters, ...definition } = tuning.request.TrainingJobDefinition;
  const objective = tuning.request.HyperParameterTuningJobConfig.HyperParameterTuningJobObjective;
  const suffix = Math.floor(random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0');
  const job = acceptTrainingJob(
    world,
    trainingJobs,
    {
      ...definition,
      TrainingJobName: `${tuning.name.slice(0, 45)}-${String(index + 1).padStart(3, '0')}-${suffix}`,
      HyperParameters: { ...StaticHyperParameters, ...parameters, _tuning_objective_metric: objective.MetricName },
    },
    tuning.arn,
  );
  tuning.running += 1;
  await runTrial(job);
  tuning.running -= 1;
  const value = job.metrics.find((metric) => metric.MetricName === objective.MetricName)?.Value;
  tuning.trials.push({ job, parameters, objective: value });
  tuning.modified = world.control.now();
  await announce(world, tuning);
}

/** Workers sleep on the clock independently, so each needs a token; the last to end keeps the caller's. */
async function inParallel(world: World, workers: number, work: () => Promise<void>): Promise<void> {
  let left = workers;
  for (let extra = 1; extra < workers; extra++) await world.control.hold();
  await Promise.all(
    Array.from({ length: workers }, async () => {
      await work().catch((error: unknown) => report(world, 'tuning', error));
      left -= 1;
      if (left > 0) await world.control.release();
    }),
  );
}

async function finish(world: World, job: TuningJob): Promise<void> {
  const completed = count(job, (trial) => trial.job.status === 'Completed');
  job.ended = world.control.now();
  job.modified = job.ended;
  if (job.status === 'Stopping') job.status = 'Stopped';
  else if (completed > 0) job.status = 'Completed';
  else {
    job.status = 'Failed';
    job.failureReason = `All training jobs failed. The first: ${job.trials[0]?.job.failureReason ?? 'none was started'}`;
  }
  await announce(world, job);
  await world.control.jobDone('HyperParameterTuningJob', job.name);
}

function bestTrial(job: TuningJob): Trial | undefined {
  const sign = job.request.HyperParameterTuningJobConfig.HyperParameterTuningJobObjective.Type === 'Maximize' ? 1 : -1;
  return job.trials
    .filter((trial) => trial.job.status === 'Completed' && trial.objective !== undefined)
    .toSorted((a, b) => sign * ((b.objective ?? 0) - (a.objective ?? 0)))[0];
}

function count(job: TuningJob, which: (trial: Trial) => boolean): number {
  return job.trials.filter(which).length;
}

async function announce(world: World, job: TuningJob): Promise<void> {
  const shown = describeTuningJob(job);
  await world.control.event({
    type: 'SageMaker HyperParameter Tuning Job State Change',
    resources: [job.arn],
    detail: {
      HyperParameterTuningJobName: job.name,
      HyperParameterTuningJobArn: job.arn,
      HyperParameterTuningJobStatus: job.status,
      CreationTime: milliseconds(job.created),
      LastModifiedTime: milliseconds(job.modified),
      TrainingJobStatusCounters: shown.TrainingJobStatusCounters,
      ObjectiveStatusCounters: shown.ObjectiveStatusCounters,
      Tags: {},
    },
  });
}
