import { GetMetricDataCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import {
  CreateEndpointCommand,
  DeleteEndpointCommand,
  DescribeEndpointCommand,
  UpdateEndpointCommand,
} from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand } from '@aws-sdk/client-sagemaker-runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../../rehearsal/rig/start-emulator.ts';
import { type WireAccount, wireAccount } from './wire-account.ts';

let account: WireAccount;
let emulator: Emulator;

beforeAll(async () => {
  account = await wireAccount();
  emulator = account.emulator;
  await account.trained('good');
  await account.servedBy('good');
});
afterAll(() => account?.close());

async function send(requests: number, atOnce = 8) {
  let left = requests;
  let answered = 0;
  const sender = async () => {
    while (left > 0) {
      left -= 1;
      await emulator.aws.runtime
        .send(new InvokeEndpointCommand({ EndpointName: 'wire', ContentType: 'application/jsonlines', Body: 'abcd\n' }))
        .then(
          () => {
            answered += 1;
          },
          () => undefined,
        );
    }
  };
  await Promise.all(Array.from({ length: atOnce }, sender));
  return answered;
}

const endpoint = () => emulator.aws.sagemaker.send(new DescribeEndpointCommand({ EndpointName: 'wire' }));

async function total(metric: string, config?: string) {
  const now = (await emulator.control.clock()).now;
  const dimensions = {
    EndpointName: 'wire',
    VariantName: 'AllTraffic',
    ...(config ? { EndpointConfigName: config } : {}),
  };
  const found = await emulator.aws.cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: new Date((now - 86_400) * 1000),
      EndTime: new Date((now + 60) * 1000),
      MetricDataQueries: [
        {
          Id: 'a',
          MetricStat: {
            Metric: {
              Namespace: 'AWS/SageMaker',
              MetricName: metric,
              Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
            },
            Period: 86_400,
            Stat: 'Sum',
          },
        },
      ],
    }),
  );
  return (found.MetricDataResults?.[0]?.Values ?? []).reduce((sum, value) => sum + value, 0);
}

describe('over the wire, an endpoint', () => {
  it('serves, counts every request and captures each one', async () => {
    await emulator.aws.sagemaker.send(new CreateEndpointCommand({ EndpointName: 'wire', EndpointConfigName: 'good' }));
    await emulator.control.advanceBy(600);
    expect(await send(300)).toBe(300);
    await emulator.control.advanceBy(300);
    expect([await total('Invocations'), await total('Invocations', 'good')]).toEqual([300, 300]);
    const files = await emulator.aws.s3.send(
      new ListObjectsV2Command({ Bucket: 'wire-lake', Prefix: 'capture/wire/' }),
    );
    const texts = await Promise.all(
      (files.Contents ?? []).map(async ({ Key }) => {
        const file = await emulator.aws.s3.send(new GetObjectCommand({ Bucket: 'wire-lake', Key }));
        return (await file.Body?.transformToString()) ?? '';
      }),
    );
    expect(texts.join('').trim().split('\n')).toHaveLength(300);
  });

  it('rolls a canary back when the alarm on its errors goes off, and the old fleet never stops', async () => {
    await account.trained('bad', '1');
    await account.servedBy('bad');
    await emulator.aws.cloudwatch.send(
      new PutMetricAlarmCommand({
        AlarmName: 'green-errors',
        Namespace: 'AWS/SageMaker',
        MetricName: 'Invocation5XXErrors',
        Dimensions: [
          { Name: 'EndpointName', Value: 'wire' },
          { Name: 'VariantName', Value: 'AllTraffic' },
          { Name: 'EndpointConfigName', Value: 'bad' },
        ],
        Statistic: 'Average',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 0.01,
        ComparisonOperator: 'GreaterThanThreshold',
        TreatMissingData: 'notBreaching',
      }),
    );
    await emulator.aws.sagemaker.send(
      new UpdateEndpointCommand({
        EndpointName: 'wire',
        EndpointConfigName: 'bad',
        DeploymentConfig: {
          BlueGreenUpdatePolicy: {
            TrafficRoutingConfiguration: {
              Type: 'CANARY',
              CanarySize: { Type: 'CAPACITY_PERCENT', Value: 50 },
              WaitIntervalInSeconds: 600,
            },
            TerminationWaitInSeconds: 300,
          },
          AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'green-errors' }] },
        },
      }),
    );
    await emulator.control.advanceBy(300);
    expect(await send(20)).toBe(10);
    await emulator.control.advanceBy(180);
    expect(await endpoint()).toMatchObject({
      EndpointStatus: 'InService',
      EndpointConfigName: 'good',
      FailureReason: expect.stringContaining('green-errors'),
    });
    expect(await send(10)).toBe(10);
    expect(await total('Invocation5XXErrors', 'bad')).toBe(10);
    expect(await total('Invocation5XXErrors', 'good')).toBe(0);
  });

  it('is gone after deletion, and leaves the clock without a token', async () => {
    await emulator.aws.sagemaker.send(new DeleteEndpointCommand({ EndpointName: 'wire' }));
    await emulator.control.advanceBy(120);
    await expect(endpoint()).rejects.toThrow(/Could not find endpoint/);
    expect((await emulator.control.clock()).busy).toBe(0);
    expect(await emulator.control.problems()).toEqual([]);
  });
});
