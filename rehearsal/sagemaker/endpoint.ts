import { z } from 'zod';
import type { CaptureBuffer } from './capture.ts';
import { type DeploymentConfig, DeploymentConfigSchema } from './deployment-rules.ts';
import type { VariantConfig } from './endpoint-config.ts';
import type { Fleet } from './fleet.ts';
import { imageDigest } from './ready-made-image.ts';
import { arn } from './resource-arn.ts';
import { invalid } from './service-error.ts';
import { eventCasing, milliseconds } from './state-change.ts';
import { TagsSchema } from './tags.ts';
import type { World } from './world.ts';

export const EndpointRequestSchema = z.looseObject({
  EndpointName: z.string(),
  EndpointConfigName: z.string(),
  DeploymentConfig: DeploymentConfigSchema.optional(),
  Tags: TagsSchema.optional(),
});
export type EndpointRequest = z.infer<typeof EndpointRequestSchema>;

export const EndpointUpdateSchema = z.looseObject({
  EndpointName: z.string(),
  EndpointConfigName: z.string(),
  DeploymentConfig: DeploymentConfigSchema.optional(),
  RetainDeploymentConfig: z.boolean().default(false),
  RetainAllVariantProperties: z.boolean().default(false),
  ExcludeRetainedVariantProperties: z.array(z.object({ VariantPropertyType: z.string() })).default([]),
});
export type EndpointUpdate = z.infer<typeof EndpointUpdateSchema>;

export const WeightsUpdateSchema = z.looseObject({
  EndpointName: z.string(),
  DesiredWeightsAndCapacities: z.array(
    z.looseObject({
      VariantName: z.string(),
      DesiredWeight: z.number().optional(),
      DesiredInstanceCount: z.int().optional(),
    }),
  ),
});
export type WeightsUpdate = z.infer<typeof WeightsUpdateSchema>;

const IN_PROGRESS = ['Creating', 'Updating', 'SystemUpdating', 'RollingBack', 'Deleting'] as const;
export type EndpointStatus = (typeof IN_PROGRESS)[number] | 'InService' | 'Failed';

/** What a deployment under way shows of itself. */
export interface PendingDeployment {
  readonly configName: string;
  readonly started: number;
  readonly variants: readonly VariantConfig[];
  phase: { readonly status: string; readonly message: string; readonly since: number };
  instances: number;
}

/** An endpoint; times are virtual seconds since 1970. */
export interface Endpoint {
  readonly name: string;
  readonly arn: string;
  readonly created: number;
  modified: number;
  status: EndpointStatus;
  /** The config in service, or the one of the first creation. */
  configName: string;
  failureReason: string | undefined;
  /** The fleet in service; none before the first creation succeeded. */
  blue: Fleet | undefined;
  /** The fleet that a deployment moves traffic to, and its share of the requests, 0–1. */
  green: Fleet | undefined;
  greenShare: number;
  /** Share of requests owed to the green fleet: at 1 the next is its. */
  greenDebt: number;
  pending: PendingDeployment | undefined;
  lastDeploymentConfig: DeploymentConfig | undefined;
  readonly capture: CaptureBuffer;
}

export type Endpoints = Map<string, Endpoint>;

/** @throws ServiceError when there is no such endpoint */
export function findEndpoint(endpoints: Endpoints, name: string): Endpoint {
  const found = endpoints.get(name);
  if (found === undefined) throw invalid(`Could not find endpoint "${arn('endpoint', name)}".`);
  return found;
}

/** @throws ServiceError while the endpoint is being created, updated or deleted */
export function refuseInProgress(endpoint: Endpoint): void {
  if (IN_PROGRESS.some((status) => status === endpoint.status))
    throw invalid(`Cannot update in-progress endpoint "${endpoint.arn}".`);
}

/** What DescribeEndpoint answers. */
export function describeEndpoint(endpoint: Endpoint): Record<string, unknown> {
  const capture = endpoint.blue?.config.capture;
  return {
    EndpointName: endpoint.name,
    EndpointArn: endpoint.arn,
    EndpointConfigName: endpoint.configName,
    EndpointStatus: endpoint.status,
    FailureReason: endpoint.failureReason,
    CreationTime: endpoint.created,
    LastModifiedTime: endpoint.modified,
    LastDeploymentConfig: endpoint.lastDeploymentConfig,
    ProductionVariants: variantsOf(endpoint),
    PendingDeploymentSummary: describePending(endpoint, (seconds) => seconds),
    DataCaptureConfig: capture && {
      EnableCapture: capture.EnableCapture,
      CaptureStatus: capture.EnableCapture ? 'Started' : 'Stopped',
      CurrentSamplingPercentage: capture.InitialSamplingPercentage,
      DestinationS3Uri: capture.DestinationS3Uri,
      KmsKeyId: capture.KmsKeyId ?? '',
    },
  };
}

/** Changes an endpoint's status and announces it. */
export async function enterStatus(world: World, endpoint: Endpoint, status: EndpointStatus): Promise<void> {
  endpoint.status = status;
  endpoint.modified = world.control.now();
  await announce(world, endpoint, 'Endpoint');
}

/** Announces an endpoint, in the casing of events. */
export async function announce(
  world: World,
  endpoint: Endpoint,
  kind: 'Endpoint' | 'Endpoint Deployment',
): Promise<void> {
  await world.control.event({
    type: `SageMaker ${kind} State Change`,
    resources: [endpoint.arn],
    detail: {
      EndpointName: endpoint.name,
      EndpointArn: endpoint.arn,
      EndpointConfigName: endpoint.configName,
      EndpointStatus: eventCasing(endpoint.status),
      FailureReason: endpoint.failureReason,
      CreationTime: milliseconds(endpoint.created),
      LastModifiedTime: milliseconds(endpoint.modified),
      ProductionVariants: variantsOf(endpoint),
      PendingDeploymentSummary: describePending(endpoint, milliseconds),
      Tags: {},
    },
  });
}

function variantsOf(endpoint: Endpoint) {
  return endpoint.blue?.variants.map((variant) => ({
    VariantName: variant.config.name,
    DeployedImages: [
      {
        SpecifiedImage: variant.model.image,
        ResolvedImage: `${variant.model.image.split(':')[0]}@${imageDigest(variant.model.image)}`,
      },
    ],
    CurrentWeight: variant.weight,
    DesiredWeight: variant.weight,
    CurrentInstanceCount: variant.instances,
    DesiredInstanceCount: variant.instances,
  }));
}

function describePending(endpoint: Endpoint, time: (seconds: number) => number | undefined) {
  const { pending } = endpoint;
  if (pending === undefined) return undefined;
  return {
    EndpointConfigName: pending.configName,
    StartTime: time(pending.started),
    ProductionVariants: pending.variants.map((variant) => ({
      VariantName: variant.name,
      CurrentInstanceCount: pending.instances,
      DesiredInstanceCount: variant.instances,
      VariantStatus: [
        { Status: pending.phase.status, StatusMessage: pending.phase.message, StartTime: time(pending.phase.since) },
      ],
    })),
  };
}
