import { describe, expect, test } from 'vitest';
import { parseModel } from '../../contracts/model-config.ts';
import { type JobContext, resourceConfigs, trainingJob, volumeKey } from '../../lib/asl/training-job.ts';
import { fixtureModel } from './fixture-app.ts';

const KEY = 'arn:aws:kms:us-east-1:123456789012:key/k';
const job: JobContext = {
  imageUri: 'image',
  jobRoleArn: 'role',
  lakeBucket: 'lake',
  keyArn: KEY,
  region: 'us-east-1',
  vpc: { SecurityGroupIds: ['sg'], Subnets: ['subnet'] },
  source: { bucket: 'assets', key: 'code.tar.gz', sha256: 'c0de' },
};
const modelWith = (training: object) => parseModel({ ...fixtureModel, training: { source: 'training', ...training } });

describe('instances of a training job', () => {
  test('on demand, SageMaker itself takes the first type it can get', () => {
    const { training } = modelWith({ instances: ['ml.m5.xlarge', 'ml.c5.xlarge'] });
    expect(resourceConfigs(training, KEY)).toEqual([
      {
        InstanceCount: 1,
        VolumeSizeInGB: 30,
        InstancePreferences: [{ InstanceType: 'ml.m5.xlarge' }, { InstanceType: 'ml.c5.xlarge' }],
        VolumeKmsKeyId: KEY,
      },
    ]);
  });

  test('spot and preferences exclude each other, so spot asks for one type after the other', () => {
    const { training } = modelWith({ instances: ['ml.g5.xlarge', 'ml.m5.xlarge'], spot: { maxWaitSeconds: 7200 } });
    const configs = resourceConfigs(training, KEY);
    expect(configs).toEqual([
      { InstanceCount: 1, VolumeSizeInGB: 30, InstanceType: 'ml.g5.xlarge' },
      { InstanceCount: 1, VolumeSizeInGB: 30, InstanceType: 'ml.m5.xlarge', VolumeKmsKeyId: KEY },
    ]);
  });

  test.each([
    ['ml.m5.xlarge', true],
    ['ml.c5.2xlarge', true],
    ['ml.m5d.xlarge', false],
    ['ml.g4dn.xlarge', false],
    ['ml.g5.xlarge', false],
    ['ml.p3.2xlarge', true],
    ['ml.p4d.24xlarge', false],
    ['ml.r6gd.large', false],
  ])('a volume key for %s: %s, because local disks are encrypted by hardware and refuse one', (type, keyed) => {
    expect(volumeKey(KEY, [type])).toEqual(keyed ? { VolumeKmsKeyId: KEY } : {});
  });
});

describe('training job', () => {
  test('runs isolated in the private subnets, and gets its code as a channel', () => {
    const request = trainingJob(modelWith({ instances: ['ml.m5.xlarge'] }), job);
    expect(request).toMatchObject({
      EnableNetworkIsolation: true,
      VpcConfig: job.vpc,
      EnableManagedSpotTraining: false,
    });
    expect(JSON.stringify(request.InputDataConfig)).toContain('"ChannelName":"code"');
    expect(JSON.stringify(request.HyperParameters)).toContain('/opt/ml/input/data/code/');
  });

  test('waits for spot capacity no longer than it was told', () => {
    const request = trainingJob(modelWith({ instances: ['ml.m5.xlarge'], spot: { maxWaitSeconds: 7200 } }), job);
    expect(request).toMatchObject({
      EnableManagedSpotTraining: true,
      StoppingCondition: { MaxRuntimeInSeconds: 3600, MaxWaitTimeInSeconds: 7200 },
    });
  });

  test('passes hyperparameters as text, as SageMaker wants them', () => {
    const request = trainingJob(
      modelWith({ instances: ['ml.m5.xlarge'], hyperparameters: { eta: 0.1, fast: true } }),
      job,
    );
    expect(request.HyperParameters).toMatchObject({ eta: '0.1', fast: 'true', sagemaker_program: 'train.py' });
  });
});
