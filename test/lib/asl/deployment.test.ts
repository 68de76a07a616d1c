import { describe, expect, test } from 'vitest';
import { parseModel } from '../../../contracts/model-config.ts';
import { deploymentMachine } from '../../../lib/asl/deployment.ts';
import type { Definition } from '../../../lib/asl/states.ts';
import { fixtureModel } from '../fixture-app.ts';
import { choose, evaluate, stateOf } from './evaluate.ts';

function machineOf(platform: string, name: string): Definition {
  return deploymentMachine({
    model: parseModel({ ...fixtureModel, name }),
    functionArn: (fn) => `arn:${fn}`,
    platform,
    region: 'us-east-1',
    tableName: 'table',
    keyArn: 'key',
    topicArn: 'topic',
    endpointRoleArn: 'role',
    vpc: { SecurityGroupIds: [], Subnets: [] },
    greenAlarmDescription: 'green',
  });
}

const machine = machineOf('modelway', 'late');

function field(state: string, name: 'Assign' | 'Arguments', key: string) {
  const found = stateOf(machine, state);
  const holder =
    name === 'Assign'
      ? 'Assign' in found
        ? found.Assign
        : undefined
      : 'Arguments' in found
        ? found.Arguments
        : undefined;
  return holder?.[key] ?? null;
}

