import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { packFolder, unpackInto } from './archive.ts';
import { type ContainerLog, containerLog } from './container-log.ts';
import { type ContainerExit, networkVariables, startContainer } from './container-process.ts';
import { downloadChannel } from './input-channel.ts';
import { type LiveScript, type LiveScripts, liveScript } from './live-script.ts';
import { type MetricLines, metricLines } from './metric-lines.ts';
import { ObjectRefused, partsOf, withoutSlash } from './object-store.ts';
import type { RoleActions } from './role-actions.ts';
import { type ScriptCall, scriptCall, writeConfigFiles } from './script-mode.ts';
import { JobFailure } from './service-error.ts';
import { filesBelow, type TrainingFolder, trainingFolder } from './training-folder.ts';
import { enterStep, type JobStatus, outputUri, type TrainingJob } from './training-job.ts';
import { failureReason, type World } from './world.ts';

/** What one run works with. */
interface Run {
  readonly world: World;
  readonly job: TrainingJob;
  readonly live: LiveScript;
  readonly folder: TrainingFolder;
  readonly log: ContainerLog;
  readonly metrics: MetricLines;
}

/** How a run ended. */
interface Ending {
  readonly status: JobStatus;
  readonly secondary: string;
  readonly reason?: string;
}

/**
 * Runs an accepted job to its end, whatever the end is: start, download, train, upload. The caller holds a token of the clock.
 * State machines are told only after the last event is out.
 */
export async function runTrainingJob(world: World, job: TrainingJob, scripts: LiveScripts): Promise<void> {
  const live = liveScript(world, job.name);
  scripts.set(job.name, live);
  const stream = `${job.name}/algo-1-${Math.floor(world.control.now())}`;
  const run: Run = {
    world,
    job,
    live,
    folder: trainingFolder(path.join(world.sidecar.workFolder, 'training', job.name)),
    log: containerLog(world, '/aws/sagemaker/TrainingJobs', stream, job.request.RoleArn),
    metrics: metricLines(job.request.AlgorithmSpecification.MetricDefinitions ?? []),
  };
  const ending = await steps(run).catch(
    (error: unknown): Ending => ({
      status: 'Failed',
      secondary: 'Failed',
      reason: failureReason(world, `training job ${job.name}`, error),
    }),
  );
  await finish(run, ending);
  scripts.delete(job.name);
  run.folder.remove();
  await world.control.jobDone('TrainingJob', job.name);
}

async function steps(run: Run): Promise<Ending> {
  const { world, job, live } = run;
  const { control, settings } = world;
  await enterStep(world, job, 'Starting', 'Preparing the instances for training');
  await control.sleep(settings.jobStart);
  if (live.stopped()) return { status: 'Stopped', secondary: 'Stopped' };

  job.started = control.now();
  await enterStep(world, job, 'Downloading', 'Downloading input data');
  const actions = await world.actAs(job.request.RoleArn, job.name);
  const script = await prepare(run, actions);
  await control.sleep(settings.download);
  if (live.stopped()) return { status: 'Stopped', secondary: 'Stopped' };

  await enterStep(world, job, 'Training', 'Training image download completed. Training in progress.');
  const exit = await train(run, script, actions);
  await control.metrics(run.metrics.points(job.name));
  if (exit.code !== 0 && !live.exceeded() && !live.stopped()) throw new JobFailure(scriptFailure(run, exit));

  await enterStep(world, job, 'Uploading', 'Uploading generated training model');
  await upload(run, actions);
  await control.sleep(settings.upload);
  if (live.exceeded()) return { status: 'Stopped', secondary: 'MaxRuntimeExceeded' };
  return live.stopped() ? { status: 'Stopped', secondary: 'Stopped' } : { status: 'Completed', secondary: 'Completed' };
}

/** Channels, checkpoints of a run before, configuration files, the user's code. */
async function prepare(run: Run, actions: RoleActions): Promise<ScriptCall> {
  const { job, folder } = run;
  const channels: Record<string, string> = {};
  for (const channel of job.request.InputDataConfig ?? []) {
    const target = folder.channel(channel.ChannelName);
    await downloadChannel(actions.objects, channel.DataSource.S3DataSource, target, job.request.RoleArn);
    channels[channel.ChannelName] = target;
  }
  await restoreCheckpoints(run, actions);
  writeConfigFiles(job, folder);
  const script = scriptCall(job, folder, channels);
  await unpackInto(
    await submittedCode(run, actions, script.submitDirectory),
    folder.code,
    'sagemaker_submit_directory',
  );
  return script;
}

/** Where a container's own paths begin; here they lie below the job's folder. */
const CONTAINER_ROOT = '/opt/ml/';

