import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import {
  CreateModelPackageCommand,
  CreateTransformJobCommand,
  DescribeTrainingJobCommand,
  DescribeTransformJobCommand,
} from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../../rehearsal/rig/start-emulator.ts';
import { IMAGE, trainingJob, type WireAccount, wireAccount } from './wire-account.ts';

let account: WireAccount;
let emulator: Emulator;

beforeAll(async () => {
  account = await wireAccount();
  emulator = account.emulator;
});
afterAll(() => account?.close());

describe('over the wire, SageMaker', () => {
  it('trains with the role of the template and describes the job as the SDK expects', async () => {
    const job = await account.trained('good');
    expect(job).toMatchObject({ TrainingJobStatus: 'Completed', FinalMetricDataList: [{ MetricName: 'auc' }] });
    expect(job.FinalMetricDataList?.[0]?.Value).toBeCloseTo(0.71, 5);
    expect(job.CreationTime?.getUTCFullYear()).toBe(2001);
    const groups = await emulator.aws.logs.send(new DescribeLogGroupsCommand({}));
    expect(groups.logGroups?.map((group) => group.logGroupName)).toContain('/aws/sagemaker/TrainingJobs');
  });

  it('scores a file by batch transform', async () => {
    await account.servedBy('good');
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

  it('refuses a role that does not trust SageMaker, and names the right a job lacks', async () => {
    expect(await emulator.control.problems()).toEqual([]);
    await expect(emulator.aws.sagemaker.send(trainingJob('stranger', account.outputs.Stranger))).rejects.toThrow(
      /assume/i,
    );
    await emulator.aws.sagemaker.send(trainingJob('blind', account.outputs.Blind));
    await emulator.control.advanceBy(1200);
    const job = await emulator.aws.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: 'blind' }));
    expect(job.FailureReason).toMatch(/No S3 objects found.*AccessDenied/);
    expect((await emulator.control.problems()).join('\n')).toMatch(
      /Blind.* lacks s3:ListBucket on arn:aws:s3:::wire-lake/,
    );
  });

  it('made the group of the template', async () => {
    expect(account.outputs.Group).toBe('arn:aws:sagemaker:us-east-1:123456789012:model-package-group/wire');
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
});
