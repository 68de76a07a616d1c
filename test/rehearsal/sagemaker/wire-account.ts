import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import {
  CreateEndpointConfigCommand,
  CreateModelCommand,
  CreateTrainingJobCommand,
  DescribeTrainingJobCommand,
  type DescribeTrainingJobCommandOutput,
} from '@aws-sdk/client-sagemaker';
import { deployAssembly } from '../../../rehearsal/rig/deploy-assembly.ts';
import { type Emulator, startEmulator } from '../../../rehearsal/rig/start-emulator.ts';
import { packFolder } from '../../../rehearsal/sagemaker/archive.ts';
import { allow, arnOf, role, smallAssembly } from '../rig/small-assembly.ts';

export const IMAGE = '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.0-5';
const TRAIN = `
import os, shutil
shutil.copytree(os.path.dirname(os.path.abspath(__file__)), os.environ['SM_MODEL_DIR'] + '/code')
open(os.environ['SM_MODEL_DIR'] + '/rate', 'w').write(os.environ['SM_HP_FAILS'])
print('validation-auc:0.71')
`;
const INFERENCE = `
import json
def model_fn(folder): return [open(folder + '/rate').read() == '1', 0]
def transform_fn(model, body, kind, accept):
    if model[0]: raise RuntimeError('broken')
    return '\\n'.join(str(len(line)) for line in body.decode().split('\\n') if line) + '\\n', accept
`;

const bucket = 'arn:aws:s3:::wire-lake';
const rights = (...without: readonly string[]) =>
  [
    allow('s3:GetObject', `${bucket}/*`),
    allow('s3:PutObject', `${bucket}/*`),
    allow('s3:ListBucket', bucket),
    allow(['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], '*'),
    allow('cloudwatch:DescribeAlarms', '*'),
  ].filter((statement) => !without.includes(String(statement.Action)));

/** The SageMaker emulator behind the real front: TLS, validated requests, the roles of a template, alarms of CloudWatch. */
export interface WireAccount {
  readonly emulator: Emulator;
  /** Outputs of the template: ARNs of the roles `Worker`, `Blind` (may not list) and `Stranger` (not trusted), and of the `Group`. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Trains a model that answers every line with its length; `fails: '1'` makes one that answers nothing. */
  trained(name: string, fails?: string): Promise<DescribeTrainingJobCommandOutput>;
  /** Makes a model of a training job, and an endpoint config that serves it, both named like the job. */
  servedBy(name: string): Promise<void>;
  close(): Promise<void>;
}

/** An account with the bucket `wire-lake`, training data and source in it. */
export async function wireAccount(): Promise<WireAccount> {
  const assembly = smallAssembly({
    resources: {
      Lake: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'wire-lake' } },
      Worker: role('sagemaker.amazonaws.com', ...rights()),
      Blind: role('sagemaker.amazonaws.com', ...rights('s3:ListBucket')),
      Stranger: role('lambda.amazonaws.com', ...rights()),
      Group: { Type: 'AWS::SageMaker::ModelPackageGroup', Properties: { ModelPackageGroupName: 'wire' } },
    },
    outputs: { Worker: arnOf('Worker'), Blind: arnOf('Blind'), Stranger: arnOf('Stranger'), Group: { Ref: 'Group' } },
  });
  const emulator = await startEmulator({ startsAt: new Date('2001-02-01T00:00:00Z') });
  const [stack] = await deployAssembly(emulator, assembly.folder).finally(assembly.remove);
  const outputs = stack?.outputs ?? {};
  const put = (Key: string, Body: Buffer | string) =>
    emulator.aws.s3.send(new PutObjectCommand({ Bucket: 'wire-lake', Key, Body }));
  await put('code/source.tar.gz', await sourceBundle());
  await put('train/rows.csv', 'a,b\n');
  await put('in/features.jsonl', 'a\nbb\nccc\n');
  return {
    emulator,
    outputs,
    trained: async (name, fails) => {
      await emulator.aws.sagemaker.send(trainingJob(name, outputs.Worker, fails));
      await emulator.control.advanceBy(1200);
      return emulator.aws.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
    },
    servedBy: async (name) => {
      await emulator.aws.sagemaker.send(model(name, outputs.Worker));
      await emulator.aws.sagemaker.send(endpointConfig(name));
    },
    close: () => emulator.stop(),
  };
}

async function sourceBundle(): Promise<Buffer> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'wire-source-'));
  writeFileSync(path.join(folder, 'train.py'), TRAIN);
  writeFileSync(path.join(folder, 'inference.py'), INFERENCE);
  const bundle = await packFolder(folder);
  rmSync(folder, { recursive: true });
  return bundle;
}

/** A training job that `Worker` or another role runs. */
export const trainingJob = (TrainingJobName: string, RoleArn: string | undefined, fails = '0') =>
  new CreateTrainingJobCommand({
    TrainingJobName,
    RoleArn,
    AlgorithmSpecification: {
      TrainingImage: IMAGE,
      TrainingInputMode: 'File',
      MetricDefinitions: [{ Name: 'auc', Regex: 'validation-auc:([0-9.]+)' }],
    },
    HyperParameters: {
      sagemaker_program: 'train.py',
      sagemaker_submit_directory: 's3://wire-lake/code/source.tar.gz',
      fails,
    },
    InputDataConfig: [
      {
        ChannelName: 'train',
        DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://wire-lake/train/' } },
      },
    ],
    OutputDataConfig: { S3OutputPath: 's3://wire-lake/out' },
    ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 1 },
    StoppingCondition: { MaxRuntimeInSeconds: 3600 },
  });

const model = (name: string, roleArn: string | undefined) =>
  new CreateModelCommand({
    ModelName: name,
    ExecutionRoleArn: roleArn,
    PrimaryContainer: {
      Image: IMAGE,
      ModelDataUrl: `s3://wire-lake/out/${name}/output/model.tar.gz`,
      Environment: { SAGEMAKER_PROGRAM: 'inference.py', SAGEMAKER_SUBMIT_DIRECTORY: '/opt/ml/model/code' },
    },
  });

const endpointConfig = (name: string) =>
  new CreateEndpointConfigCommand({
    EndpointConfigName: name,
    ProductionVariants: [
      { VariantName: 'AllTraffic', ModelName: name, InstanceType: 'ml.m5.large', InitialInstanceCount: 2 },
    ],
    DataCaptureConfig: {
      EnableCapture: true,
      InitialSamplingPercentage: 100,
      DestinationS3Uri: 's3://wire-lake/capture',
      CaptureOptions: [{ CaptureMode: 'InputAndOutput' }],
      CaptureContentTypeHeader: { JsonContentTypes: ['application/jsonlines'] },
    },
  });
