import { afterAll, beforeAll, expect, it } from 'vitest';
import { IMAGE, ROLE, type ServiceRig, serviceRig } from './service-rig.ts';

/** Doubles numbers a line, in the three-function form; refuses what is no number. */
const INFERENCE = `
import os
def model_fn(folder): return 2
def input_fn(body, kind):
    assert kind == 'application/jsonlines', kind
    return [int(line) for line in body.decode().split()]
def predict_fn(numbers, model):
    if 13 in numbers: raise RuntimeError('unlucky')
    return [model * number for number in numbers] + ([-1] if os.environ.get('SAGEMAKER_BATCH') != 'true' else [])
def output_fn(numbers, accept): return '\\n'.join(map(str, numbers)), accept
`;

let rig: ServiceRig;
beforeAll(async () => {
  rig = await serviceRig();
  await rig.putArchive('s3://lake/model.tar.gz', { 'code/inference.py': INFERENCE });
  await rig.call('CreateModel', {
    ModelName: 'doubler',
    ExecutionRoleArn: ROLE,
    EnableNetworkIsolation: true,
    PrimaryContainer: {
      Image: IMAGE,
      ModelDataUrl: 's3://lake/model.tar.gz',
      Environment: { SAGEMAKER_PROGRAM: 'inference.py', SAGEMAKER_SUBMIT_DIRECTORY: '/opt/ml/model/code' },
    },
  });
  await rig.objects.store.put('s3://lake/in/features.jsonl', '1\n2\n3\n4');
  await rig.objects.store.put('s3://lake/unlucky/features.jsonl', '13\n');
});
afterAll(() => rig.close());

const job = (name: string, from: string, more: object = {}) => ({
  TransformJobName: name,
  ModelName: 'doubler',
  BatchStrategy: 'MultiRecord',
  TransformInput: {
    DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: from } },
    ContentType: 'application/jsonlines',
    SplitType: 'Line',
  },
  TransformOutput: {
    S3OutputPath: 's3://lake/scores/run/candidate',
    Accept: 'application/jsonlines',
    AssembleWith: 'Line',
    KmsKeyId: 'key-1',
  },
  TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
  ...more,
});
const run = async (request: ReturnType<typeof job>) => {
  await rig.call('CreateTransformJob', request);
  await rig.control.advance(3600);
  return rig.call('DescribeTransformJob', { TransformJobName: request.TransformJobName });
};

it('scores every line in order and writes it below the output path under the input’s name', async () => {
  expect(await run(job('scores', 's3://lake/in/'))).toMatchObject({ TransformJobStatus: 'Completed' });
  const scored = rig.objects.stored.get('s3://lake/scores/run/candidate/features.jsonl.out');
  expect(scored?.body.toString()).toBe('2\n4\n6\n8\n');
  expect(scored?.options).toMatchObject({ kmsKeyId: 'key-1' });
  expect(rig.control.jobsDone).toEqual(['TransformJob scores']);
  const states = rig.control.events.map((change) => change.detail.TransformJobStatus);
  expect(states).toEqual(['InProgress', 'Completed']);
});

it('gives the same answers line by line, several at once', async () => {
  await run(job('single', 's3://lake/in/', { BatchStrategy: 'SingleRecord', MaxConcurrentTransforms: 3 }));
  expect(rig.objects.text('s3://lake/scores/run/candidate/features.jsonl.out')).toBe('2\n4\n6\n8\n');
});

it('fails with the container’s answer, or with what it could not read or write', async () => {
  expect(await run(job('unlucky', 's3://lake/unlucky/'))).toMatchObject({
    TransformJobStatus: 'Failed',
    FailureReason: expect.stringContaining('Bad HTTP status received from algorithm: 500 (unlucky)'),
  });
  expect((await run(job('absent', 's3://lake/none/'))).FailureReason).toMatch(/No S3 objects found/);
  const output = { S3OutputPath: 's3://forbidden/x', AssembleWith: 'Line' };
  expect((await run(job('unwritable', 's3://lake/in/', { TransformOutput: output }))).FailureReason).toMatch(
    /AccessDenied/,
  );
});

it('refuses a used name, an unknown model and what is not emulated', async () => {
  expect(await rig.refusal('CreateTransformJob', job('scores', 's3://lake/in/'))).toMatch(/^ResourceInUse/);
  expect(await rig.refusal('CreateTransformJob', job('x', 's3://lake/in/', { ModelName: 'nobody' }))).toMatch(
    /Could not find model/,
  );
  expect(
    await rig.refusal('CreateTransformJob', job('y', 's3://lake/in/', { DataProcessing: { JoinSource: 'Input' } })),
  ).toMatch(/does not emulate DataProcessing.JoinSource Input/);
});

it('can be stopped', async () => {
  await rig.call('CreateTransformJob', job('stopped', 's3://lake/in/'));
  await rig.call('StopTransformJob', { TransformJobName: 'stopped' });
  await rig.control.advance(3600);
  expect(await rig.call('DescribeTransformJob', { TransformJobName: 'stopped' })).toMatchObject({
    TransformJobStatus: 'Stopped',
  });
});

it('leaves no process, no token and no problem behind', () => {
  expect([rig.processes(), rig.control.tokens(), rig.control.problems]).toEqual([0, 0, []]);
});
