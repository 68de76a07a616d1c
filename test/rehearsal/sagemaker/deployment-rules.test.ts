import { describe, expect, it } from 'vitest';
import {
  type DeploymentConfig,
  DeploymentConfigSchema,
  deploymentSteps,
  refuseBadDeployment,
} from '../../../rehearsal/sagemaker/deployment-rules.ts';

const percent = (Value: number) => ({ Type: 'CAPACITY_PERCENT', Value });
const count = (Value: number) => ({ Type: 'INSTANCE_COUNT', Value });
const blueGreen = (routing: object, more: object = {}): DeploymentConfig =>
  DeploymentConfigSchema.parse({
    BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { WaitIntervalInSeconds: 300, ...routing }, ...more },
  });
const rolling = (size: object) =>
  DeploymentConfigSchema.parse({ RollingUpdatePolicy: { MaximumBatchSize: size, WaitIntervalInSeconds: 60 } });
const shown = (config: DeploymentConfig | undefined, instances: number) =>
  deploymentSteps(config, instances).map((step) => [step.instances, step.waitSeconds]);

describe('the steps of a deployment', () => {
  it('move everything at once, unwatched, when there is no policy', () => {
    expect(shown(undefined, 3)).toEqual([[3, 0]]);
  });
  it('bake a canary, then everything for the termination wait', () => {
    const canary = blueGreen({ Type: 'CANARY', CanarySize: percent(50) }, { TerminationWaitInSeconds: 600 });
    expect(shown(canary, 2)).toEqual([
      [1, 300],
      [2, 600],
    ]);
    expect(shown(canary, 5)[0]).toEqual([2, 300]);
  });
  it('give a canary one instance at least', () => {
    expect(shown(blueGreen({ Type: 'CANARY', CanarySize: percent(10) }), 4)[0]).toEqual([1, 300]);
  });
  it('are even and end on the whole fleet when linear or rolling', () => {
    expect(shown(blueGreen({ Type: 'LINEAR', LinearStepSize: percent(25) }), 4)).toEqual([
      [1, 300],
      [2, 300],
      [3, 300],
      [4, 0],
    ]);
    expect(shown(rolling(count(2)), 5)).toEqual([
      [2, 60],
      [4, 60],
      [5, 60],
    ]);
  });
});

describe('a deployment config', () => {
  it.each([
    ['a canary of half the fleet', blueGreen({ Type: 'CANARY', CanarySize: percent(50) }), 2],
    ['one instance of two', blueGreen({ Type: 'CANARY', CanarySize: count(1) }), 2],
    ['all at once on one instance', blueGreen({ Type: 'ALL_AT_ONCE' }), 1],
    ['rolling by half', rolling(percent(50)), 2],
  ])('may be %s', (_what, config, instances) => {
    expect(() => refuseBadDeployment(config, instances)).not.toThrow();
  });

  it.each([
    [
      'a canary above half the fleet',
      blueGreen({ Type: 'CANARY', CanarySize: percent(60) }),
      2,
      /CanarySize must be less than or equal to 50%/,
    ],
    [
      'a canary of one instance of one',
      blueGreen({ Type: 'CANARY', CanarySize: count(1) }),
      1,
      /CanarySize must be less than or equal to 50%/,
    ],
    ['a canary without its size', blueGreen({ Type: 'CANARY' }), 2, /CanarySize is required/],
    [
      'a size of another routing',
      blueGreen({ Type: 'CANARY', CanarySize: percent(50), LinearStepSize: percent(50) }),
      2,
      /LinearStepSize is not allowed/,
    ],
    [
      'linear steps below a tenth',
      blueGreen({ Type: 'LINEAR', LinearStepSize: percent(5) }),
      4,
      /LinearStepSize must be at least 10%/,
    ],
    ['rolling batches below a twentieth', rolling(percent(4)), 50, /MaximumBatchSize must be at least 5%/],
    [
      'a time limit below its waits',
      blueGreen(
        { Type: 'CANARY', CanarySize: percent(50) },
        { TerminationWaitInSeconds: 600, MaximumExecutionTimeoutInSeconds: 900 },
      ),
      2,
      /MaximumExecutionTimeoutInSeconds \(900\) must be larger than the sum of the wait intervals \(900\)/,
    ],
    ['two policies', { ...blueGreen({ Type: 'ALL_AT_ONCE' }), ...rolling(percent(50)) }, 2, /Only one of/],
  ])('may not be %s', (_what, config, instances, message) => {
    expect(() => refuseBadDeployment(config, instances)).toThrow(message);
  });
});
