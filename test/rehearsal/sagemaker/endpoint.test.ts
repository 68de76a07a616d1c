import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CaptureRecordSchema } from '../../../contracts/capture.ts';
import { captureHourPrefix } from '../../../contracts/keys.ts';
import { IMAGE, ROLE, type ServiceRig, serviceRig } from './service-rig.ts';

/** Answers with its name; dies, fails, naps or refuses when the body says so. */
const INFERENCE = `
import json, os, sys, time
from flask import Response
def model_fn(folder):
    return json.load(open(folder + '/name.json'))
def transform_fn(model, body, kind, accept):
    text = body.decode()
    if kind not in ('application/json', 'text/csv'): return Response('unsupported content type ' + kind, status=415, mimetype='text/plain')
    if 'die' in text: os._exit(9)
    if 'hang' in text: time.sleep(9)
    if 'fail' in text or model['broken']: raise RuntimeError('model is broken')
    print(json.dumps({'_aws': {'CloudWatchMetrics': []}, 'Score': 0.5}), flush=True)
    return json.dumps({'name': model['name'], 'key': os.environ.get('MODELWAY_MODEL'), 'year': time.gmtime().tm_year, 'pid': os.getpid()}), accept
`;

let rig: ServiceRig;

async function makeModel(name: string, options: { broken?: boolean; program?: string } = {}) {
  await rig.putArchive(`s3://lake/models/${name}.tar.gz`, {
    'code/inference.py': INFERENCE,
    'name.json': JSON.stringify({ name, broken: options.broken ?? false }),
  });
  await rig.call('CreateModel', {
    ModelName: name,
    ExecutionRoleArn: ROLE,
    PrimaryContainer: {
      Image: IMAGE,
      ModelDataUrl: `s3://lake/models/${name}.tar.gz`,
      Environment: {
        SAGEMAKER_PROGRAM: options.program ?? 'inference.py',
        SAGEMAKER_SUBMIT_DIRECTORY: '/opt/ml/model/code',
        MODELWAY_MODEL: 'flights',
      },
    },
  });
}

async function makeConfig(name: string, model: string, instances = 2, more: object = {}) {
  await rig.call('CreateEndpointConfig', {
    EndpointConfigName: name,
    ProductionVariants: [
      {
        VariantName: 'AllTraffic',
        ModelName: model,
        InstanceType: 'ml.m5.large',
        InitialInstanceCount: instances,
        InitialVariantWeight: 1,
      },
    ],
    DataCaptureConfig: {
      InitialSamplingPercentage: 100,
      DestinationS3Uri: 's3://lake/capture/flights',
      CaptureOptions: [{ CaptureMode: 'Input' }, { CaptureMode: 'Output' }],
      CaptureContentTypeHeader: { JsonContentTypes: ['application/json'] },
    },
    ...more,
  });
}

const describeEndpoint = (name = 'live') => rig.call('DescribeEndpoint', { EndpointName: name });
const who = async (body = '{}') => JSON.parse((await rig.invoke('live', body)).body).name;
const shares = async (requests: number) => {
  const names: string[] = [];
  for (let sent = 0; sent < requests; sent++) names.push(await who());
  return Object.fromEntries([...new Set(names)].map((name) => [name, names.filter((other) => other === name).length]));
};
const update = (config: string, deployment?: object) =>
  rig.call('UpdateEndpoint', { EndpointName: 'live', EndpointConfigName: config, DeploymentConfig: deployment });
const canary = (alarms: readonly string[] = []) => ({
  BlueGreenUpdatePolicy: {
    TrafficRoutingConfiguration: {
      Type: 'CANARY',
      CanarySize: { Type: 'CAPACITY_PERCENT', Value: 50 },
      WaitIntervalInSeconds: 600,
    },
    TerminationWaitInSeconds: 300,
  },
  AutoRollbackConfiguration: { Alarms: alarms.map((AlarmName) => ({ AlarmName })) },
});

