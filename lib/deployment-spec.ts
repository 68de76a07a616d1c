import type { DeploymentSpec, Serving, Strategy } from '../contracts/deployment.ts';
import {
  DEFAULT_ALARM_PERIOD_SECONDS,
  DEFAULT_KEEP_OLD_SECONDS,
  deploymentSeconds,
} from '../contracts/deployment-arithmetic.ts';
import { lakePrefix } from '../contracts/keys.ts';
import type { ModelConfig } from '../contracts/model-config.ts';
import { alarmName, endpointName, VARIANT_NAME } from '../contracts/names.ts';

/** Realtime serving: the form that the deployment machine can put behind an endpoint. */
export type Realtime = Extract<Serving, { kind: 'realtime' }>;

/** Time for new instances to start, beside the waits of the strategy. */
const PROVISIONING_SECONDS = 3600;
const LONGEST_DEPLOYMENT_SECONDS = 28_800;

/** How a model is served, in SageMaker's own words: what the deployment machine reads, and what the template shows. */
export function deploymentSpec(
  platform: string,
  model: ModelConfig,
  serving: Realtime,
  lakeBucket: string,
): DeploymentSpec {
  const greenAlarms = greenAlarmsOf(platform, model.name, serving);
  return {
    endpointName: endpointName(platform, model.name),
    variantName: VARIANT_NAME,
    instanceType: serving.instanceType,
    instanceCount: serving.instanceCount,
    captureUri: `s3://${lakeBucket}/${lakePrefix.capture(model.name).replace(/\/$/, '')}`,
    deploymentConfig: {
      ...updatePolicy(serving.strategy),
      AutoRollbackConfiguration: { Alarms: greenAlarms.map(({ name }) => ({ AlarmName: name })) },
    },
    greenAlarms,
  };
}

function greenAlarmsOf(platform: string, model: string, { rollback }: Realtime): DeploymentSpec['greenAlarms'] {
  const periodSeconds = rollback?.periodSeconds ?? DEFAULT_ALARM_PERIOD_SECONDS;
  return [
    {
      name: alarmName(platform, model, 'green-errors'),
      // Each request counts 0 or 1, so the average is the share that failed.
      metricName: 'Invocation5XXErrors',
      statistic: 'Average',
      threshold: rollback?.errorShare ?? 0.01,
      periodSeconds,
    },
    {
      name: alarmName(platform, model, 'green-latency'),
      // Microseconds.
      metricName: 'ModelLatency',
      statistic: 'Average',
      threshold: (rollback?.latencyMilliseconds ?? 1000) * 1000,
      periodSeconds,
    },
  ];
}

function updatePolicy(strategy: Strategy): DeploymentSpec['deploymentConfig'] {
  const limit = {
    MaximumExecutionTimeoutInSeconds: Math.min(
      deploymentSeconds(strategy) + PROVISIONING_SECONDS,
      LONGEST_DEPLOYMENT_SECONDS,
    ),
  };
  if (strategy.kind === 'rolling')
    return {
      RollingUpdatePolicy: {
        MaximumBatchSize: { Type: 'CAPACITY_PERCENT', Value: strategy.batchPercent },
        WaitIntervalInSeconds: strategy.bakeSeconds,
        ...limit,
      },
    };
  return {
    BlueGreenUpdatePolicy: {
      TrafficRoutingConfiguration: routing(strategy),
      TerminationWaitInSeconds: strategy.keepOldSeconds ?? DEFAULT_KEEP_OLD_SECONDS,
      ...limit,
    },
  };
}

function routing(strategy: Exclude<Strategy, { kind: 'rolling' }>) {
  switch (strategy.kind) {
    case 'canary':
      return {
        Type: 'CANARY',
        CanarySize: { Type: 'CAPACITY_PERCENT', Value: strategy.percent },
        WaitIntervalInSeconds: strategy.bakeSeconds,
      };
    case 'linear':
      return {
        Type: 'LINEAR',
        LinearStepSize: { Type: 'CAPACITY_PERCENT', Value: strategy.stepPercent },
        WaitIntervalInSeconds: strategy.bakeSeconds,
      };
    case 'all-at-once':
      return { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: 0 };
    default:
      return strategy satisfies never;
  }
}
