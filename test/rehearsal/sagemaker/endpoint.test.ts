import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CaptureRecordSchema } from '../../../contracts/capture.ts';
import { captureHourPrefix } from '../../../contracts/keys.ts';
import { type ServingRig, servingRig } from './serving-rig.ts';

let rig: ServingRig;

beforeAll(async () => {
  rig = await servingRig();
});
afterAll(() => rig.close());

describe('a new endpoint', () => {
  it('is Creating, refuses update and deletion, and answers nothing until it is InService', async () => {
    await rig.call('CreateEndpoint', { EndpointName: 'live', EndpointConfigName: 'config-a' });
    expect(await rig.describeEndpoint()).toMatchObject({ EndpointStatus: 'Creating' });
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
    expect(await rig.describeEndpoint()).toMatchObject({
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
    expect(await rig.describeEndpoint('dead')).toMatchObject({
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

describe('a container that dies', () => {
  it('is started again while the other one serves, and that is a problem of the rehearsal', async () => {
    expect(await rig.invoke('live', 'die')).toMatchObject({ status: 424 });
    for (let sent = 0; sent < 4; sent++) expect(await rig.who()).toBe('a');
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