beforeAll(async () => {
  rig = await serviceRig({ startAttempts: 2, invocation: 1 });
  await makeModel('a');
  await makeModel('b');
  await makeModel('absent', { program: 'absent.py' });
  await makeConfig('config-a', 'a');
  await makeConfig('config-b', 'b');
  await makeConfig('config-b4', 'b', 4);
  await makeConfig('config-absent', 'absent');
});
afterAll(() => rig.close());

describe('a new endpoint', () => {
  it('is Creating, refuses update and deletion, and answers nothing until it is InService', async () => {
    await rig.call('CreateEndpoint', { EndpointName: 'live', EndpointConfigName: 'config-a' });
    expect(await describeEndpoint()).toMatchObject({ EndpointStatus: 'Creating' });
    const refused = /^ValidationException: Cannot update in-progress endpoint/;
    expect(await rig.refusal('UpdateEndpoint', { EndpointName: 'live', EndpointConfigName: 'config-b' })).toMatch(
      refused,
    );
    expect(await rig.refusal('DeleteEndpoint', { EndpointName: 'live' })).toMatch(refused);
    expect(await rig.refusal('CreateEndpoint', { EndpointName: 'live', EndpointConfigName: 'config-a' })).toMatch(
      /already existing/,
    );
    expect(await rig.invoke('live', '{}')).toMatchObject({
      status: 400,
      headers: { 'x-amzn-errortype': 'ValidationError' },
    });
    await rig.control.advance(600);
    expect(await describeEndpoint()).toMatchObject({
      EndpointStatus: 'InService',
      EndpointConfigName: 'config-a',
      ProductionVariants: [{ VariantName: 'AllTraffic', CurrentInstanceCount: 2, CurrentWeight: 1 }],
    });
    const seen = rig.control.events.filter((change) => change.type === 'SageMaker Endpoint State Change');
    expect(seen.map((change) => change.detail.EndpointStatus)).toEqual(['CREATING', 'IN_SERVICE']);
  });

  it('answers from as many processes as it has instances, with the model’s environment and virtual time', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map(async () => JSON.parse((await rig.invoke('live', '{}')).body)));
    expect(new Set(answers.map((answer) => answer.pid)).size).toBe(2);
    expect(answers[0]).toMatchObject({ name: 'a', key: 'flights', year: 2001 });
  });

  it('is Failed, with the reason, when its container never answers a ping, and can only be deleted', async () => {
    await rig.call('CreateEndpoint', { EndpointName: 'dead', EndpointConfigName: 'config-absent' });
    await rig.control.advance(600);
    expect(await describeEndpoint('dead')).toMatchObject({
      EndpointStatus: 'Failed',
      FailureReason: expect.stringContaining('did not pass the ping health check'),
    });
    expect(await rig.refusal('UpdateEndpoint', { EndpointName: 'dead', EndpointConfigName: 'config-a' })).toMatch(
      /in status Failed/,
    );
    await rig.call('DeleteEndpoint', { EndpointName: 'dead' });
    await rig.control.advance(60);
    expect(await rig.refusal('DescribeEndpoint', { EndpointName: 'dead' })).toMatch(/Could not find endpoint/);
    expect(rig.logs.get('/aws/sagemaker/Endpoints/dead')?.join()).toContain('absent.py is not in');
  });
});