describe('deployment machine', () => {
  test.each([
    ['Updating', 'old', 1, 'old', 'WaitDeploy'],
    ['RollingBack', 'old', 1, 'old', 'WaitDeploy'],
    ['InService', 'new', 20, 'old', 'SmokeTest'],
    ['InService', 'old', 20, 'old', 'RolledBack'],
    ['Failed', 'new', 20, '', 'NeverServed'],
    ['Failed', 'old', 20, 'old', 'NotSettled'],
    ['UpdateRollbackFailed', 'old', 20, 'old', 'NotSettled'],
    ['OutOfService', 'old', 20, 'old', 'NotSettled'],
    ['Updating', 'old', 540, 'old', 'NotSettled'],
  ])(
    'an endpoint that is %s on the %s config after %i polls, before %s: %s',
    async (status, serving, polls, previous, next) => {
      const variables = { status, serving, polls, previousConfig: previous, config: 'new' };
      expect(await choose(machine, 'Verdict', variables)).toBe(next);
    },
  );

  test.each([
    ['InService', 0, 'CreateModel'],
    ['Failed', 0, 'DeleteFailedEndpoint'],
    ['Creating', 0, 'WaitIdle'],
    ['Deleting', 0, 'WaitIdle'],
    ['Updating', 120, 'NotAtRest'],
    ['UpdateRollbackFailed', 0, 'NotAtRest'],
  ])('an endpoint found %s after %i waits: %s', async (status, idleWaits, next) => {
    expect(await choose(machine, 'CanDeploy?', { status, idleWaits })).toBe(next);
  });

  test.each<[string, object, object]>([
    [
      'an identity',
      {
        CreatedBy: {},
        LastModifiedBy: { IamIdentity: { Arn: 'arn:ann' } },
        LastModifiedTime: '2001',
        CreationTime: '2000',
      },
      { by: 'arn:ann', at: '2001', why: null },
    ],
    [
      'a user of the Studio, with a reason',
      { LastModifiedBy: { UserProfileName: 'ann' }, LastModifiedTime: '2001', ApprovalDescription: 'fine' },
      { by: 'ann', at: '2001', why: 'fine' },
    ],
    [
      'whoever made it, unchanged',
      { CreatedBy: { IamIdentity: { Arn: 'arn:machine' } }, CreationTime: 2000 },
      { by: 'arn:machine', at: '2000', why: null },
    ],
    ['nobody', {}, { by: null, at: null, why: null }],
  ])('keeps who approved a package: %s', async (_, result, approved) => {
    expect(await evaluate(field('DescribePackage', 'Assign', 'approved'), { states: { result } })).toEqual(approved);
  });

  test('keeps the digest of the image that serves, or the one that the package tells', async () => {
    const specified = 'xgboost:3.0-5';
    const described = { InferenceSpecification: { Containers: [{ Image: specified, ImageDigest: 'sha256:aa' }] } };
    const image = field('DescribePackage', 'Assign', 'image');
    expect(await evaluate(image, { states: { result: described } })).toEqual({ specified: null, digest: 'sha256:aa' });
    expect(await evaluate(image, { states: { result: {} } })).toEqual({ specified: null, digest: null });

    const deployed = { SpecifiedImage: specified, ResolvedImage: 'xgboost@sha256:bb' };
    const served = field('PollEndpoint', 'Assign', 'image');
    const known = { specified: null, digest: 'sha256:aa' };
    const poll = (result: object) => evaluate(served, { states: { result }, image: known });
    expect(await poll({ ProductionVariants: [{ DeployedImages: [deployed] }] })).toEqual({
      specified,
      digest: 'sha256:bb',
    });
    for (const result of [{}, { ProductionVariants: [{}] }]) expect(await poll(result)).toEqual(known);
  });

  test('only "could not find" means that there is no endpoint; any other error is a failure', async () => {
    const of = (Cause: string) =>
      choose(machine, 'Missing?', { reason: { Error: 'SageMaker.SageMakerException', Cause } });
    expect(await of('Could not find endpoint "arn:…".')).toBe('Missing');
    expect(await of('Rate exceeded')).toBe('ReleaseAfterFailure');
  });

  test('a package that serves already is left alone, whatever event came again', async () => {
    expect(await choose(machine, 'AlreadyLive?', { live: 'package/1', package: 'package/1' })).toBe('AlreadyLive');
    expect(await choose(machine, 'AlreadyLive?', { live: '', package: 'package/1' })).toBe('DescribePackage');
  });

  test('waits until no alarm stands that would roll the deployment back at once', async () => {
    expect(await choose(machine, 'Quiet?', { standing: [], alarmWaits: 0 })).toBe('UpdateEndpoint');
    expect(await choose(machine, 'Quiet?', { standing: ['green-errors'], alarmWaits: 0 })).toBe('WaitQuiet');
    expect(await choose(machine, 'Quiet?', { standing: ['green-errors'], alarmWaits: 30 })).toBe('AlarmsStand');
  });

  test('rejects a package only for what it did itself', async () => {
    expect(await choose(machine, 'Blame?', { outcome: 'rolled-back' })).toBe('RejectPackage');
    expect(await choose(machine, 'Blame?', { outcome: 'failed' })).toBe('ReleaseAfterFailure');
  });

  test.each([
    ['late-green-errors: 0.3 > 0.01', 'ignored', 'SageMaker rolled back: late-green-errors: 0.3 > 0.01'],
    ['', 'an alarm', 'SageMaker rolled back: an alarm'],
    ['', '', 'SageMaker rolled back: no reason given'],
  ])('keeps why it was rolled back: alarms %j, reason %j', async (fired, given, why) => {
    expect(await evaluate(field('RolledBack', 'Assign', 'why'), { fired, given })).toBe(why);
  });

  test('keeps what the alarms said while they stood', async () => {
    const alarms = (StateValue: string) => ({
      MetricAlarms: [{ AlarmName: 'a', StateValue, StateReason: 'too many' }],
    });
    const fired = field('WatchAlarms', 'Assign', 'fired');
    expect(await evaluate(fired, { fired: '', states: { result: alarms('ALARM') } })).toBe('a: too many');
    expect(await evaluate(fired, { fired: 'before', states: { result: alarms('OK') } })).toBe('before');
  });

  test('announces a rollback, and nothing else', async () => {
    const announce = async (outcome: string) => {
      const payload = await evaluate(field('RecordOutcome', 'Arguments', 'Payload'), {
        outcome,
        why: 'alarm',
        package: 'package/2',
        previousConfig: 'old',
        execution: 'e',
        endpoint: 'modelway-late',
      });
      return typeof payload === 'object' && payload !== null ? Reflect.get(payload, 'announce') : undefined;
    };
    expect(await announce('live')).toBe(null);
    expect(await announce('rolled-back')).toMatchObject({
      subject: 'late: deployment rolled back',
      runbook: 'deployment-rolled-back',
    });
  });

  test('makes names that SageMaker takes from the longest names and any execution', async () => {
    const [platform, model] = ['a-long-platform-name', 'a-long-model-name'];
    const begin = stateOf(machineOf(platform, model), 'Begin');
    const base = 'Assign' in begin ? (begin.Assign?.base ?? null) : null;
    const execution = { Name: `${'0123ABCD-'.repeat(8)}9e`, Id: 'arn' };
    const name = `${String(await evaluate(base, { states: { context: { Execution: execution } } }))}-4`;
    expect(name).toMatch(/^[a-z0-9](-*[a-z0-9]){0,62}$/);
    expect(name.startsWith(`${platform}-${model}-`)).toBe(true);
  });

  test('the lock is taken when it is free, run out or ours', () => {
    expect(field('AcquireLock', 'Arguments', 'ConditionExpression')).toBe(
      'attribute_not_exists(pk) OR #expires < :now OR #owner = :me',
    );
  });
});
