import { z } from 'zod';
import { type Container, ContainerSchema } from './container-definition.ts';
import { imageDigest } from './ready-made-image.ts';
import { arn, nameOf } from './resource-arn.ts';
import { conflict, invalid } from './service-error.ts';
import { milliseconds } from './state-change.ts';
import { TagsSchema } from './tags.ts';
import type { World } from './world.ts';

const ApprovalSchema = z.enum(['Approved', 'Rejected', 'PendingManualApproval']);
const MetadataSchema = z.record(z.string(), z.string());

export const PackageGroupRequestSchema = z.looseObject({
  ModelPackageGroupName: z.string(),
  ModelPackageGroupDescription: z.string().optional(),
  Tags: TagsSchema.optional(),
});
type PackageGroupRequest = z.infer<typeof PackageGroupRequestSchema>;

export const PackageRequestSchema = z.looseObject({
  ModelPackageGroupName: z.string().optional(),
  ModelApprovalStatus: ApprovalSchema.optional(),
  InferenceSpecification: z.looseObject({ Containers: z.array(ContainerSchema).optional() }).optional(),
  CustomerMetadataProperties: MetadataSchema.optional(),
  ModelLifeCycle: z.looseObject({}).optional(),
  Tags: TagsSchema.optional(),
  ClientToken: z.string().optional(),
});
type PackageRequest = z.infer<typeof PackageRequestSchema>;

export const PackageUpdateSchema = z.looseObject({
  ModelPackageArn: z.string(),
  ModelApprovalStatus: ApprovalSchema.optional(),
  CustomerMetadataProperties: MetadataSchema.optional(),
  CustomerMetadataPropertiesToRemove: z.array(z.string()).optional(),
  InferenceSpecification: PackageRequestSchema.shape.InferenceSpecification,
  ModelLifeCycle: PackageRequestSchema.shape.ModelLifeCycle,
  ClientToken: z.string().optional(),
});
type PackageUpdate = z.infer<typeof PackageUpdateSchema>;

interface PackageGroup {
  readonly request: PackageGroupRequest;
  readonly name: string;
  readonly arn: string;
  readonly created: number;
  /** Version of the newest package; a deleted package's number is never used again. */
  newest: number;
}

/** A versioned model package. */
export interface ModelPackage {
  request: PackageRequest;
  readonly arn: string;
  readonly group: string;
  readonly version: number;
  readonly created: number;
  modified: number;
  readonly creator: string | undefined;
  modifier: string | undefined;
  approval: z.infer<typeof ApprovalSchema>;
}

/** The model registry: groups and their versioned packages. */
export interface Registry {
  createGroup(request: PackageGroupRequest): PackageGroup;
  findGroup(arnOrName: string): PackageGroup;
  deleteGroup(arnOrName: string): void;
  groups(): readonly PackageGroup[];
  /** `caller` is kept as who made it, and of a change as who changed it. */
  create(request: PackageRequest, caller?: string): Promise<ModelPackage>;
  /** By ARN, or `group/version`. */
  find(arnOrName: string): ModelPackage;
  update(request: PackageUpdate, caller?: string): Promise<ModelPackage>;
  delete(arnOrName: string): void;
  packages(): readonly ModelPackage[];
}

export function modelRegistry(world: World): Registry {
  const groups = new Map<string, PackageGroup>();
  const packages = new Map<string, ModelPackage>();

  const findGroup = (arnOrName: string) => {
    const found = groups.get(nameOf(arnOrName));
    if (found === undefined)
      throw invalid(`ModelPackageGroup ${arn('model-package-group', nameOf(arnOrName))} does not exist.`);
    return found;
  };
  const find = (arnOrName: string) => {
    const key = arnOrName.startsWith('arn:') ? arnOrName : arn('model-package', arnOrName);
    const found = packages.get(key);
    if (found === undefined) throw invalid(`ModelPackage ${key} does not exist.`);
    return found;
  };

  return {
    createGroup: (request) => {
      const name = request.ModelPackageGroupName;
      const groupArn = arn('model-package-group', name);
      if (groups.has(name)) throw invalid(`Model Package Group already exists: ${groupArn}`);
      const group = { request, name, arn: groupArn, created: world.control.now(), newest: 0 };
      groups.set(name, group);
      return group;
    },
    findGroup,
    deleteGroup: (arnOrName) => {
      const { name } = findGroup(arnOrName);
      if ([...packages.values()].some((entry) => entry.group === name))
        throw conflict(`ModelPackageGroup ${name} cannot be deleted: it still has model packages; delete them first.`);
      groups.delete(name);
    },
    groups: () => [...groups.values()],
    create: async (request, caller) => {
      if (request.ModelPackageGroupName === undefined)
        throw invalid('The rehearsal keeps versioned model packages only; give ModelPackageGroupName.');
      const group = findGroup(request.ModelPackageGroupName);
      group.newest += 1;
      const now = world.control.now();
      const made: ModelPackage = {
        request,
        arn: arn('model-package', `${group.name}/${group.newest}`),
        group: group.name,
        version: group.newest,
        created: now,
        modified: now,
        creator: caller,
        modifier: caller,
        approval: request.ModelApprovalStatus ?? 'PendingManualApproval',
      };
      packages.set(made.arn, made);
      await announce(world, made);
      return made;
    },
    find,
    update: async (request, caller) => {
      const found = find(request.ModelPackageArn);
      found.request = applied(found.request, request);
      found.approval = request.ModelApprovalStatus ?? found.approval;
      found.modified = world.control.now();
      found.modifier = caller;
      await announce(world, found, changedFields(request));
      return found;
    },
    delete: (arnOrName) => void packages.delete(find(arnOrName).arn),
    packages: () => [...packages.values()],
  };
}

