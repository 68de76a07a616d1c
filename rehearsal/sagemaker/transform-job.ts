import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { containerLog } from './container-log.ts';
import { downloadChannel, S3DataSourceSchema } from './input-channel.ts';
import type { Model } from './model.ts';
import type { ModelFolders } from './model-folder.ts';
import { ObjectRefused, withoutSlash } from './object-store.ts';
import { assembled, recordBatches } from './record-batches.ts';
import { arn } from './resource-arn.ts';
import { inUse, invalid, JobFailure } from './service-error.ts';
import { type ServingProcess, startServing } from './serving-process.ts';
import { milliseconds } from './state-change.ts';
import { TagsSchema } from './tags.ts';
import type { JobStatus } from './training-job.ts';
import { failureReason, type World } from './world.ts';

export const TransformRequestSchema = z.looseObject({
  TransformJobName: z.string(),
  ModelName: z.string(),
  MaxConcurrentTransforms: z.int().optional(),
  MaxPayloadInMB: z.int().optional(),
  BatchStrategy: z.enum(['MultiRecord', 'SingleRecord']).optional(),
  Environment: z.record(z.string(), z.string()).optional(),
  TransformInput: z.looseObject({
    DataSource: z.looseObject({ S3DataSource: S3DataSourceSchema }),
    ContentType: z.string().optional(),
    CompressionType: z.string().optional(),
    SplitType: z.string().optional(),
  }),
  TransformOutput: z.looseObject({
    S3OutputPath: z.string(),
    Accept: z.string().optional(),
    AssembleWith: z.string().optional(),
    KmsKeyId: z.string().optional(),
  }),
  DataProcessing: z
    .looseObject({
      JoinSource: z.string().optional(),
      InputFilter: z.string().optional(),
      OutputFilter: z.string().optional(),
    })
    .optional(),
  Tags: TagsSchema.optional(),
});
type TransformRequest = z.infer<typeof TransformRequestSchema>;

/** A batch transform job; times are virtual seconds since 1970. */
export interface TransformJob {
  readonly request: TransformRequest;
  readonly name: string;
  readonly arn: string;
  readonly created: number;
  readonly model: Model;
  started: number | undefined;
  ended: number | undefined;
  status: JobStatus;
  failureReason: string | undefined;
}

export type TransformJobs = Map<string, TransformJob>;

/** Accepts a job, or refuses it; a name is never free again. */
export function acceptTransformJob(
  world: World,
  jobs: TransformJobs,
  model: Model,
  request: TransformRequest,
): TransformJob {
  const name = request.TransformJobName;
  const jobArn = arn('transform-job', name);
  if (jobs.has(name))
    throw inUse(
      `Transform job names must be unique within an AWS account and region, and a transform job with this name already exists (${jobArn})`,
    );
  refuseUnemulated(request);
  const job: TransformJob = {
    request,
    name,
    arn: jobArn,
    created: world.control.now(),
    model,
    started: undefined,
    ended: undefined,
    status: 'InProgress',
    failureReason: undefined,
  };
  jobs.set(name, job);
  return job;
}

/** What DescribeTransformJob answers. */
export function describeTransformJob(job: TransformJob): Record<string, unknown> {
  const { Tags: _tags, ...request } = job.request;
  return {
    ...request,
    TransformJobArn: job.arn,
    TransformJobStatus: job.status,
    FailureReason: job.failureReason,
    CreationTime: job.created,
    TransformStartTime: job.started,
    TransformEndTime: job.ended,
  };
}

/** Runs an accepted job to its end, whatever the end is. The caller holds a token of the clock. */
export async function runTransformJob(world: World, job: TransformJob, folders: ModelFolders): Promise<void> {
  const { control } = world;
  await announce(world, job);
  let end: JobStatus = 'Completed';
  try {
    await control.sleep(world.settings.jobStart);
    job.started = control.now();
    await transform(world, job, folders);
    await control.sleep(world.settings.transform);
  } catch (error) {
    end = 'Failed';
    job.failureReason = failureReason(world, `transform job ${job.name}`, error);
  }
  job.ended = control.now();
  job.status = job.status === 'Stopping' ? 'Stopped' : end;
  await announce(world, job);
  await control.jobDone('TransformJob', job.name);
}