/** The source bundle: an archive in S3, or one that a channel brought, the only way into a job with network isolation. */
async function submittedCode(run: Run, actions: RoleActions, place: string): Promise<Uint8Array> {
  if (place.startsWith(CONTAINER_ROOT)) {
    const file = path.join(run.folder.root, place.slice(CONTAINER_ROOT.length));
    if (existsSync(file)) return readFileSync(file);
    throw new JobFailure(`AlgorithmError: sagemaker_submit_directory: there is no ${place}; no channel brought it`);
  }
  if (run.job.request.EnableNetworkIsolation === true)
    throw new JobFailure(
      `AlgorithmError: sagemaker_submit_directory: a job with network isolation cannot fetch ${place}; bring it by a channel`,
    );
  return await actions.objects.get(place).catch((error: unknown) => {
    if (!(error instanceof ObjectRefused)) throw error;
    throw new JobFailure(`ClientError: sagemaker_submit_directory: cannot read ${error.message}`, { cause: error });
  });
}

async function restoreCheckpoints(run: Run, actions: RoleActions): Promise<void> {
  const uri = run.job.request.CheckpointConfig?.S3Uri;
  if (uri === undefined) return;
  const source = { S3DataType: 'S3Prefix' as const, S3Uri: `${withoutSlash(uri)}/` };
  const saved = await actions.objects.list(source.S3Uri).catch((error: unknown) => {
    throw new JobFailure(`ClientError: cannot read checkpoints at ${uri} (${partsOf(uri).bucket})`, { cause: error });
  });
  if (saved.length > 0) await downloadChannel(actions.objects, source, run.folder.checkpoints, run.job.request.RoleArn);
}

async function train(run: Run, script: ScriptCall, actions: RoleActions): Promise<ContainerExit> {
  const { world, job, live, folder } = run;
  const { control, settings } = world;
  const began = control.now();
  const limit = job.request.StoppingCondition?.MaxRuntimeInSeconds ?? 86_400;
  const container = startContainer(world, {
    args: [script.program, ...script.args],
    folder: folder.code,
    variables: {
      ...networkVariables(world, job.request.EnableNetworkIsolation === true, actions.variables),
      ...script.variables,
      REHEARSAL_NAP_URL: `${world.sidecar.sidecarUrl}/nap`,
      REHEARSAL_JOB: job.name,
      // Code is copied into the model by many a script; compiled files would make two equal models differ.
      PYTHONDONTWRITEBYTECODE: '1',
    },
    onLine: (line) => {
      run.log.add(line);
      run.metrics.read(line, control.now());
    },
  });
  live.attach(container, began + limit);
  const exit = await container.ended;
  live.detach();
  if (live.exceeded()) await control.sleep(began + limit - control.now());
  else if (!live.stopped()) await control.sleep(Math.min(settings.training, limit) - (control.now() - began));
  return exit;
}

function scriptFailure(run: Run, exit: ContainerExit): string {
  const lastLines = run.log.tail(8).join('\n').slice(-900);
  const code = exit.code ?? 137;
  return `AlgorithmError: ${run.folder.failure() ?? `ExecuteUserScriptError:\nExitCode ${code}\nErrorMessage "${lastLines}"`}, exit code: ${code}`;
}

async function upload(run: Run, actions: RoleActions): Promise<void> {
  const { job, folder } = run;
  const kmsKeyId = job.request.OutputDataConfig.KmsKeyId;
  try {
    if (filesBelow(folder.model).length > 0 || !run.live.exceeded())
      await actions.objects.put(outputUri(job.request, 'model.tar.gz'), await packFolder(folder.model), { kmsKeyId });
    if (filesBelow(folder.outputData).length > 0)
      await actions.objects.put(outputUri(job.request, 'output.tar.gz'), await packFolder(folder.outputData), {
        kmsKeyId,
      });
    await saveCheckpoints(run, actions);
  } catch (error) {
    if (!(error instanceof ObjectRefused)) throw error;
    throw new JobFailure(`ClientError: Failed to upload model artifacts: ${error.message}`, { cause: error });
  }
}

async function saveCheckpoints(run: Run, actions: RoleActions): Promise<void> {
  const uri = run.job.request.CheckpointConfig?.S3Uri;
  if (uri === undefined) return;
  for (const file of filesBelow(run.folder.checkpoints))
    await actions.objects.put(`${withoutSlash(uri)}/${file}`, readFileSync(path.join(run.folder.checkpoints, file)));
}

async function finish(run: Run, ending: Ending): Promise<void> {
  const { world, job } = run;
  job.status = ending.status;
  job.failureReason = ending.reason;
  job.ended = world.control.now();
  job.metrics = run.metrics.final();
  await run.log.flush();
  await enterStep(world, job, ending.secondary, ending.reason ?? '');
}
