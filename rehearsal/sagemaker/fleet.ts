import { randomBytes } from 'node:crypto';
import { containerLog } from './container-log.ts';
import type { EndpointConfig, VariantConfig } from './endpoint-config.ts';
import type { Model, Models } from './model.ts';
import type { ModelFolders } from './model-folder.ts';
import { JobFailure } from './service-error.ts';
import { type ServingProcess, startServing } from './serving-process.ts';
import { report, type World } from './world.ts';

/** The instances of one variant: a few processes for any number of instances. */
export interface VariantFleet {
  readonly config: VariantConfig;
  readonly model: Model;
  readonly processes: ServingProcess[];
  instances: number;
  weight: number;
  /** Requests so far; they go to the processes in turn. */
  turn: number;
}

/** All that serves one endpoint config of one endpoint. */
export interface Fleet {
  readonly config: EndpointConfig;
  readonly variants: readonly VariantFleet[];
  /** The role that writes logs and captured requests, and looks at the alarms. */
  readonly role: string;
  /** Requests under way. */
  inFlight: number;
}

export interface FleetPlan {
  readonly endpointName: string;
  readonly config: EndpointConfig;
  /** Counts and weights in place of the config's, where variants keep theirs. */
  readonly variants: readonly VariantConfig[];
}

/** Starts every process of a fleet and waits for all. @throws JobFailure when one cannot serve; none is left then */
export async function startFleet(world: World, models: Models, folders: ModelFolders, plan: FleetPlan): Promise<Fleet> {
  const variants = plan.variants.map((config): VariantFleet => {
    const model = models.get(config.modelName);
    if (model === undefined) throw new JobFailure(`Could not find model "${config.modelName}"`);
    return { config, model, processes: [], instances: config.instances, weight: config.weight, turn: 0 };
  });
  const [first] = variants;
  if (first === undefined) throw new JobFailure(`endpoint config ${plan.config.name} has no variant`);
  const fleet: Fleet = { config: plan.config, variants, role: first.model.role, inFlight: 0 };
  const started = await Promise.allSettled(
    variants.map((variant) => resizeVariant(world, folders, plan.endpointName, variant)),
  );
  const failed = started.find((result) => result.status === 'rejected');
  if (failed === undefined) return fleet;
  await stopFleet(fleet);
  throw failed.reason;
}

/** Starts or ends processes until the variant has as many as its instances ask for. */
export async function resizeVariant(
  world: World,
  folders: ModelFolders,
  endpointName: string,
  variant: VariantFleet,
): Promise<void> {
  const wanted = Math.min(variant.instances, world.settings.processesPerVariant);
  const surplus = variant.processes.splice(wanted);
  await Promise.all(surplus.map((process) => process.stop()));
  const folder = await folders.of(variant.model);
  const started = await Promise.allSettled(
    Array.from({ length: wanted - variant.processes.length }, () =>
      startServing(world, {
        model: variant.model,
        folder,
        variables: {},
        log: containerLog(
          world,
          `/aws/sagemaker/Endpoints/${endpointName}`,
          `${variant.config.name}/i-${randomBytes(8).toString('hex')}`,
          variant.model.role,
        ),
        onDeath: (reason) => report(world, `endpoint ${endpointName}`, reason),
      }),
    ),
  );
  for (const result of started) if (result.status === 'fulfilled') variant.processes.push(result.value);
  const failed = started.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** Ends every process of a fleet. */
export async function stopFleet(fleet: Fleet): Promise<void> {
  await Promise.all(fleet.variants.flatMap((variant) => variant.processes.map((process) => process.stop())));
}

const DRAIN_POLL_MILLISECONDS = 5;
const DRAIN_POLLS = 2000;

/** Lets requests under way finish, then ends the fleet. */
export async function drainFleet(fleet: Fleet): Promise<void> {
  for (let polls = 0; fleet.inFlight > 0 && polls < DRAIN_POLLS; polls++)
    await new Promise((resolve) => setTimeout(resolve, DRAIN_POLL_MILLISECONDS));
  await stopFleet(fleet);
}

/** Writes what the fleet's containers printed, when it is due. */
export async function flushLogs(fleet: Fleet): Promise<void> {
  for (const variant of fleet.variants) for (const process of variant.processes) await process.log.flushWhenDue();
}

/** The next process of a variant, in turn; one that is being started again is passed over while another serves. */
export function nextProcess(variant: VariantFleet): ServingProcess | undefined {
  const alive = variant.processes.filter((process) => process.alive());
  const candidates = alive.length > 0 ? alive : variant.processes;
  variant.turn += 1;
  return candidates[variant.turn % candidates.length];
}
