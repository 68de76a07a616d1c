import { INTAKE_JOB_FILES, MOST_INTAKE_JOB_SECONDS } from '../../contracts/intake-job.ts';
import { caught } from './machine.ts';
import { expression, type Json, type TaskState } from './states.ts';
import { retry } from './tasks.ts';
import type { JobContext } from './training-job.ts';

/** What the job works with; strings may hold CloudFormation references. */
export interface IntakeJobContext extends Pick<JobContext, 'imageUri' | 'keyArn' | 'vpc'> {
  readonly roleArn: string;
  /** The program in the bucket of CDK's assets. */
  readonly program: { readonly bucket: string; readonly runtimeKey: string; readonly programKey: string };
}

const PROCESSING = '/opt/ml/processing';

/**
 * Ready-made images have no Node, so it comes as an archive; files of archives come without the right to run. SageMaker takes 256 characters
 * at most.
 */
const ENTRY = [
  `cd ${PROCESSING} && mkdir -p work`,
  'tar -xzf runtime/*.gz -C work',
  'chmod +x work/node',
  'export NODE_PATH=$PWD/work/node_modules',
  `exec work/node program/*.js request/${INTAKE_JOB_FILES.request} upload work output`,
].join(' && ');

/** Takes an upload in with one processing job, without network, as `$result.job` says; it registers nothing. */
export function readInJob(context: IntakeJobContext, next: string): TaskState {
  const { bucket, runtimeKey, programKey } = context.program;
  const args: Readonly<Record<string, Json>> = {
    // Names of jobs are never free again, so each try has its own.
    ProcessingJobName: expression("$result.job.name & '-' & $string($states.context.State.RetryCount)"),
    RoleArn: context.roleArn,
    AppSpecification: { ImageUri: context.imageUri, ContainerEntrypoint: ['/bin/sh', '-c', ENTRY] },
    ProcessingInputs: [
      input('runtime', `s3://${bucket}/${runtimeKey}`),
      input('program', `s3://${bucket}/${programKey}`),
      input('request', expression('$result.job.requestUri')),
      input('upload', expression('$result.job.uploadUri')),
    ],
    ProcessingOutputConfig: {
      KmsKeyId: context.keyArn,
      Outputs: [
        {
          OutputName: 'output',
          S3Output: {
            S3Uri: expression('$result.job.outputUri'),
            LocalPath: `${PROCESSING}/output`,
            S3UploadMode: 'EndOfJob',
          },
        },
      ],
    },
    ProcessingResources: {
      ClusterConfig: {
        InstanceCount: 1,
        InstanceType: expression('$result.job.instanceType'),
        VolumeSizeInGB: expression('$result.job.volumeGigabytes'),
        VolumeKmsKeyId: context.keyArn,
      },
    },
    StoppingCondition: { MaxRuntimeInSeconds: expression('$result.job.maxSeconds') },
    NetworkConfig: {
      EnableNetworkIsolation: true,
      EnableInterContainerTrafficEncryption: true,
      VpcConfig: context.vpc,
    },
  };
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::sagemaker:createProcessingJob.sync',
    Arguments: args,
    // Beside its own limit: waiting for an instance, and bringing files there and back.
    TimeoutSeconds: MOST_INTAKE_JOB_SECONDS + 3600,
    Retry: [retry('sagemaker')],
    Next: next,
    Catch: caught,
  };
}

const input = (name: string, uri: string): Json => ({
  InputName: name,
  S3Input: {
    S3Uri: uri,
    LocalPath: `${PROCESSING}/${name}`,
    S3DataType: 'S3Prefix',
    S3InputMode: 'File',
    S3DataDistributionType: 'FullyReplicated',
  },
});
