import { z } from 'zod';
import { invalid } from './service-error.ts';

const CapacitySchema = z.object({ Type: z.enum(['INSTANCE_COUNT', 'CAPACITY_PERCENT']), Value: z.int() });
type Capacity = z.infer<typeof CapacitySchema>;

const BlueGreenSchema = z.object({
  TrafficRoutingConfiguration: z.object({
    Type: z.enum(['ALL_AT_ONCE', 'CANARY', 'LINEAR']),
    WaitIntervalInSeconds: z.int(),
    CanarySize: CapacitySchema.optional(),
    LinearStepSize: CapacitySchema.optional(),
  }),
  TerminationWaitInSeconds: z.int().optional(),
  MaximumExecutionTimeoutInSeconds: z.int().optional(),
});
type BlueGreen = z.infer<typeof BlueGreenSchema>;

const RollingSchema = z.object({
  MaximumBatchSize: CapacitySchema,
  WaitIntervalInSeconds: z.int(),
  MaximumExecutionTimeoutInSeconds: z.int().optional(),
  RollbackMaximumBatchSize: CapacitySchema.optional(),
});

export const DeploymentConfigSchema = z.object({
  BlueGreenUpdatePolicy: BlueGreenSchema.optional(),
  RollingUpdatePolicy: RollingSchema.optional(),
  AutoRollbackConfiguration: z.object({ Alarms: z.array(z.object({ AlarmName: z.string() })).optional() }).optional(),
});
export type DeploymentConfig = z.infer<typeof DeploymentConfigSchema>;

/** One step of a deployment: how many instances of the new fleet get traffic, and how long that is watched. */
export interface DeploymentStep {
  readonly instances: number;
  readonly waitSeconds: number;
  /** What the wait is called in status messages. */
  readonly wait: 'WaitIntervalInSeconds' | 'TerminationWaitInSeconds';
  readonly capacity: 'canary' | 'step' | 'full';
}

/** The steps of a deployment onto a fleet of `instances`; without a policy all traffic moves at once, unwatched. */
export function deploymentSteps(config: DeploymentConfig | undefined, instances: number): readonly DeploymentStep[] {
  const rolling = config?.RollingUpdatePolicy;
  if (rolling !== undefined)
    return evenSteps(capacityOf(rolling.MaximumBatchSize, instances), instances).map((count) => ({
      instances: count,
      waitSeconds: rolling.WaitIntervalInSeconds,
      wait: 'WaitIntervalInSeconds',
      capacity: count === instances ? 'full' : 'step',
    }));
  const blueGreen = config?.BlueGreenUpdatePolicy;
  const routing = blueGreen?.TrafficRoutingConfiguration;
  const last: DeploymentStep = {
    instances,
    waitSeconds: blueGreen?.TerminationWaitInSeconds ?? 0,
    wait: 'TerminationWaitInSeconds',
    capacity: 'full',
  };
  const before = trafficSteps(routing, instances).filter((count) => count < instances);
  return [
    ...before.map(
      (count): DeploymentStep => ({
        instances: count,
        waitSeconds: routing?.WaitIntervalInSeconds ?? 0,
        wait: 'WaitIntervalInSeconds',
        capacity: routing?.Type === 'CANARY' ? 'canary' : 'step',
      }),
    ),
    last,
  ];
}

/** Refuses what the service refuses and its shapes do not say. */
export function refuseBadDeployment(config: DeploymentConfig, instances: number): void {
  const { BlueGreenUpdatePolicy: blueGreen, RollingUpdatePolicy: rolling } = config;
  if (blueGreen !== undefined && rolling !== undefined)
    throw invalid('Only one of BlueGreenUpdatePolicy and RollingUpdatePolicy can be set.');
  if (rolling !== undefined) refuseSize('MaximumBatchSize', rolling.MaximumBatchSize, 5, instances);
  if (blueGreen !== undefined) refuseBadRouting(blueGreen, instances);
  const limit = (blueGreen ?? rolling)?.MaximumExecutionTimeoutInSeconds;
  const waits = deploymentSteps(config, instances).reduce((sum, step) => sum + step.waitSeconds, 0);
  if (limit !== undefined && limit <= waits)
    throw invalid(
      `MaximumExecutionTimeoutInSeconds (${limit}) must be larger than the sum of the wait intervals (${waits}).`,
    );
}

function refuseBadRouting(policy: BlueGreen, instances: number): void {
  const { Type, CanarySize, LinearStepSize } = policy.TrafficRoutingConfiguration;
  const sizes = [
    { name: 'CanarySize', type: 'CANARY', size: CanarySize, lowest: 1 },
    { name: 'LinearStepSize', type: 'LINEAR', size: LinearStepSize, lowest: 10 },
  ];
  for (const { name, type, size, lowest } of sizes) {
    if (Type === type && size === undefined) throw invalid(`${name} is required when traffic routing type is ${type}.`);
    if (Type !== type && size !== undefined)
      throw invalid(`${name} is not allowed when traffic routing type is ${Type}.`);
    if (size !== undefined) refuseSize(name, size, lowest, instances);
  }
}

function refuseSize(name: string, size: Capacity, lowestPercent: number, instances: number): void {
  const percent = size.Type === 'CAPACITY_PERCENT' ? size.Value : (size.Value * 100) / instances;
  if (percent > 50)
    throw invalid(
      `${name} must be less than or equal to 50% of the variant's total instance count (${instances}); got ${size.Value} (${size.Type}).`,
    );
  if (size.Type === 'CAPACITY_PERCENT' && size.Value < lowestPercent)
    throw invalid(`${name} must be at least ${lowestPercent}%; got ${size.Value}.`);
}

function trafficSteps(
  routing: BlueGreen['TrafficRoutingConfiguration'] | undefined,
  instances: number,
): readonly number[] {
  if (routing?.CanarySize !== undefined) return [capacityOf(routing.CanarySize, instances)];
  if (routing?.LinearStepSize !== undefined) return evenSteps(capacityOf(routing.LinearStepSize, instances), instances);
  return [];
}

function evenSteps(step: number, instances: number): readonly number[] {
  return Array.from({ length: Math.ceil(instances / step) }, (_, index) => Math.min(instances, (index + 1) * step));
}

function capacityOf(size: Capacity, instances: number): number {
  if (size.Type === 'INSTANCE_COUNT') return size.Value;
  return Math.max(1, Math.floor((instances * size.Value) / 100));
}
