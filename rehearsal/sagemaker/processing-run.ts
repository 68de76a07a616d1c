import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type ContainerLog, containerLog } from './container-log.ts';
import { type ContainerExit, networkVariables, startContainer } from './container-process.ts';
import { downloadChannel } from './input-channel.ts';
import { type LiveScript, liveScript } from './live-script.ts';
import { ObjectRefused, withoutSlash } from './object-store.ts';
import { announceProcessing, PROCESSING_ROOT, type ProcessingJob } from './processing-job.ts';
import type { RoleActions } from './role-actions.ts';
import { JobFailure } from './service-error.ts';
import { filesBelow } from './training-folder.ts';
import type { JobStatus } from './training-job.ts';
import { failureReason, type World } from './world.ts';

/** What one run works with; `root` stands for `/opt/ml/processing`. */
interface Run {
  readonly world: World;
  readonly job: ProcessingJob;
  readonly live: LiveScript;
  readonly root: string;
  readonly message: string;
  readonly log: ContainerLog;
}

const MESSAGE_CHARACTERS = 1024;

/** Runs an accepted job to its end, whatever the end is: inputs, container, outputs. The caller holds a token of the clock. */
export async function runProcessingJob(world: World, job: ProcessingJob): Promise<void> {
  const folder = path.join(world.sidecar.workFolder, 'processing', job.name);
  const run: Run = {
    world,
    job,
    live: liveScript(world, job.name),
    root: path.join(folder, 'processing'),
    message: path.join(folder, 'output', 'message'),
    log: containerLog(world, '/aws/sagemaker/ProcessingJobs', `${job.name}/algo-1-1`, job.request.RoleArn),
  };
  job.stop = run.live.stop;
  await announceProcessing(world, job);
  let end: JobStatus = 'Completed';
  try {
    end = await steps(run);
  } catch (error) {
    end = 'Failed';
    job.failureReason = failureReason(world, `processing job ${job.name}`, error);
  }
  await run.log.flush();
  rmSync(folder, { recursive: true, force: true });
  job.ended = world.control.now();
  job.status = end;
  await announceProcessing(world, job);
  await world.control.jobDone('ProcessingJob', job.name);
}

async function steps(run: Run): Promise<JobStatus> {
  const { world, job, live } = run;
  const { control, settings } = world;
  await control.sleep(settings.jobStart);
  if (live.stopped()) return 'Stopped';
  job.started = control.now();
  const actions = await world.actAs(job.request.RoleArn, job.name);
  await bringInputs(run, actions);
  await control.sleep(settings.download);
  if (live.stopped()) return 'Stopped';
  const exit = await runContainer(run, actions);
  if (existsSync(run.message)) job.exitMessage = readFileSync(run.message, 'utf8').slice(0, MESSAGE_CHARACTERS);
  if (live.stopped() || live.exceeded()) return 'Stopped';
  if (exit.code !== 0) throw new JobFailure(`AlgorithmError: ${job.exitMessage ?? ''}, exit code: ${exit.code ?? 137}`);
  await takeOutputs(run, actions);
  await control.sleep(settings.upload);
  return 'Completed';
}

/** A path of the container, below this job's own folder. */
const here = ({ root }: Run, text: string) => text.replaceAll(PROCESSING_ROOT, root);

async function bringInputs(run: Run, { objects }: RoleActions): Promise<void> {
  const { job } = run;
  for (const { S3Input } of job.request.ProcessingInputs ?? [])
    if (S3Input?.LocalPath !== undefined)
      await downloadChannel(objects, S3Input, here(run, S3Input.LocalPath), job.request.RoleArn);
  for (const { S3Output } of job.request.ProcessingOutputConfig?.Outputs ?? [])
    if (S3Output?.LocalPath !== undefined) mkdirSync(here(run, S3Output.LocalPath), { recursive: true });
  mkdirSync(path.dirname(run.message), { recursive: true });
  mkdirSync(run.root, { recursive: true });
}

async function runContainer(run: Run, actions: RoleActions): Promise<ContainerExit> {
  const { world, job, live } = run;
  const { control, settings } = world;
  const { ContainerEntrypoint = [], ContainerArguments = [] } = job.request.AppSpecification;
  const [command = '', ...args] = [...ContainerEntrypoint, ...ContainerArguments].map((word) => here(run, word));
  const own = Object.entries(job.request.Environment ?? {}).map(([name, value]) => [name, here(run, value)]);
  const began = control.now();
  const limit = job.request.StoppingCondition?.MaxRuntimeInSeconds ?? 86_400;
  const container = startContainer(world, {
    command,
    args,
    folder: run.root,
    variables: {
      ...networkVariables(world, job.request.NetworkConfig?.EnableNetworkIsolation === true, actions.variables),
      ...Object.fromEntries(own),
    },
    onLine: run.log.add,
  });
  live.attach(container, began + limit);
  const exit = await container.ended;
  live.detach();
  if (live.exceeded()) await control.sleep(began + limit - control.now());
  else if (!live.stopped()) await control.sleep(Math.min(settings.processing, limit) - (control.now() - began));
  return exit;
}

async function takeOutputs(run: Run, { objects }: RoleActions): Promise<void> {
  const { ProcessingOutputConfig: config } = run.job.request;
  try {
    for (const { S3Output } of config?.Outputs ?? []) {
      if (S3Output?.LocalPath === undefined) continue;
      const folder = here(run, S3Output.LocalPath);
      for (const file of filesBelow(folder))
        await objects.put(`${withoutSlash(S3Output.S3Uri)}/${file}`, readFileSync(path.join(folder, file)), {
          kmsKeyId: config?.KmsKeyId,
        });
    }
  } catch (error) {
    if (!(error instanceof ObjectRefused)) throw error;
    throw new JobFailure(`ClientError: Failed to upload output: ${error.message}`, { cause: error });
  }
}