describe('a request', () => {
  it('comes back with the variant that answered, metrics for endpoint and config, and the container’s metric lines', async () => {
    const before = rig.control.points.length;
    const answer = await rig.invoke('live', '{}', { inference: 'id-1' });
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json', 'x-amzn-invoked-production-variant': 'AllTraffic' },
      emf: [expect.stringContaining('"Score": 0.5')],
    });
    const points = rig.control.points.slice(before);
    const whole = { EndpointName: 'live', VariantName: 'AllTraffic' };
    for (const dimensions of [whole, { ...whole, EndpointConfigName: 'config-a' }]) {
      const own = points.filter((point) => JSON.stringify(point.dimensions) === JSON.stringify(dimensions));
      expect(Object.fromEntries(own.map((point) => [point.name, point.value]))).toMatchObject({
        Invocations: 1,
        InvocationsPerInstance: 0.5,
        Invocation4XXErrors: 0,
        Invocation5XXErrors: 0,
        ModelLatency: expect.any(Number),
      });
      expect(own.find((point) => point.name === 'ModelLatency')).toMatchObject({ unit: 'Microseconds' });
    }
  });

  it.each([
    ['a script that raises', 'fail', {}, 'server error (500)', 'Invocation5XXErrors'],
    [
      'a content type the script refuses',
      '{}',
      { 'content-type': 'image/png' },
      'client error (415)',
      'Invocation4XXErrors',
    ],
  ])('is a ModelError for %s, and counts', async (_what, body, head, text, metric) => {
    const before = rig.control.points.length;
    const answer = await rig.invoke('live', body, head);
    expect(answer).toMatchObject({ status: 424, headers: { 'x-amzn-errortype': 'ModelError' } });
    expect(answer.body).toContain(text);
    expect(rig.control.points.slice(before)).toContainEqual(expect.objectContaining({ name: metric, value: 1 }));
  });

  it('is a ModelError when the container does not answer in time, and counts as a server error', async () => {
    const before = rig.control.points.length;
    const answer = await rig.invoke('live', 'hang');
    expect(answer).toMatchObject({ status: 424, headers: { 'x-amzn-errortype': 'ModelError' } });
    expect(answer.body).toContain('Your invocation timed out while waiting for a response from container primary');
    expect(rig.control.points.slice(before)).toContainEqual(
      expect.objectContaining({ name: 'Invocation5XXErrors', value: 1 }),
    );
  });

  it('is refused for an unknown variant, and above six megabytes', async () => {
    expect(await rig.invoke('live', '{}', { variant: 'Nope' })).toMatchObject({ status: 400 });
    expect(await rig.invoke('live', 'x'.repeat(6 * 2 ** 20 + 1))).toMatchObject({ status: 413 });
  });
});

describe('capture', () => {
  it('writes one line a request, some time later, below the hour of the request', async () => {
    await rig.control.advance(3600);
    const hour = new Date(rig.control.now() * 1000);
    const folder = `s3://lake/${captureHourPrefix('flights', 'live', 'AllTraffic', hour)}`;
    await rig.invoke('live', '{"n": 1}', { inference: 'mine' });
    await rig.invoke('live', 'fail');
    await rig.invoke('live', 'a,b', { 'content-type': 'text/csv' });
    await rig.control.advance(80);
    expect(rig.objects.below(folder)).toEqual([]);
    await rig.control.advance(20);
    const [file = ''] = rig.objects.below(folder);
    expect(file.slice(folder.length)).toMatch(/^\d\d-\d\d-\d\d\d-[0-9a-f-]{36}\.jsonl$/);
    const lines = rig.objects
      .text(file)
      .trim()
      .split('\n')
      .map((line) => CaptureRecordSchema.parse(JSON.parse(line)));
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatchObject({
      captureData: {
        endpointInput: { data: '{"n": 1}', encoding: 'JSON', mode: 'INPUT', observedContentType: 'application/json' },
        endpointOutput: { encoding: 'JSON', mode: 'OUTPUT' },
      },
      eventMetadata: { inferenceId: 'mine', inferenceTime: expect.stringMatching(/^2001-02-01T\d\d:\d\d:\d\dZ$/) },
    });
    expect(lines[1]?.captureData.endpointOutput).toBe(undefined);
    expect(lines[2]?.captureData.endpointInput).toMatchObject({
      encoding: 'BASE64',
      data: Buffer.from('a,b').toString('base64'),
    });
  });
});

