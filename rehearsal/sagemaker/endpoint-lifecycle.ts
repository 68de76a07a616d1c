import { captureBuffer } from './capture.ts';
import { runDeployment } from './deployment.ts';
import { refuseBadDeployment } from './deployment-rules.ts';
import {
  announce,
  describeEndpoint,
  type Endpoint,
  type EndpointRequest,
  type Endpoints,
  type EndpointUpdate,
  enterStatus,
  findEndpoint,
  refuseInProgress,
  type WeightsUpdate,
} from './endpoint.ts';
import {
  type EndpointConfig,
  type EndpointConfigs,
  findEndpointConfig,
  type VariantConfig,
} from './endpoint-config.ts';
import { type Fleet, flushLogs, resizeVariant, startFleet, stopFleet } from './fleet.ts';
import type { Models } from './model.ts';
import type { ModelFolders } from './model-folder.ts';
import { arn } from './resource-arn.ts';
import { invalid } from './service-error.ts';
import { failureReason, inBackground, type World } from './world.ts';

/** What endpoints are made of. */
export interface EndpointStores {
  readonly endpoints: Endpoints;
  readonly configs: EndpointConfigs;
  readonly models: Models;
  readonly folders: ModelFolders;
}

/** Creates an endpoint: it is `Creating` on return, and `InService` or `Failed` later. */
export async function createEndpoint(
  world: World,
  stores: EndpointStores,
  request: EndpointRequest,
): Promise<Endpoint> {
  const name = request.EndpointName;
  if (stores.endpoints.has(name)) throw invalid(`Cannot create already existing endpoint "${arn('endpoint', name)}".`);
  const config = findEndpointConfig(stores.configs, request.EndpointConfigName);
  if (request.DeploymentConfig !== undefined)
    refuseBadDeployment(request.DeploymentConfig, instancesOf(config.variants));
  const now = world.control.now();
  const endpoint: Endpoint = {
    name,
    arn: arn('endpoint', name),
    created: now,
    modified: now,
    status: 'Creating',
    configName: config.name,
    failureReason: undefined,
    blue: undefined,
    green: undefined,
    greenShare: 0,
    greenDebt: 0,
    pending: undefined,
    lastDeploymentConfig: request.DeploymentConfig,
    capture: captureBuffer(world, name, () => flushFleets(endpoint)),
  };
  stores.endpoints.set(name, endpoint);
  await inBackground(world, `creation of endpoint ${name}`, async () => {
    await announce(world, endpoint, 'Endpoint');
    try {
      const fleet = await startFleet(world, stores.models, stores.folders, plan(name, config, config.variants));
      await world.control.sleep(world.settings.provision);
      endpoint.blue = fleet;
      await enterStatus(world, endpoint, 'InService');
    } catch (error) {
      endpoint.failureReason = failureReason(world, `creation of endpoint ${name}`, error);
      await world.control.sleep(world.settings.provision);
      await enterStatus(world, endpoint, 'Failed');
    }
  });
  return endpoint;
}

/** Starts a deployment onto another config. */
export async function updateEndpoint(world: World, stores: EndpointStores, update: EndpointUpdate): Promise<Endpoint> {
  const endpoint = findEndpoint(stores.endpoints, update.EndpointName);
  refuseInProgress(endpoint);
  const blue = endpoint.blue;
  if (endpoint.status !== 'InService' || blue === undefined)
    throw invalid(
      `Cannot update endpoint "${endpoint.arn}" in status ${endpoint.status}; only DeleteEndpoint is possible.`,
    );
  const config = findEndpointConfig(stores.configs, update.EndpointConfigName);
  const deployment =
    update.DeploymentConfig ?? (update.RetainDeploymentConfig ? endpoint.lastDeploymentConfig : undefined);
  const variants = config.variants.map((variant) => retained(variant, blue, update));
  if (deployment !== undefined) {
    refuseBadDeployment(deployment, instancesOf(variants));
    refuseOtherVariants(config, blue);
  }
  const now = world.control.now();
  const pending = {
    configName: config.name,
    started: now,
    variants,
    phase: { status: 'Creating', message: 'Creating new fleet', since: now },
    instances: 0,
  };
  endpoint.lastDeploymentConfig = deployment;
  endpoint.failureReason = undefined;
  endpoint.status = 'Updating';
  endpoint.modified = now;
  endpoint.pending = pending;
  const start = () => startFleet(world, stores.models, stores.folders, plan(endpoint.name, config, variants));
  await inBackground(world, `deployment of ${endpoint.name}`, () =>
    runDeployment(world, { endpoint, pending, config: deployment, start }),
  );
  return endpoint;
}