/** What DescribeModelPackage answers. */
export function describePackage(found: ModelPackage): Record<string, unknown> {
  const { Tags: _tags, ClientToken: _token, InferenceSpecification: inference, ...request } = found.request;
  return {
    ...request,
    InferenceSpecification: inference && { ...inference, Containers: inference.Containers?.map(withDigest) },
    ModelPackageName: found.group,
    ModelPackageGroupName: found.group,
    ModelPackageVersion: found.version,
    ModelPackageArn: found.arn,
    ModelPackageStatus: 'Completed',
    ModelPackageStatusDetails: { ValidationStatuses: [], ImageScanStatuses: [] },
    ModelApprovalStatus: found.approval,
    CreationTime: found.created,
    LastModifiedTime: found.modified,
    CreatedBy: identity(found.creator),
    LastModifiedBy: identity(found.modifier),
  };
}

const identity = (caller: string | undefined) => (caller === undefined ? {} : { IamIdentity: { Arn: caller } });

/** A container as SageMaker tells it: with what the image's tag stood for. */
const withDigest = (container: Container) => ({
  ...container,
  ...(container.Image === undefined ? {} : { ImageDigest: imageDigest(container.Image) }),
});

/** What DescribeModelPackageGroup answers. */
export function describeGroup(group: PackageGroup): Record<string, unknown> {
  return {
    ModelPackageGroupName: group.name,
    ModelPackageGroupArn: group.arn,
    ModelPackageGroupDescription: group.request.ModelPackageGroupDescription,
    ModelPackageGroupStatus: 'Completed',
    CreationTime: group.created,
    CreatedBy: {},
  };
}

function applied(before: PackageRequest, update: PackageUpdate): PackageRequest {
  const {
    ModelPackageArn: _arn,
    CustomerMetadataProperties,
    CustomerMetadataPropertiesToRemove = [],
    ...others
  } = update;
  const metadata = { ...before.CustomerMetadataProperties, ...CustomerMetadataProperties };
  for (const key of CustomerMetadataPropertiesToRemove) delete metadata[key];
  return { ...before, ...others, CustomerMetadataProperties: metadata };
}

function changedFields(update: PackageUpdate): readonly string[] {
  return Object.keys(update)
    .filter((name) => name !== 'ModelPackageArn' && name !== 'ClientToken')
    .toSorted();
}

/** Every edit of an Approved package is announced with `ModelApprovalStatus: Approved` again, as the service does. */
async function announce(world: World, found: ModelPackage, changed?: readonly string[]): Promise<void> {
  const shown = describePackage(found);
  await world.control.event({
    type: 'SageMaker Model Package State Change',
    resources: [found.arn],
    detail: {
      ModelPackageGroupName: found.group,
      ModelPackageVersion: found.version,
      ModelPackageArn: found.arn,
      CreationTime: milliseconds(found.created),
      LastModifiedTime: milliseconds(found.modified),
      ModelPackageStatus: 'Completed',
      ModelApprovalStatus: found.approval,
      ModelLifeCycle: shown.ModelLifeCycle,
      ApprovalDescription: shown.ApprovalDescription,
      InferenceSpecification: shown.InferenceSpecification,
      CustomerMetadataProperties: shown.CustomerMetadataProperties,
      Tags: {},
      ...(changed === undefined ? {} : { UpdatedModelPackageFields: changed }),
    },
  });
}