describe('a deployment', () => {
  it('shifts exactly the canary’s share, keeps the old config in view, and ends on the new one', async () => {
    await update('config-b', canary(['green-errors']));
    await rig.control.advance(300);
    expect(await describeEndpoint()).toMatchObject({
      EndpointStatus: 'Updating',
      EndpointConfigName: 'config-a',
      PendingDeploymentSummary: {
        EndpointConfigName: 'config-b',
        ProductionVariants: [
          { CurrentInstanceCount: 1, DesiredInstanceCount: 2, VariantStatus: [{ Status: 'Baking' }] },
        ],
      },
    });
    expect(await shares(20)).toEqual({ a: 10, b: 10 });
    await rig.control.advance(700);
    expect(await shares(4)).toEqual({ b: 4 });
    await rig.control.advance(600);
    const shown = await describeEndpoint();
    expect(shown).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'config-b' });
    expect(shown).not.toHaveProperty('PendingDeploymentSummary');
    expect(shown).not.toHaveProperty('FailureReason');
    expect(rig.processes()).toBe(2);
    const phases = rig.control.events
      .filter((change) => change.type === 'SageMaker Endpoint Deployment State Change')
      .map((change) => String(change.detail.EndpointStatus));
    expect(new Set(phases)).toEqual(new Set(['UPDATING', 'IN_SERVICE']));
  });

  it('rolls back on an alarm and ends InService on the old config, with the reason', async () => {
    await update('config-a', canary(['green-errors']));
    await rig.control.advance(300);
    expect(await shares(2)).toEqual({ a: 1, b: 1 });
    rig.standing.add('green-errors');
    await rig.control.advance(60);
    rig.standing.clear();
    expect(await describeEndpoint()).toMatchObject({
      EndpointStatus: 'InService',
      EndpointConfigName: 'config-b',
      FailureReason: expect.stringMatching(/have gone into ALARM state: green-errors/),
    });
    expect(await shares(4)).toEqual({ b: 4 });
    expect(rig.processes()).toBe(2);
  });

  it('rolls back when the new containers never answer, and the old ones never stop', async () => {
    await update('config-absent');
    await rig.control.advance(100);
    expect(await shares(2)).toEqual({ b: 2 });
    await rig.control.advance(900);
    expect(await describeEndpoint()).toMatchObject({
      EndpointStatus: 'InService',
      EndpointConfigName: 'config-b',
      FailureReason: expect.stringMatching(/ping health check/),
    });
  });

  it('rolls back when it outlasts its time limit', async () => {
    await update('config-a', {
      BlueGreenUpdatePolicy: {
        TrafficRoutingConfiguration: { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: 0 },
        TerminationWaitInSeconds: 590,
        MaximumExecutionTimeoutInSeconds: 600,
      },
    });
    await rig.control.advance(3000);
    expect(await describeEndpoint()).toMatchObject({
      EndpointConfigName: 'config-b',
      FailureReason: expect.stringMatching(/MaximumExecutionTimeoutInSeconds/),
    });
  });

  it('moves in even steps when linear', async () => {
    await update('config-a');
    await rig.control.advance(600);
    await update('config-b4', {
      BlueGreenUpdatePolicy: {
        TrafficRoutingConfiguration: {
          Type: 'LINEAR',
          LinearStepSize: { Type: 'CAPACITY_PERCENT', Value: 25 },
          WaitIntervalInSeconds: 300,
        },
      },
    });
    await rig.control.advance(270);
    for (const expected of [5, 10, 15]) {
      expect((await shares(20)).b).toBe(expected);
      await rig.control.advance(300);
    }
    expect(await describeEndpoint()).toMatchObject({
      EndpointConfigName: 'config-b4',
      ProductionVariants: [{ CurrentInstanceCount: 4 }],
    });
  });

  it('keeps the variant’s count and weight when asked to', async () => {
    await rig.call('UpdateEndpoint', {
      EndpointName: 'live',
      EndpointConfigName: 'config-a',
      RetainAllVariantProperties: true,
    });
    await rig.control.advance(600);
    expect(await describeEndpoint()).toMatchObject({
      EndpointConfigName: 'config-a',
      ProductionVariants: [{ CurrentInstanceCount: 4 }],
    });
  });

  it('needs the variant names of the endpoint', async () => {
    await makeConfig('config-other', 'b', 2, {
      ProductionVariants: [
        { VariantName: 'Other', ModelName: 'b', InstanceType: 'ml.m5.large', InitialInstanceCount: 2 },
      ],
    });
    expect(
      await rig.refusal('UpdateEndpoint', {
        EndpointName: 'live',
        EndpointConfigName: 'config-other',
        DeploymentConfig: canary(),
      }),
    ).toMatch(/variant names of the endpoint in service \(AllTraffic\); got Other/);
  });
});

