import { z } from 'zod';
import { type Listed, ListRequestSchema, listPage } from './listing.ts';
import { findModel } from './model.ts';
import { type Operations, operation } from './operation.ts';
import { invalid } from './service-error.ts';
import type { Stores } from './stores.ts';
import { acceptTrainingJob, describeTrainingJob, type TrainingJob } from './training-job.ts';
import { TrainingRequestSchema } from './training-request.ts';
import { runTrainingJob } from './training-run.ts';
import {
  acceptTransformJob,
  describeTransformJob,
  runTransformJob,
  type TransformJob,
  TransformRequestSchema,
} from './transform-job.ts';
import {
  acceptTuningJob,
  describeTrial,
  describeTuningJob,
  runTuningJob,
  type TuningJob,
  TuningRequestSchema,
} from './tuning-job.ts';
import { inBackground, type World } from './world.ts';

const TrainingNameSchema = z.looseObject({ TrainingJobName: z.string() });
const TransformNameSchema = z.looseObject({ TransformJobName: z.string() });
const TuningNameSchema = z.looseObject({ HyperParameterTuningJobName: z.string() });

/** Operations on training, tuning and batch transform jobs. */
export function jobOperations(world: World, stores: Stores): Operations {
  return {
    ...trainingOperations(world, stores),
    ...tuningOperations(world, stores),
    ...transformOperations(world, stores),
  };
}

function trainingOperations(world: World, stores: Stores): Operations {
  const find = (name: string) => found(stores.trainingJobs.get(name), 'Requested resource not found.');
  return {
    CreateTrainingJob: operation(TrainingRequestSchema, async (request) => {
      const job = acceptTrainingJob(world, stores.trainingJobs, request);
      stores.tags.add(job.arn, request.Tags);
      await inBackground(world, `training job ${job.name}`, () => runTrainingJob(world, job, stores.scripts));
      return { TrainingJobArn: job.arn };
    }),
    DescribeTrainingJob: operation(TrainingNameSchema, (request) =>
      describeTrainingJob(world, find(request.TrainingJobName)),
    ),
    StopTrainingJob: operation(TrainingNameSchema, async (request) => {
      const job = find(request.TrainingJobName);
      if (job.status !== 'InProgress')
        throw invalid(`The request was rejected because the training job is in status ${job.status}.`);
      job.status = 'Stopping';
      await stores.scripts.get(job.name)?.stop();
      return {};
    }),
    ListTrainingJobs: operation(ListRequestSchema, (request) =>
      listPage('TrainingJobSummaries', [...stores.trainingJobs.values()].map(listedTraining), request),
    ),
  };
}

function tuningOperations(world: World, stores: Stores): Operations {
  const find = (name: string) => found(stores.tuningJobs.get(name), 'Requested resource not found.');
  return {
    CreateHyperParameterTuningJob: operation(TuningRequestSchema, async (request) => {
      const job = acceptTuningJob(world, stores.tuningJobs, request);
      stores.tags.add(job.arn, request.Tags);
      const runTrial = (trial: TrainingJob) => runTrainingJob(world, trial, stores.scripts);
      await inBackground(world, `tuning job ${job.name}`, () =>
        runTuningJob(world, job, stores.trainingJobs, runTrial),
      );
      return { HyperParameterTuningJobArn: job.arn };
    }),
    DescribeHyperParameterTuningJob: operation(TuningNameSchema, (request) =>
      describeTuningJob(find(request.HyperParameterTuningJobName)),
    ),
    StopHyperParameterTuningJob: operation(TuningNameSchema, async (request) => {
      const job = find(request.HyperParameterTuningJobName);
      if (job.status !== 'InProgress')
        throw invalid(`The request was rejected because the tuning job is in status ${job.status}.`);
      job.status = 'Stopping';
      await Promise.all(runningTrials(stores, job).map((name) => stores.scripts.get(name)?.stop()));
      return {};
    }),
    ListHyperParameterTuningJobs: operation(ListRequestSchema, (request) =>
      listPage('HyperParameterTuningJobSummaries', [...stores.tuningJobs.values()].map(listedTuning), request),
    ),
    ListTrainingJobsForHyperParameterTuningJob: operation(
      ListRequestSchema.extend({ HyperParameterTuningJobName: z.string() }),
      (request) => {
        const tuning = find(request.HyperParameterTuningJobName);
        const listed = tuning.trials.map((trial) => ({
          ...listedTraining(trial.job),
          summary: describeTrial(tuning, trial),
        }));
        return listPage('TrainingJobSummaries', listed, request);
      },
    ),
  };
}

function transformOperations(world: World, stores: Stores): Operations {
  const find = (name: string) =>
    found(stores.transformJobs.get(name), `Could not find requested job with name: ${name}`);
  return {
    CreateTransformJob: operation(TransformRequestSchema, async (request) => {
      const model = findModel(stores.models, request.ModelName);
      const job = acceptTransformJob(world, stores.transformJobs, model, request);
      stores.tags.add(job.arn, request.Tags);
      await inBackground(world, `transform job ${job.name}`, () => runTransformJob(world, job, stores.folders));
      return { TransformJobArn: job.arn };
    }),
    DescribeTransformJob: operation(TransformNameSchema, (request) =>
      describeTransformJob(find(request.TransformJobName)),
    ),
    StopTransformJob: operation(TransformNameSchema, (request) => {
      const job = find(request.TransformJobName);
      if (job.status !== 'InProgress')
        throw invalid(`The request was rejected because the transform job is in status ${job.status}.`);
      job.status = 'Stopping';
      return {};
    }),
    ListTransformJobs: operation(ListRequestSchema, (request) =>
      listPage('TransformJobSummaries', [...stores.transformJobs.values()].map(listedTransform), request),
    ),
  };
}

function runningTrials(stores: Stores, tuning: TuningJob): readonly string[] {
  return [...stores.trainingJobs.values()]
    .filter((job) => job.tuningJobArn === tuning.arn && job.status === 'InProgress')
    .map((job) => job.name);
}

function listedTraining(job: TrainingJob): Listed {
  return {
    name: job.name,
    created: job.created,
    status: job.status,
    summary: {
      TrainingJobName: job.name,
      TrainingJobArn: job.arn,
      CreationTime: job.created,
      TrainingEndTime: job.ended,
      LastModifiedTime: job.modified,
      TrainingJobStatus: job.status,
    },
  };
}

function listedTuning(job: TuningJob): Listed {
  const shown = describeTuningJob(job);
  return {
    name: job.name,
    created: job.created,
    status: job.status,
    summary: {
      HyperParameterTuningJobName: job.name,
      HyperParameterTuningJobArn: job.arn,
      HyperParameterTuningJobStatus: job.status,
      Strategy: job.request.HyperParameterTuningJobConfig.Strategy,
      CreationTime: job.created,
      TrainingJobStatusCounters: shown.TrainingJobStatusCounters,
      ObjectiveStatusCounters: shown.ObjectiveStatusCounters,
    },
  };
}

function listedTransform(job: TransformJob): Listed {
  return {
    name: job.name,
    created: job.created,
    status: job.status,
    summary: {
      TransformJobName: job.name,
      TransformJobArn: job.arn,
      CreationTime: job.created,
      TransformEndTime: job.ended,
      TransformJobStatus: job.status,
      FailureReason: job.failureReason,
    },
  };
}

function found<T>(job: T | undefined, message: string): T {
  if (job === undefined) throw invalid(message);
  return job;
}
