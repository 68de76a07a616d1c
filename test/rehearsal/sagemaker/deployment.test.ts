import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServingRig, servingRig } from './serving-rig.ts';

let rig: ServingRig;

beforeAll(async () => {
  rig = await servingRig();
  await rig.goLive();
});
afterAll(() => rig.close());

const shares = async (requests: number) => {
  const names: string[] = [];
  for (let sent = 0; sent < requests; sent++) names.push(await rig.who());
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

describe('a deployment', () => {
  it('shifts exactly the canary’s share, keeps the old config in view, and ends on the new one', async () => {
    await update('config-b', canary(['green-errors']));
    await rig.control.advance(300);
    expect(await rig.describeEndpoint()).toMatchObject({
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
    const shown = await rig.describeEndpoint();
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
    expect(await rig.describeEndpoint()).toMatchObject({
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
    expect(await rig.describeEndpoint()).toMatchObject({
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
    expect(await rig.describeEndpoint()).toMatchObject({
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
    expect(await rig.describeEndpoint()).toMatchObject({
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
    expect(await rig.describeEndpoint()).toMatchObject({
      EndpointConfigName: 'config-a',
      ProductionVariants: [{ CurrentInstanceCount: 4 }],
    });
  });

  it('needs the variant names of the endpoint', async () => {
    await rig.makeConfig('config-other', 'b', 2, {
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