async function transform(world: World, job: TransformJob, folders: ModelFolders): Promise<void> {
  const { request, model } = job;
  const { objects } = await world.actAs(model.role, job.name);
  const folder = path.join(world.sidecar.workFolder, 'transform', job.name);
  const log = containerLog(world, '/aws/sagemaker/TransformJobs', `${job.name}/i-${job.name.slice(-8)}`, model.role);
  const files = await downloadChannel(objects, request.TransformInput.DataSource.S3DataSource, folder, model.role);
  let serving: ServingProcess | undefined;
  try {
    serving = await startServing(world, {
      model,
      folder: await folders.of(model),
      variables: batchVariables(request),
      log,
      onDeath: (reason) => log.add(reason),
    });
    for (const file of files) {
      if (job.status === 'Stopping') return;
      const scored = await scoreFile(world, request, serving, readFileSync(path.join(folder, file)));
      const target = `${withoutSlash(request.TransformOutput.S3OutputPath)}/${file}.out`;
      await objects.put(target, scored, { kmsKeyId: request.TransformOutput.KmsKeyId });
    }
  } catch (error) {
    if (!(error instanceof ObjectRefused)) throw error;
    throw new JobFailure(`ClientError: Failed to upload the output: ${error.message}`, { cause: error });
  } finally {
    await serving?.stop();
    await log.flush();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function scoreFile(
  world: World,
  request: TransformRequest,
  serving: ServingProcess,
  file: Buffer,
): Promise<Buffer> {
  const batches = recordBatches(file, {
    splitType: request.TransformInput.SplitType ?? 'None',
    strategy: request.BatchStrategy ?? 'MultiRecord',
    // Zero means no limit, as in the API.
    maxPayloadBytes: (request.MaxPayloadInMB ?? 6) * 2 ** 20 || Number.POSITIVE_INFINITY,
  });
  const headers = {
    'content-type': request.TransformInput.ContentType ?? 'text/csv',
    ...(request.TransformOutput.Accept === undefined ? {} : { accept: request.TransformOutput.Accept }),
  };
  const answers: Buffer[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < batches.length; index = next++) {
      const answer = await serving.send(batches[index] ?? Buffer.alloc(0), headers, world.settings.batchInvocation);
      if (answer.status !== 200)
        throw new JobFailure(
          `AlgorithmError: See job logs for more information. Bad HTTP status received from algorithm: ${answer.status} (${answer.body.toString().slice(0, 300)})`,
        );
      answers[index] = answer.body;
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, request.MaxConcurrentTransforms ?? 1) }, worker));
  return assembled(answers, request.TransformOutput.AssembleWith ?? 'None');
}

function batchVariables(request: TransformRequest): Record<string, string> {
  return {
    SAGEMAKER_BATCH: 'true',
    SAGEMAKER_BATCH_STRATEGY: request.BatchStrategy === 'SingleRecord' ? 'SINGLE_RECORD' : 'MULTI_RECORD',
    SAGEMAKER_MAX_PAYLOAD_IN_MB: String(request.MaxPayloadInMB ?? 6),
    SAGEMAKER_MAX_CONCURRENT_TRANSFORMS: String(request.MaxConcurrentTransforms ?? 1),
    ...request.Environment,
  };
}

function refuseUnemulated(request: TransformRequest): void {
  const { JoinSource = 'None', InputFilter = '$', OutputFilter = '$' } = request.DataProcessing ?? {};
  const { SplitType = 'None', CompressionType = 'None' } = request.TransformInput;
  const refused = [
    JoinSource !== 'None' && `DataProcessing.JoinSource ${JoinSource}`,
    InputFilter !== '$' && `DataProcessing.InputFilter ${InputFilter}`,
    OutputFilter !== '$' && `DataProcessing.OutputFilter ${OutputFilter}`,
    SplitType !== 'None' && SplitType !== 'Line' && `TransformInput.SplitType ${SplitType}`,
    CompressionType !== 'None' && `TransformInput.CompressionType ${CompressionType}`,
  ].filter((what) => what !== false);
  if (refused.length > 0)
    throw invalid(`The rehearsal does not emulate ${refused.join(', ')}; use None (SplitType: None or Line).`);
}

async function announce(world: World, job: TransformJob): Promise<void> {
  await world.control.event({
    type: 'SageMaker Transform Job State Change',
    resources: [job.arn],
    detail: {
      ...describeTransformJob(job),
      CreationTime: milliseconds(job.created),
      TransformStartTime: milliseconds(job.started),
      TransformEndTime: milliseconds(job.ended),
      Tags: {},
    },
  });
}
