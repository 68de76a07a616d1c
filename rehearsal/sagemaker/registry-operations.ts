import { z } from 'zod';
import { ListRequestSchema, listPage } from './listing.ts';
import { type Operations, operation } from './operation.ts';
import {
  describeGroup,
  describePackage,
  type ModelPackage,
  PackageGroupRequestSchema,
  PackageRequestSchema,
  PackageUpdateSchema,
} from './registry.ts';
import { nameOf } from './resource-arn.ts';
import type { Stores } from './stores.ts';
import { TagsSchema } from './tags.ts';

const GroupNameSchema = z.looseObject({ ModelPackageGroupName: z.string() });
const PackageNameSchema = z.looseObject({ ModelPackageName: z.string() });
const PackageListSchema = ListRequestSchema.extend({
  ModelPackageGroupName: z.string().optional(),
  ModelApprovalStatus: z.string().optional(),
});
const ResourceSchema = z.looseObject({ ResourceArn: z.string() });

/** Operations on the model registry and on tags. */
export function registryOperations(stores: Stores): Operations {
  return { ...groupOperations(stores), ...packageOperations(stores), ...tagOperations(stores) };
}

function groupOperations({ registry, tags }: Stores): Operations {
  return {
    CreateModelPackageGroup: operation(PackageGroupRequestSchema, (request) => {
      const group = registry.createGroup(request);
      tags.add(group.arn, request.Tags);
      return { ModelPackageGroupArn: group.arn };
    }),
    DescribeModelPackageGroup: operation(GroupNameSchema, (request) =>
      describeGroup(registry.findGroup(request.ModelPackageGroupName)),
    ),
    DeleteModelPackageGroup: operation(GroupNameSchema, (request) => {
      registry.deleteGroup(request.ModelPackageGroupName);
      return {};
    }),
    ListModelPackageGroups: operation(ListRequestSchema, (request) => {
      const listed = registry.groups().map((group) => ({
        name: group.name,
        created: group.created,
        summary: {
          ModelPackageGroupName: group.name,
          ModelPackageGroupArn: group.arn,
          CreationTime: group.created,
          ModelPackageGroupStatus: 'Completed',
        },
      }));
      return listPage('ModelPackageGroupSummaryList', listed, request);
    }),
  };
}

function packageOperations({ registry, tags }: Stores): Operations {
  return {
    CreateModelPackage: operation(PackageRequestSchema, async (request, caller) => {
      const made = await registry.create(request, caller);
      tags.add(made.arn, request.Tags);
      return { ModelPackageArn: made.arn };
    }),
    DescribeModelPackage: operation(PackageNameSchema, (request) =>
      describePackage(registry.find(request.ModelPackageName)),
    ),
    UpdateModelPackage: operation(PackageUpdateSchema, async (request, caller) => ({
      ModelPackageArn: (await registry.update(request, caller)).arn,
    })),
    DeleteModelPackage: operation(PackageNameSchema, (request) => {
      registry.delete(request.ModelPackageName);
      return {};
    }),
    ListModelPackages: operation(PackageListSchema, (request) => {
      const { ModelPackageGroupName: group, ModelApprovalStatus: approval } = request;
      const listed = registry
        .packages()
        .filter((found) => group === undefined || found.group === nameOf(group))
        .filter((found) => approval === undefined || found.approval === approval)
        .map((found) => ({ name: found.group, created: found.created, summary: packageSummary(found) }));
      return listPage('ModelPackageSummaryList', listed, request);
    }),
  };
}

function tagOperations({ tags }: Stores): Operations {
  return {
    AddTags: operation(ResourceSchema.extend({ Tags: TagsSchema }), (request) => {
      tags.add(request.ResourceArn, request.Tags);
      return { Tags: tags.of(request.ResourceArn) };
    }),
    ListTags: operation(ResourceSchema, (request) => ({ Tags: tags.of(request.ResourceArn) })),
    DeleteTags: operation(ResourceSchema.extend({ TagKeys: z.array(z.string()) }), (request) => {
      tags.remove(request.ResourceArn, request.TagKeys);
      return {};
    }),
  };
}

function packageSummary(found: ModelPackage): Record<string, unknown> {
  return {
    ModelPackageName: found.group,
    ModelPackageGroupName: found.group,
    ModelPackageVersion: found.version,
    ModelPackageArn: found.arn,
    ModelPackageDescription: describePackage(found).ModelPackageDescription,
    CreationTime: found.created,
    ModelPackageStatus: 'Completed',
    ModelApprovalStatus: found.approval,
  };
}
