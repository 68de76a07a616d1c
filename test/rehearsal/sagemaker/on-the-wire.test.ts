import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { GetMetricDataCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  CreateModelPackageCommand,
  CreateTrainingJobCommand,
  CreateTransformJobCommand,
  DeleteEndpointCommand,
  DescribeEndpointCommand,
  DescribeTrainingJobCommand,
  DescribeTransformJobCommand,
  UpdateEndpointCommand,
} from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand } from '@aws-sdk/client-sagemaker-runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deployAssembly } from '../../../rehearsal/rig/deploy-assembly.ts';
import { type Emulator, startEmulator } from '../../../rehearsal/rig/start-emulator.ts';
import { packFolder } from '../../../rehearsal/sagemaker/archive.ts';
import { allow, arnOf, role, type SmallAssembly, smallAssembly } from '../rig/small-assembly.ts';

/** The SageMaker emulator behind the real front: TLS, validated requests, the roles of a template, alarms of CloudWatch. */

const IMAGE = '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.0-5';
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

let emulator: Emulator;
let assembly: SmallAssembly;
let roles: Readonly<Record<string, string>>;

beforeAll(async () => {
  assembly = smallAssembly({
    resources: {
      Lake: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'wire-lake' } },
      Worker: role('sagemaker.amazonaws.com', ...rights()),
      Blind: role('sagemaker.amazonaws.com', ...rights('s3:ListBucket')),
      Stranger: role('lambda.amazonaws.com', ...rights()),
      Group: { Type: 'AWS::SageMaker::ModelPackageGroup', Properties: { ModelPackageGroupName: 'wire' } },
    },
    outputs: { Worker: arnOf('Worker'), Blind: arnOf('Blind'), Stranger: arnOf('Stranger'), Group: { Ref: 'Group' } },
  });
  emulator = await startEmulator({ startsAt: new Date('2001-02-01T00:00:00Z') });
  const [stack] = await deployAssembly(emulator, assembly.folder);
  roles = stack?.outputs ?? {};
  await put('code/source.tar.gz', await sourceBundle());
  await put('train/rows.csv', 'a,b\n');
  await put('in/features.jsonl', 'a\nbb\nccc\n');
});
afterAll(async () => {
  await emulator?.stop();
  assembly?.remove();
});

const put = (Key: string, Body: Buffer | string) =>
  emulator.aws.s3.send(new PutObjectCommand({ Bucket: 'wire-lake', Key, Body }));

async function sourceBundle(): Promise<Buffer> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'wire-source-'));
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'train.py'), TRAIN);
  writeFileSync(path.join(folder, 'inference.py'), INFERENCE);
  const bundle = await packFolder(folder);
  rmSync(folder, { recursive: true });
  return bundle;
}

const trainingJob = (TrainingJobName: string, RoleArn: string | undefined, fails = '0') =>
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

async function trained(name: string, fails?: string) {
  await emulator.aws.sagemaker.send(trainingJob(name, roles.Worker, fails));
  await emulator.control.advanceBy(1200);
  return emulator.aws.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
}

async function servedBy(name: string) {
  const { sagemaker } = emulator.aws;
  await sagemaker.send(
    new CreateModelCommand({
      ModelName: name,
      ExecutionRoleArn: roles.Worker,
      PrimaryContainer: {
        Image: IMAGE,
        ModelDataUrl: `s3://wire-lake/out/${name}/output/model.tar.gz`,
        Environment: { SAGEMAKER_PROGRAM: 'inference.py', SAGEMAKER_SUBMIT_DIRECTORY: '/opt/ml/model/code' },
      },
    }),
  );
  await sagemaker.send(
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
    }),
  );
}

async function send(requests: number, atOnce = 8) {
  let left = requests;
  let answered = 0;
  const sender = async () => {
    while (left > 0) {
      left -= 1;
      await emulator.aws.runtime
        .send(new InvokeEndpointCommand({ EndpointName: 'wire', ContentType: 'application/jsonlines', Body: 'abcd\n' }))
        .then(
          () => {
            answered += 1;
          },
          () => undefined,
        );
    }
  };
  await Promise.all(Array.from({ length: atOnce }, sender));
  return answered;
}

const endpoint = () => emulator.aws.sagemaker.send(new DescribeEndpointCommand({ EndpointName: 'wire' }));

async function total(metric: string, config?: string) {
  const now = (await emulator.control.clock()).now;
  const dimensions = {
    EndpointName: 'wire',
    VariantName: 'AllTraffic',
    ...(config ? { EndpointConfigName: config } : {}),
  };
  const found = await emulator.aws.cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: new Date((now - 86_400) * 1000),
      EndTime: new Date((now + 60) * 1000),
      MetricDataQueries: [
        {
          Id: 'a',
          MetricStat: {
            Metric: {
              Namespace: 'AWS/SageMaker',
              MetricName: metric,
              Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
            },
            Period: 86_400,
            Stat: 'Sum',
          },
        },
      ],
    }),
  );
  return (found.MetricDataResults?.[0]?.Values ?? []).reduce((sum, value) => sum + value, 0);
}

