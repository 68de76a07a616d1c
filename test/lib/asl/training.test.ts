import { describe, expect, test } from 'vitest';
import { parseModel } from '../../../contracts/model-config.ts';
import { RunDetailSchema } from '../../../contracts/reproduction.ts';
import { retrainingMachine } from '../../../lib/asl/retraining.ts';
import { trainingMachine } from '../../../lib/asl/training.ts';
import { fixtureModel } from '../fixture-app.ts';
import { choose, evaluate, stateOf } from './evaluate.ts';

const model = parseModel({
  ...fixtureModel,
  training: { source: 'training', instances: ['ml.g5.xlarge', 'ml.m5.xlarge'], spot: { maxWaitSeconds: 7200 } },
});
const context = { model, functionArn: (name: string) => `arn:${name}` };
const training = trainingMachine(
  context,
  {
    imageUri: 'image',
    jobRoleArn: 'role',
    lakeBucket: 'lake',
    keyArn: 'key',
    region: 'us-east-1',
    vpc: { SecurityGroupIds: [], Subnets: [] },
    source: { bucket: 'assets', key: 'code.tar.gz', sha256: 'c0de' },
  },
  'modelway',
);

function argument(definition: typeof training, state: string, ...path: readonly string[]) {
  const found = stateOf(definition, state);
  let value: unknown = 'Arguments' in found ? found.Arguments : undefined;
  for (const key of path) value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return typeof value === 'string' ? value : '';
}

describe('training machine', () => {
  const failed = (name: string, cause: string) => ({ reason: { Error: name, Cause: cause }, resources: [1, 2] });

  test.each([
    ['SageMaker.ResourceLimitExceededException', 'limit is 0 Instances', 0, 'NextInstance'],
    ['States.TaskFailed', '{"FailureReason":"CapacityError: no capacity"}', 0, 'NextInstance'],
    ['States.TaskFailed', '{"SecondaryStatus":"MaxWaitTimeExceeded"}', 0, 'NextInstance'],
    ['States.TaskFailed', '{"FailureReason":"AlgorithmError: bad data"}', 0, 'RecordFailure'],
    ['SageMaker.ResourceLimitExceededException', 'limit is 0 Instances', 1, 'RecordFailure'],
  ])('%s (%s) on try %i: %s', async (name, cause, attempt, next) => {
    expect(await choose(training, 'OtherInstance?', { ...failed(name, cause), attempt })).toBe(next);
  });

  test('every try of a job has a name of its own, of at most 63 characters', async () => {
    const name = argument(training, 'Train', 'TrainingJobName');
    const of = (attempt: number, RetryCount: number) =>
      evaluate(name, {
        snapshot: { jobName: 'j'.repeat(56) },
        attempt,
        states: { context: { State: { RetryCount } } },
      });
    const names = await Promise.all([of(0, 0), of(0, 1), of(1, 0), of(1, 4)]);
    expect(new Set(names).size).toBe(4);
    for (const made of names) expect(String(made).length).toBeLessThanOrEqual(63);
  });

  test('names the code’s file inside the container, where a job without network finds it', async () => {
    const folder = argument(training, 'Train', 'HyperParameters', 'sagemaker_submit_directory');
    expect(await evaluate(folder, { codeUri: 's3://lake/code/late/changed.tar.gz' })).toBe(
      '/opt/ml/input/data/code/changed.tar.gz',
    );
  });

  test('copies the deployed bundle into the lake below its hash, and leaves one that somebody ordered where it is', async () => {
    expect(await choose(training, 'OwnCode?', { order: {} })).toBe('CopyCode');
    expect(await choose(training, 'OwnCode?', { order: { codeUri: 's3://lake/code/late/x.tar.gz' } })).toBe('Snapshot');
    expect(stateOf(training, 'CopyCode')).toMatchObject({
      Resource: 'arn:aws:states:::aws-sdk:s3:copyObject',
      Arguments: { Bucket: 'lake', Key: 'code/late/c0de.tar.gz', CopySource: 'assets/code.tar.gz' },
      Assign: { codeUri: 's3://lake/code/late/c0de.tar.gz' },
    });
  });

  test('records all that a run can be run again from', async () => {
    const detail = Reflect.get(Object(stateOf(training, 'RecordRun')), 'Arguments').Payload.detail;
    const recorded = await evaluate(detail, {
      order: {},
      codeUri: 's3://lake/code/late/c0de.tar.gz',
      snapshot: { codeHash: 'c0de', championModelName: null },
      trained: {
        job: 'job',
        artifact: 's3://lake/training/late/job/output/model.tar.gz',
        recipe: { imageUri: 'image@sha256:d1', hyperparameters: { eta: '0.1' }, instanceType: 'ml.m5.xlarge' },
        billableSeconds: 194,
      },
      described: { files: { 'model.json': 'aa' }, filesHash: 'ff', environment: 'Python 3.11.7, 16 packages' },
      judged: {},
    });
    expect(RunDetailSchema.parse(recorded)).toMatchObject({ codeHash: 'c0de', filesHash: 'ff' });
    expect(recorded).toMatchObject({
      seed: model.training.seed,
      imageDigest: 'sha256:d1',
      files: { 'model.json': 'aa' },
    });
  });

  test('repeats a registration under the same token', async () => {
    const token = argument(training, 'Register', 'ClientToken');
    for (const execution of [
      'short',
      '4950e5d9-b362-4717-a891-3fb43c8d25d4',
      'by_hand 2001-02-20T09:00:00.000Z and more of it',
    ])
      expect(await evaluate(token, { execution })).toMatch(/^[a-zA-Z0-9-]{1,36}$/);
  });

  test('announces a refused candidate with the reason, and a passed one not at all', async () => {
    const announce = argument(training, 'RecordRun', 'Payload', 'announce');
    const judged = (passed: boolean) => ({
      judged: { decision: { passed, reason: 'auc fail' }, modelCardKey: 'card.html' },
    });
    expect(await evaluate(announce, judged(true))).toBe(null);
    expect(await evaluate(announce, judged(false))).toEqual({
      subject: 'late: candidate refused',
      message: 'auc fail (model card: card.html)',
      runbook: 'candidate-refused',
    });
  });
});

describe('retraining machine', () => {
  const retraining = retrainingMachine(context, 'arn:training', 'code');
  const decision = { trigger: 'drift', reason: 'because', datasetVersions: ['v1'], codeUri: null };

  test('orders a run with the versions that were decided, also when there is one', async () => {
    expect(await evaluate(argument(retraining, 'StartTraining', 'Input'), { decision })).toEqual({
      trigger: 'drift',
      reason: 'because',
      datasetVersions: ['v1'],
    });
  });

  test('passes other code on when somebody gave it', async () => {
    const changed = { ...decision, codeUri: 's3://lake/code/late/x.tar.gz' };
    expect(await evaluate(argument(retraining, 'StartTraining', 'Input'), { decision: changed })).toMatchObject({
      codeUri: 's3://lake/code/late/x.tar.gz',
    });
  });

  test('records which versions a decision rests on, also when there are none', async () => {
    const parents = argument(retraining, 'RecordDecision', 'Payload', 'parents');
    expect(await evaluate(parents, { decision })).toEqual(['dataset#v1']);
    expect(await evaluate(parents, { decision: { ...decision, datasetVersions: [] } })).toEqual([]);
  });
});