/** Starts a deletion; what was captured is written first. */
export async function deleteEndpoint(world: World, stores: EndpointStores, name: string): Promise<void> {
  const endpoint = findEndpoint(stores.endpoints, name);
  refuseInProgress(endpoint);
  endpoint.status = 'Deleting';
  await inBackground(world, `deletion of ${name}`, async () => {
    await announce(world, endpoint, 'Endpoint');
    await endpoint.capture.flush();
    if (endpoint.blue !== undefined) await stopFleet(endpoint.blue);
    await world.control.sleep(world.settings.deletion);
    stores.endpoints.delete(name);
  });
}

/** Changes weights and instance counts of the variants in service. */
export async function updateWeights(world: World, stores: EndpointStores, update: WeightsUpdate): Promise<Endpoint> {
  const endpoint = findEndpoint(stores.endpoints, update.EndpointName);
  refuseInProgress(endpoint);
  const { blue } = endpoint;
  if (blue === undefined) throw invalid(`Cannot update endpoint "${endpoint.arn}" in status ${endpoint.status}.`);
  const changes = update.DesiredWeightsAndCapacities.map((desired) => {
    const variant = blue.variants.find((candidate) => candidate.config.name === desired.VariantName);
    if (variant === undefined)
      throw invalid(
        `The variant name(s) "${desired.VariantName}" is/are not present within endpoint configuration "${endpoint.configName}".`,
      );
    return { variant, desired };
  });
  endpoint.status = 'Updating';
  await inBackground(world, `weights of ${endpoint.name}`, async () => {
    await announce(world, endpoint, 'Endpoint');
    await world.control.sleep(world.settings.provision);
    for (const { variant, desired } of changes) {
      variant.weight = desired.DesiredWeight ?? variant.weight;
      variant.instances = desired.DesiredInstanceCount ?? variant.instances;
      await resizeVariant(world, stores.folders, endpoint.name, variant).catch((error: unknown) => {
        endpoint.failureReason = failureReason(world, `weights of ${endpoint.name}`, error);
      });
    }
    await enterStatus(world, endpoint, 'InService');
  });
  return endpoint;
}

/** What DescribeEndpoint answers. */
export function describeNamed(stores: EndpointStores, name: string): Record<string, unknown> {
  return describeEndpoint(findEndpoint(stores.endpoints, name));
}

function plan(endpointName: string, config: EndpointConfig, variants: readonly VariantConfig[]) {
  return { endpointName, config, variants };
}

function instancesOf(variants: readonly VariantConfig[]): number {
  return Math.max(...variants.map((variant) => variant.instances));
}

/** A variant keeps count and weight of the one in service when the update asks for that. */
function retained(variant: VariantConfig, blue: Fleet, update: EndpointUpdate): VariantConfig {
  const serving = blue.variants.find((candidate) => candidate.config.name === variant.name);
  if (!update.RetainAllVariantProperties || serving === undefined) return variant;
  const excluded = update.ExcludeRetainedVariantProperties.map((property) => property.VariantPropertyType);
  return {
    ...variant,
    instances: excluded.includes('DesiredInstanceCount') ? variant.instances : serving.instances,
    weight: excluded.includes('DesiredWeight') ? variant.weight : serving.weight,
  };
}

function refuseOtherVariants(config: EndpointConfig, blue: Fleet): void {
  const [wanted, serving] = [config.variants, blue.variants.map((variant) => variant.config)].map((variants) =>
    variants.map((variant) => variant.name).toSorted(),
  );
  if (JSON.stringify(wanted) !== JSON.stringify(serving))
    throw invalid(
      `Deployment guardrails need the variant names of the endpoint in service (${serving?.join(', ')}); got ${wanted?.join(', ')}.`,
    );
}

async function flushFleets(endpoint: Endpoint): Promise<void> {
  for (const fleet of [endpoint.blue, endpoint.green]) if (fleet !== undefined) await flushLogs(fleet);
}