describe('variants', () => {
  const weights = (b: number, instances = 1) =>
    rig.call('UpdateEndpointWeightsAndCapacities', {
      EndpointName: 'split',
      DesiredWeightsAndCapacities: [
        { VariantName: 'A', DesiredWeight: 1 },
        { VariantName: 'B', DesiredWeight: b, DesiredInstanceCount: instances },
      ],
    });
  const counted = async (requests: number) => {
    const names: string[] = [];
    for (let sent = 0; sent < requests; sent++) names.push(JSON.parse((await rig.invoke('split', '{}')).body).name);
    return names.filter((name) => name === 'b').length;
  };

  it('share requests by weight, which can change while they serve', async () => {
    const variant = (VariantName: string, ModelName: string) => ({
      VariantName,
      ModelName,
      InstanceType: 'ml.m5.large',
      InitialInstanceCount: 1,
      InitialVariantWeight: 1,
    });
    await rig.call('CreateEndpointConfig', {
      EndpointConfigName: 'config-split',
      ProductionVariants: [variant('A', 'a'), variant('B', 'b')],
    });
    const processes = rig.processes();
    await rig.call('CreateEndpoint', { EndpointName: 'split', EndpointConfigName: 'config-split' });
    await rig.control.advance(600);
    // Three standard deviations of 200 fair draws are 21.
    expect(Math.abs((await counted(200)) - 100)).toBeLessThan(22);
    await weights(0, 2);
    expect(await rig.refusal('DeleteEndpoint', { EndpointName: 'split' })).toMatch(/in-progress/);
    await rig.control.advance(600);
    expect(await counted(20)).toBe(0);
    expect(await describeEndpoint('split')).toMatchObject({
      EndpointStatus: 'InService',
      ProductionVariants: [
        { VariantName: 'A', CurrentWeight: 1, CurrentInstanceCount: 1 },
        { VariantName: 'B', CurrentWeight: 0, CurrentInstanceCount: 2 },
      ],
    });
    expect(rig.processes() - processes).toBe(3);
    expect(JSON.parse((await rig.invoke('split', '{}', { variant: 'B' })).body).name).toBe('b');
    await rig.call('DeleteEndpoint', { EndpointName: 'split' });
    await rig.control.advance(60);
    expect(rig.processes()).toBe(processes);
  });

  it('that are not there cannot be changed', async () => {
    const change = { EndpointName: 'live', DesiredWeightsAndCapacities: [{ VariantName: 'Nope', DesiredWeight: 1 }] };
    expect(await rig.refusal('UpdateEndpointWeightsAndCapacities', change)).toMatch(
      /not present within endpoint configuration/,
    );
  });
});

describe('a container that dies', () => {
  it('is started again while the other one serves, and that is a problem of the rehearsal', async () => {
    expect(await rig.invoke('live', 'die')).toMatchObject({ status: 424 });
    for (let sent = 0; sent < 4; sent++) expect(await who()).toBe('a');
    await expect.poll(() => rig.processes(), { timeout: 5000 }).toBe(2);
    expect(rig.control.problems).toEqual([
      expect.stringMatching(/^endpoint live: a container died and was started again/),
    ]);
  });
});

describe('deletion', () => {
  it('writes what was captured, ends every process and forgets the endpoint', async () => {
    const before = rig.objects.below('s3://lake/capture/').length;
    await rig.invoke('live', '{}');
    await rig.call('DeleteEndpoint', { EndpointName: 'live' });
    await rig.control.advance(40);
    expect(await rig.refusal('DescribeEndpoint', { EndpointName: 'live' })).toMatch(/Could not find endpoint/);
    expect(rig.objects.below('s3://lake/capture/').length).toBeGreaterThan(before);
    expect(rig.processes()).toBe(0);
    await rig.control.advance(3600);
    expect(rig.control.tokens()).toBe(0);
  });
});