describe('over the wire', () => {
  it('trains with the role of the template and describes the job as the SDK expects', async () => {
    const job = await trained('good');
    expect(job).toMatchObject({ TrainingJobStatus: 'Completed', FinalMetricDataList: [{ MetricName: 'auc' }] });
    expect(job.FinalMetricDataList?.[0]?.Value).toBeCloseTo(0.71, 5);
    expect(job.CreationTime?.getUTCFullYear()).toBe(2001);
    const groups = await emulator.aws.logs.send(new DescribeLogGroupsCommand({}));
    expect(groups.logGroups?.map((group) => group.logGroupName)).toContain('/aws/sagemaker/TrainingJobs');
  });

  it('scores a file by batch transform', async () => {
    await servedBy('good');
    await emulator.aws.sagemaker.send(
      new CreateTransformJobCommand({
        TransformJobName: 'scores',
        ModelName: 'good',
        TransformInput: {
          DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://wire-lake/in/' } },
          ContentType: 'application/jsonlines',
          SplitType: 'Line',
        },
        TransformOutput: { S3OutputPath: 's3://wire-lake/scores', AssembleWith: 'Line' },
        TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
      }),
    );
    await emulator.control.advanceBy(1200);
    const job = await emulator.aws.sagemaker.send(new DescribeTransformJobCommand({ TransformJobName: 'scores' }));
    expect(job).toMatchObject({ TransformJobStatus: 'Completed' });
    const scored = await emulator.aws.s3.send(
      new GetObjectCommand({ Bucket: 'wire-lake', Key: 'scores/features.jsonl.out' }),
    );
    expect(await scored.Body?.transformToString()).toBe('1\n2\n3\n');
  });

  it('serves, counts every request and captures each one', async () => {
    await emulator.aws.sagemaker.send(new CreateEndpointCommand({ EndpointName: 'wire', EndpointConfigName: 'good' }));
    await emulator.control.advanceBy(600);
    expect(await send(300)).toBe(300);
    await emulator.control.advanceBy(300);
    expect([await total('Invocations'), await total('Invocations', 'good')]).toEqual([300, 300]);
    const files = await emulator.aws.s3.send(
      new ListObjectsV2Command({ Bucket: 'wire-lake', Prefix: 'capture/wire/' }),
    );
    const texts = await Promise.all(
      (files.Contents ?? []).map(async ({ Key }) => {
        const file = await emulator.aws.s3.send(new GetObjectCommand({ Bucket: 'wire-lake', Key }));
        return (await file.Body?.transformToString()) ?? '';
      }),
    );
    expect(texts.join('').trim().split('\n')).toHaveLength(300);
  });

  it('rolls a canary back when the alarm on its errors goes off, and the old fleet never stops', async () => {
    await trained('bad', '1');
    await servedBy('bad');
    await emulator.aws.cloudwatch.send(
      new PutMetricAlarmCommand({
        AlarmName: 'green-errors',
        Namespace: 'AWS/SageMaker',
        MetricName: 'Invocation5XXErrors',
        Dimensions: [
          { Name: 'EndpointName', Value: 'wire' },
          { Name: 'VariantName', Value: 'AllTraffic' },
          { Name: 'EndpointConfigName', Value: 'bad' },
        ],
        Statistic: 'Average',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 0.01,
        ComparisonOperator: 'GreaterThanThreshold',
        TreatMissingData: 'notBreaching',
      }),
    );
    await emulator.aws.sagemaker.send(
      new UpdateEndpointCommand({
        EndpointName: 'wire',
        EndpointConfigName: 'bad',
        DeploymentConfig: {
          BlueGreenUpdatePolicy: {
            TrafficRoutingConfiguration: {
              Type: 'CANARY',
              CanarySize: { Type: 'CAPACITY_PERCENT', Value: 50 },
              WaitIntervalInSeconds: 600,
            },
            TerminationWaitInSeconds: 300,
          },
          AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'green-errors' }] },
        },
      }),
    );
    await emulator.control.advanceBy(300);
    expect(await send(20)).toBe(10);
    await emulator.control.advanceBy(180);
    expect(await endpoint()).toMatchObject({
      EndpointStatus: 'InService',
      EndpointConfigName: 'good',
      FailureReason: expect.stringContaining('green-errors'),
    });
    expect(await send(10)).toBe(10);
    expect(await total('Invocation5XXErrors', 'bad')).toBe(10);
    expect(await total('Invocation5XXErrors', 'good')).toBe(0);
  });

  it('refuses a role that does not trust SageMaker, and names the right a job lacks', async () => {
    expect(await emulator.control.problems()).toEqual([]);
    await expect(emulator.aws.sagemaker.send(trainingJob('stranger', roles.Stranger))).rejects.toThrow(/assume/i);
    await emulator.aws.sagemaker.send(trainingJob('blind', roles.Blind));
    await emulator.control.advanceBy(1200);
    const job = await emulator.aws.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: 'blind' }));
    expect(job.FailureReason).toMatch(/No S3 objects found.*AccessDenied/);
    expect((await emulator.control.problems()).join('\n')).toMatch(
      /Blind.* lacks s3:ListBucket on arn:aws:s3:::wire-lake/,
    );
  });

  it('made the group of the template', async () => {
    expect(roles.Group).toBe('arn:aws:sagemaker:us-east-1:123456789012:model-package-group/wire');
    const made = await emulator.aws.sagemaker.send(
      new CreateModelPackageCommand({
        ModelPackageGroupName: 'wire',
        InferenceSpecification: {
          Containers: [{ Image: IMAGE, ModelDataUrl: 's3://wire-lake/out/good/output/model.tar.gz' }],
          SupportedContentTypes: ['application/json'],
          SupportedResponseMIMETypes: ['application/json'],
        },
      }),
    );
    expect(made.ModelPackageArn).toBe('arn:aws:sagemaker:us-east-1:123456789012:model-package/wire/1');
  });

  it('is gone after deletion, and leaves the clock without a token', async () => {
    await emulator.aws.sagemaker.send(new DeleteEndpointCommand({ EndpointName: 'wire' }));
    await emulator.control.advanceBy(120);
    await expect(endpoint()).rejects.toThrow(/Could not find endpoint/);
    expect((await emulator.control.clock()).busy).toBe(0);
  });
});
