import { expect, test } from 'vitest';
import { FUNCTIONS } from '../../../contracts/functions.ts';
import { MOST_INTAKE_JOB_SECONDS } from '../../../contracts/intake-job.ts';
import { parseModel } from '../../../contracts/model-config.ts';
import { intakeMachine } from '../../../lib/asl/intake.ts';
import type { State, TaskState } from '../../../lib/asl/states.ts';
import { fixtureModel } from '../fixture-app.ts';
import { choose, evaluate, stateOf } from './evaluate.ts';

const machine = intakeMachine(
  { model: parseModel(fixtureModel), functionArn: (name: string) => `arn:${name}` },
  'arn:retraining',
  {
    imageUri: 'image',
    roleArn: 'role',
    keyArn: 'key',
    vpc: { SecurityGroupIds: ['sg'], Subnets: ['subnet'] },
    program: { bucket: 'assets', runtimeKey: 'runtime.gz', programKey: 'program.js' },
  },
);
const task = (name: string): TaskState => {
  const state: State = stateOf(machine, name);
  if (state.Type !== 'Task') throw new Error(`${name} is a ${state.Type} state`);
  return state;
};
const caughtBy = (name: string, error: string) =>
  task(name).Catch.find(({ ErrorEquals }) => ErrorEquals.includes(error))?.Next;

test('what the function answers decides the way, behind the first step as behind the merge', async () => {
  const way = (outcome: string) => choose(machine, 'Route?', { result: { outcome } });
  expect(await Promise.all(['taken', 'cut', 'job'].map(way))).toEqual(['RecordIntake', 'JudgeShards', 'ReadInJob']);
  for (const name of ['Validate', 'MergeShards', 'PrepareJob']) expect(task(name).Next).toBe('Route?');
  expect(task('RegisterJob').Next).toBe('RecordIntake');
});

test('what exceeds the time of one invocation goes to a job, and is not tried again for another quarter of an hour', () => {
  for (const name of ['Validate', 'MergeShards']) {
    expect(caughtBy(name, 'Sandbox.Timedout')).toBe('PrepareJob');
    expect(task(name).Retry.flatMap(({ ErrorEquals }) => ErrorEquals)).not.toContain('Sandbox.Timedout');
  }
  expect(caughtBy('PrepareJob', 'States.ALL')).toBe('RecordFailure');
});

test('a failed shard, a failed job and a failed registration are failures that are recorded', () => {
  for (const name of ['MergeShards', 'ReadInJob', 'RegisterJob'])
    expect(caughtBy(name, 'States.ALL')).toBe('RecordFailure');
  const shards: State = stateOf(machine, 'JudgeShards');
  expect(shards.Type === 'Map' ? shards.Catch[0]?.Next : '').toBe('RecordFailure');
});

test('the job runs without network, encrypted, under a name of its own for each try, with the sizes it was given', async () => {
  const job = {
    name: 'modelway-late-in-1',
    requestUri: 's3://lake/request/',
    uploadUri: 's3://lake/upload/',
    outputUri: 's3://lake/output/',
    instanceType: 'ml.m5.large',
    volumeGigabytes: 42,
    maxSeconds: 3600,
  };
  const states = { context: { State: { RetryCount: 1 } } };
  expect(await evaluate(task('ReadInJob').Arguments, { result: { job }, states })).toMatchObject({
    ProcessingJobName: 'modelway-late-in-1-1',
    RoleArn: 'role',
    NetworkConfig: { EnableNetworkIsolation: true, VpcConfig: { Subnets: ['subnet'] } },
    ProcessingResources: {
      ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large', VolumeSizeInGB: 42, VolumeKmsKeyId: 'key' },
    },
    StoppingCondition: { MaxRuntimeInSeconds: 3600 },
    ProcessingOutputConfig: { KmsKeyId: 'key', Outputs: [{ S3Output: { S3Uri: 's3://lake/output/' } }] },
    ProcessingInputs: [
      { InputName: 'runtime', S3Input: { S3Uri: 's3://assets/runtime.gz' } },
      { InputName: 'program', S3Input: { S3Uri: 's3://assets/program.js' } },
      { InputName: 'request', S3Input: { S3Uri: 's3://lake/request/' } },
      { InputName: 'upload', S3Input: { S3Uri: 's3://lake/upload/' } },
    ],
  });
});

test('the entry point is short enough for SageMaker, which takes 256 characters a word', () => {
  const { AppSpecification } = task('ReadInJob').Arguments;
  const words = AppSpecification instanceof Object ? Reflect.get(AppSpecification, 'ContainerEntrypoint') : [];
  for (const word of words) expect(String(word).length).toBeLessThanOrEqual(256);
});

test('the machine may run for longer than its longest job, and the job for longer than an invocation', () => {
  expect(machine.TimeoutSeconds).toBeGreaterThan(MOST_INTAKE_JOB_SECONDS + 2 * FUNCTIONS.intake.timeoutSeconds);
  expect(task('ReadInJob').TimeoutSeconds).toBeGreaterThan(MOST_INTAKE_JOB_SECONDS);
});
