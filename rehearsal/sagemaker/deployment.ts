import { type DeploymentConfig, type DeploymentStep, deploymentSteps } from './deployment-rules.ts';
import { announce, type Endpoint, enterStatus, type PendingDeployment } from './endpoint.ts';
import { drainFleet, type Fleet } from './fleet.ts';
import { JobFailure } from './service-error.ts';
import { failureReason, type World } from './world.ts';

/** The service's own limit for a deployment without one. */
const LONGEST_DEPLOYMENT_SECONDS = 28_800;

export interface Deployment {
  readonly endpoint: Endpoint;
  readonly pending: PendingDeployment;
  readonly config: DeploymentConfig | undefined;
  /** Starts the new fleet. */
  readonly start: () => Promise<Fleet>;
}

/**
 * Moves an endpoint to a new fleet, watched by the alarms of its deployment config. Whatever happens the endpoint ends `InService`:
 * on the new config, or on the old one with the reason in `FailureReason`. The caller holds a token of the clock.
 */
export async function runDeployment(world: World, deployment: Deployment): Promise<void> {
  const { endpoint } = deployment;
  const old = endpoint.blue;
  await announce(world, endpoint, 'Endpoint');
  try {
    await enterPhase(world, deployment, 'Creating', 'Creating new fleet', 0);
    const green = await deployment.start();
    endpoint.green = green;
    await world.control.sleep(world.settings.provision);
    await shiftTraffic(world, deployment, green);
    await enterPhase(world, deployment, 'Deleting', 'Terminating old fleet', deployment.pending.instances);
    endpoint.blue = green;
    endpoint.configName = green.config.name;
    turnTraffic(endpoint, undefined, 0);
    if (old !== undefined) await drainFleet(old);
  } catch (error) {
    const green = endpoint.green;
    endpoint.failureReason = failureReason(world, `deployment of ${endpoint.name}`, error);
    turnTraffic(endpoint, undefined, 0);
    if (green !== undefined) await drainFleet(green);
  }
  endpoint.pending = undefined;
  await enterStatus(world, endpoint, 'InService');
  await announce(world, endpoint, 'Endpoint Deployment');
}

async function shiftTraffic(world: World, deployment: Deployment, green: Fleet): Promise<void> {
  const { endpoint, config, pending } = deployment;
  const instances = Math.max(...pending.variants.map((variant) => variant.instances));
  const policy = config?.BlueGreenUpdatePolicy ?? config?.RollingUpdatePolicy;
  const watched: Watch = {
    alarms: (config?.AutoRollbackConfiguration?.Alarms ?? []).map((alarm) => alarm.AlarmName),
    role: green.role,
    endpointName: endpoint.name,
    deadline: pending.started + (policy?.MaximumExecutionTimeoutInSeconds ?? LONGEST_DEPLOYMENT_SECONDS),
  };
  for (const step of deploymentSteps(config, instances)) {
    const message = `Turning on traffic on ${step.instances} instance(s)`;
    await enterPhase(world, deployment, 'ActivatingTraffic', message, step.instances);
    turnTraffic(endpoint, green, step.instances / instances);
    if (step.waitSeconds === 0) continue;
    await enterPhase(world, deployment, 'Baking', bakingMessage(step), step.instances);
    await bake(world, watched, step.waitSeconds);
  }
}

interface Watch {
  readonly alarms: readonly string[];
  readonly role: string;
  readonly endpointName: string;
  readonly deadline: number;
}

/** Waits and looks at the alarms, the first time at once: an alarm that already stands rolls back too. */
async function bake(world: World, watch: Watch, seconds: number): Promise<void> {
  const { control, settings } = world;
  const until = Math.min(control.now() + seconds, watch.deadline);
  for (;;) {
    await refuseStandingAlarms(world, watch);
    if (control.now() >= watch.deadline)
      throw new JobFailure(
        'The deployment did not finish within MaximumExecutionTimeoutInSeconds and was rolled back.',
      );
    const left = until - control.now();
    // The clock is a float: less than a millisecond is none.
    if (left < 0.001) return;
    await control.sleep(Math.min(settings.alarmPoll, left));
  }
}

async function refuseStandingAlarms(world: World, watch: Watch): Promise<void> {
  if (watch.alarms.length === 0) return;
  const actions = await world.actAs(watch.role, 'SageMaker');
  const standing = await actions.alarmsInAlarm(watch.alarms);
  if (standing.length > 0)
    throw new JobFailure(
      `One or more configured alarm(s) in your deployment configuration have gone into ALARM state: ${standing.join(', ')}. The deployment was rolled back.`,
    );
}

function turnTraffic(endpoint: Endpoint, green: Fleet | undefined, share: number): void {
  endpoint.green = green;
  endpoint.greenShare = share;
  endpoint.greenDebt = 0;
}

async function enterPhase(
  world: World,
  deployment: Deployment,
  status: string,
  message: string,
  instances: number,
): Promise<void> {
  const { endpoint, pending } = deployment;
  pending.phase = { status, message, since: world.control.now() };
  pending.instances = instances;
  endpoint.modified = world.control.now();
  await announce(world, endpoint, 'Endpoint Deployment');
}

function bakingMessage(step: DeploymentStep): string {
  return `Baking for ${step.waitSeconds} seconds (${step.wait}) with traffic enabled on ${step.capacity} capacity of ${step.instances} instance(s).`;
}
