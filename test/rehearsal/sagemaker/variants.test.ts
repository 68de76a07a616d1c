import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServingRig, servingRig } from './serving-rig.ts';

let rig: ServingRig;

beforeAll(async () => {
  rig = await servingRig();
  await rig.goLive();
});
afterAll(() => rig.close());

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
    expect(await rig.describeEndpoint('split')).toMatchObject({
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
