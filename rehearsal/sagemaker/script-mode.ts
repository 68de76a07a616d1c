import os from 'node:os';
import path from 'node:path';
import { JobFailure } from './service-error.ts';
import type { TrainingFolder } from './training-folder.ts';
import type { TrainingJob } from './training-job.ts';

const HOST = 'algo-1';

/** A user's script as the ready-made images run it: program, arguments, `SM_*` variables, files in `input/config`. */
export interface ScriptCall {
  readonly program: string;
  readonly submitDirectory: string;
  readonly args: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}

/** The script a job's hyperparameters name. @throws JobFailure when they name none */
export function scriptCall(
  job: TrainingJob,
  folder: TrainingFolder,
  channels: Readonly<Record<string, string>>,
): ScriptCall {
  const given = Object.entries(job.request.HyperParameters ?? {});
  const decoded = new Map(given.map(([name, value]) => [name, decode(value)]));
  const program = decoded.get('sagemaker_program');
  const submitDirectory = decoded.get('sagemaker_submit_directory');
  if (typeof program !== 'string' || typeof submitDirectory !== 'string')
    throw new JobFailure(
      'AlgorithmError: the rehearsal runs scripts, not built-in algorithms: set the hyperparameters sagemaker_program and sagemaker_submit_directory',
    );
  const own = [...decoded].filter(([name]) => !name.startsWith('sagemaker_'));
  return {
    program,
    submitDirectory,
    args: own.flatMap(([name, value]) => [`--${name}`, encode(value)]),
    variables: scriptVariables(job, folder, channels, own, program),
  };
}

/** The three files below `input/config`. */
export function writeConfigFiles(job: TrainingJob, folder: TrainingFolder): void {
  folder.writeConfig('hyperparameters.json', job.request.HyperParameters ?? {});
  folder.writeConfig('resourceconfig.json', resourceConfig(job));
  folder.writeConfig('inputdataconfig.json', inputDataConfig(job));
}

function scriptVariables(
  job: TrainingJob,
  folder: TrainingFolder,
  channels: Readonly<Record<string, string>>,
  hyperparameters: readonly (readonly [string, unknown])[],
  program: string,
): Record<string, string> {
  const values = Object.fromEntries(hyperparameters);
  const named = Object.entries(channels).map(([name, at]) => [`SM_CHANNEL_${upper(name)}`, at]);
  const shown = hyperparameters.map(([name, value]) => [`SM_HP_${upper(name)}`, encode(value)]);
  const cpus = os.availableParallelism();
  return {
    ...Object.fromEntries(named),
    ...Object.fromEntries(shown),
    TRAINING_JOB_NAME: job.name,
    TRAINING_JOB_ARN: job.arn,
    SM_CHANNELS: JSON.stringify(Object.keys(channels)),
    SM_MODEL_DIR: folder.model,
    SM_INPUT_DIR: path.join(folder.root, 'input'),
    SM_INPUT_CONFIG_DIR: folder.config,
    SM_OUTPUT_DIR: folder.output,
    SM_OUTPUT_DATA_DIR: folder.outputData,
    SM_CHECKPOINT_DIR: folder.checkpoints,
    SM_HPS: JSON.stringify(values),
    SM_HOSTS: JSON.stringify([HOST]),
    SM_CURRENT_HOST: HOST,
    SM_NUM_CPUS: String(cpus),
    SM_NUM_GPUS: '0',
    SM_CURRENT_INSTANCE_TYPE: job.instances.type,
    SM_MODULE_NAME: program.replace(/\.py$/, ''),
    SM_USER_ENTRY_POINT: program,
    SM_RESOURCE_CONFIG: JSON.stringify(resourceConfig(job)),
    SM_INPUT_DATA_CONFIG: JSON.stringify(inputDataConfig(job)),
    SM_TRAINING_ENV: JSON.stringify({
      job_name: job.name,
      hyperparameters: values,
      channel_input_dirs: channels,
      model_dir: folder.model,
      output_dir: folder.output,
      num_cpus: cpus,
      num_gpus: 0,
    }),
    ...job.request.Environment,
  };
}

function resourceConfig(job: TrainingJob) {
  return {
    current_host: HOST,
    hosts: [HOST],
    network_interface_name: 'eth0',
    current_instance_type: job.instances.type,
    current_group_name: 'homogeneousCluster',
  };
}

function inputDataConfig(job: TrainingJob) {
  return Object.fromEntries(
    (job.request.InputDataConfig ?? []).map((channel) => [
      channel.ChannelName,
      {
        TrainingInputMode: 'File',
        S3DistributionType: 'FullyReplicated',
        RecordWrapperType: 'None',
        ...(channel.ContentType === undefined ? {} : { ContentType: channel.ContentType }),
      },
    ]),
  );
}

const upper = (name: string) => name.toUpperCase().replaceAll('-', '_');

/** Values are JSON where they can be read as such, as the toolkit of the images does it. */
function decode(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function encode(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
