import { describe, expect, test } from 'vitest';
import type { Strategy } from '../../contracts/deployment.ts';
import { parseModel } from '../../contracts/model-config.ts';
import { deploymentSpec, type Realtime } from '../../lib/deployment-spec.ts';
import { fixtureModel } from './fixture-app.ts';

const model = parseModel(fixtureModel);

function specOf(strategy: Strategy, instanceCount = 2, rollback?: Realtime['rollback']) {
  const serving: Realtime = {
    kind: 'realtime',
    instanceType: 'ml.m5.large',
    instanceCount,
    strategy,
    ...(rollback === undefined ? {} : { rollback }),
  };
  return deploymentSpec('modelway', model, serving, 'lake');
}

const ALARMS = { Alarms: [{ AlarmName: 'modelway-late-green-errors' }, { AlarmName: 'modelway-late-green-latency' }] };

describe('deployment spec', () => {
  test('a canary bakes on its share, then keeps the old fleet for a while', () => {
    expect(specOf({ kind: 'canary', percent: 50, bakeSeconds: 600, keepOldSeconds: 300 }).deploymentConfig).toEqual({
      BlueGreenUpdatePolicy: {
        TrafficRoutingConfiguration: {
          Type: 'CANARY',
          CanarySize: { Type: 'CAPACITY_PERCENT', Value: 50 },
          WaitIntervalInSeconds: 600,
        },
        TerminationWaitInSeconds: 300,
        MaximumExecutionTimeoutInSeconds: 600 + 300 + 3600,
      },
      AutoRollbackConfiguration: ALARMS,
    });
  });

  test('a linear deployment waits at every step', () => {
    expect(specOf({ kind: 'linear', stepPercent: 30, bakeSeconds: 120 }, 4).deploymentConfig).toMatchObject({
      BlueGreenUpdatePolicy: {
        TrafficRoutingConfiguration: { Type: 'LINEAR', LinearStepSize: { Value: 30 }, WaitIntervalInSeconds: 120 },
        TerminationWaitInSeconds: 600,
        MaximumExecutionTimeoutInSeconds: 4 * 120 + 600 + 3600,
      },
    });
  });

  test('a rolling deployment has a batch size and no second fleet', () => {
    const { deploymentConfig } = specOf({ kind: 'rolling', batchPercent: 25, bakeSeconds: 300 }, 4);
    expect(deploymentConfig).toEqual({
      RollingUpdatePolicy: {
        MaximumBatchSize: { Type: 'CAPACITY_PERCENT', Value: 25 },
        WaitIntervalInSeconds: 300,
        MaximumExecutionTimeoutInSeconds: 4 * 300 + 3600,
      },
      AutoRollbackConfiguration: ALARMS,
    });
  });

  test('one instance is replaced at once, watched while the old one is kept', () => {
    expect(specOf({ kind: 'all-at-once', keepOldSeconds: 900 }, 1).deploymentConfig).toMatchObject({
      BlueGreenUpdatePolicy: {
        TrafficRoutingConfiguration: { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: 0 },
        TerminationWaitInSeconds: 900,
      },
    });
  });

  test('never asks for a longer deployment than SageMaker allows', () => {
    const spec = specOf({ kind: 'linear', stepPercent: 10, bakeSeconds: 2700, keepOldSeconds: 0 }, 10);
    expect(spec.deploymentConfig).toMatchObject({
      BlueGreenUpdatePolicy: { MaximumExecutionTimeoutInSeconds: 28_800 },
    });
  });

  test('alarms compare a share of failed requests, and latency in microseconds', () => {
    const rollback = { errorShare: 0.05, latencyMilliseconds: 800, periodSeconds: 120 };
    const { greenAlarms } = specOf({ kind: 'canary', percent: 50, bakeSeconds: 600 }, 2, rollback);
    expect(
      greenAlarms.map(({ metricName, statistic, threshold, periodSeconds }) => [
        metricName,
        statistic,
        threshold,
        periodSeconds,
      ]),
    ).toEqual([
      ['Invocation5XXErrors', 'Average', 0.05, 120],
      ['ModelLatency', 'Average', 800_000, 120],
    ]);
  });

  test('captures below the model’s folder of the lake', () => {
    expect(specOf({ kind: 'all-at-once' }, 1).captureUri).toBe('s3://lake/capture/late');
  });
});
