import type { ModelConfig } from '../../contracts/model-config.ts';
import { CODE_CHANNEL, channelFolder } from '../../contracts/training-job.ts';
import { expression, type Json } from './states.ts';

/** Names and addresses that jobs of one model use; strings may hold CloudFormation references. */
export interface JobContext {
  readonly imageUri: string;
  readonly jobRoleArn: string;
  readonly lakeBucket: string;
  readonly keyArn: string;
  readonly region: string;
  readonly vpc: { readonly SecurityGroupIds: readonly string[]; readonly Subnets: readonly string[] };
  /** The source bundle made at synth. */
  readonly source: SourceBundle;
}

/** The source bundle that a deployment brought: a CDK asset, whose bucket may be cleaned. */
export interface SourceBundle {
  readonly bucket: string;
  readonly key: string;
  readonly sha256: string;
}

/** Disk of jobs on instance types without local storage. */
const VOLUME_GIGABYTES = 30;

/** Instance families with local NVMe disks: SageMaker refuses a volume key there, because their hardware encrypts. */
const LOCAL_STORAGE = /^ml\.(g4dn|g5|g6|g6e|gr6|p3dn|p4d|p4de|p5|p5e|p5en|trn1|trn1n|trn2|[cmr]\d+[a-z]*d[a-z]*)\./;

/** A request for one instance of the type that the variable `recipe` names, with a volume key where it allows one. */
export function sameInstance(keyArn: string): string {
  return expression(
    `$merge([{'InstanceCount': 1, 'VolumeSizeInGB': ${VOLUME_GIGABYTES}, 'InstanceType': $recipe.instanceType}, ` +
      `$contains($recipe.instanceType, ${LOCAL_STORAGE}) ? {} : {'VolumeKmsKeyId': '${keyArn}'}])`,
  );
}

/** The volume key, where the instance types allow one. */
export function volumeKey(keyArn: string, instanceTypes: readonly string[]): { readonly VolumeKmsKeyId?: string } {
  return instanceTypes.some((type) => LOCAL_STORAGE.test(type)) ? {} : { VolumeKmsKeyId: keyArn };
}

/**
 * What to ask for, in order. On-demand: one request, in which SageMaker itself takes the first type it can get. Spot:
 * `InstancePreferences` and `EnableManagedSpotTraining` exclude each other, so the machine asks for one type after the other.
 */
export function resourceConfigs(training: ModelConfig['training'], keyArn: string): readonly Json[] {
  const types = training.instances;
  const base = { InstanceCount: 1, VolumeSizeInGB: VOLUME_GIGABYTES };
  if (training.spot !== undefined || types.length === 1)
    return types.map((type) => ({ ...base, InstanceType: type, ...volumeKey(keyArn, [type]) }));
  return [{ ...base, InstancePreferences: types.map((type) => ({ InstanceType: type })), ...volumeKey(keyArn, types) }];
}

/** Longest a training task may take: what the job may, and an hour for capacity and transfers. */
export function trainingTimeoutSeconds(training: ModelConfig['training']): number {
  return Math.max(training.maxRuntimeSeconds, training.spot?.maxWaitSeconds ?? 0) + 3600;
}

/** What is kept of a job that `createTrainingJob.sync` waited for: its name, its model, and the recipe it really ran by. */
export const trainedJob: Readonly<Record<string, Json>> = {
  job: expression('$states.result.TrainingJobName'),
  artifact: expression('$states.result.ModelArtifacts.S3ModelArtifacts'),
  recipe: {
    imageUri: expression('$states.result.AlgorithmSpecification.TrainingImage'),
    hyperparameters: expression('$states.result.HyperParameters'),
    // Where SageMaker chose among types, it says which one it took.
    instanceType: expression(
      '[$states.result.ResourceConfig.SelectedInstanceType, $states.result.ResourceConfig.InstanceType][0]',
    ),
  },
  billableSeconds: expression(
    '$exists($states.result.BillableTimeInSeconds) ? $states.result.BillableTimeInSeconds : null',
  ),
};

/** Arguments of `createTrainingJob.sync`; uses the variables `snapshot`, `codeUri`, `resources` and `attempt`. */
export function trainingJob(model: ModelConfig, job: JobContext): Readonly<Record<string, Json>> {
  const { training } = model;
  const stopping = { MaxRuntimeInSeconds: training.maxRuntimeSeconds };
  return {
    // Training job names are never free again, so each try has its own.
    TrainingJobName: expression(
      "$snapshot.jobName & '-' & $string($attempt) & $string($states.context.State.RetryCount)",
    ),
    RoleArn: job.jobRoleArn,
    AlgorithmSpecification: {
      TrainingImage: job.imageUri,
      TrainingInputMode: 'File',
      MetricDefinitions: [{ Name: 'validation:auc', Regex: 'validation-auc:([0-9\\.]+)' }],
    },
    HyperParameters: hyperparameters(model, job.region),
    InputDataConfig: [
      channel('train', expression('$snapshot.trainUri')),
      channel('validation', expression('$snapshot.validationUri')),
      channel('config', expression('$snapshot.configUri')),
      channel(CODE_CHANNEL, expression('$codeUri')),
    ],
    OutputDataConfig: { S3OutputPath: `s3://${job.lakeBucket}/training/${model.name}`, KmsKeyId: job.keyArn },
    ResourceConfig: expression('$resources[$attempt]'),
    StoppingCondition:
      training.spot === undefined ? stopping : { ...stopping, MaxWaitTimeInSeconds: training.spot.maxWaitSeconds },
    EnableManagedSpotTraining: training.spot !== undefined,
    RetryStrategy: { MaximumRetryAttempts: 2 },
    EnableNetworkIsolation: true,
    EnableInterContainerTrafficEncryption: true,
    VpcConfig: job.vpc,
  };
}

function hyperparameters(model: ModelConfig, region: string): Readonly<Record<string, Json>> {
  const own = Object.entries(model.training.hyperparameters).map(([name, value]) => [name, String(value)]);
  return {
    ...Object.fromEntries(own),
    sagemaker_program: model.training.entry,
    sagemaker_submit_directory: expression(`'${channelFolder(CODE_CHANNEL)}/' & $split($codeUri, '/')[-1]`),
    sagemaker_container_log_level: '20',
    sagemaker_region: region,
  };
}

function channel(name: string, uri: string): Json {
  return {
    ChannelName: name,
    InputMode: 'File',
    DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: uri, S3DataDistributionType: 'FullyReplicated' } },
  };
}
