import { z } from 'zod';
import { type Container, ContainerSchema } from './container-definition.ts';
import { ObjectRefused } from './object-store.ts';
import { readyMadeImage } from './ready-made-image.ts';
import type { ModelPackage, Registry } from './registry.ts';
import { arn } from './resource-arn.ts';
import { invalid } from './service-error.ts';
import { TagsSchema } from './tags.ts';
import type { World } from './world.ts';

export const ModelRequestSchema = z.looseObject({
  ModelName: z.string(),
  ExecutionRoleArn: z.string().optional(),
  PrimaryContainer: ContainerSchema.optional(),
  Containers: z.array(ContainerSchema).optional(),
  EnableNetworkIsolation: z.boolean().optional(),
  Tags: TagsSchema.optional(),
});
type ModelRequest = z.infer<typeof ModelRequestSchema>;

/** A model that can be served: what its package or container says, resolved. */
export interface Model {
  readonly request: ModelRequest;
  readonly name: string;
  readonly arn: string;
  readonly created: number;
  readonly role: string;
  readonly image: string;
  readonly modelDataUrl: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly isolated: boolean;
}

export type Models = Map<string, Model>;

/** Makes a model, or refuses it: its data must exist, and its role must be able to read it. */
export async function createModel(
  world: World,
  models: Models,
  registry: Registry,
  request: ModelRequest,
): Promise<Model> {
  const modelArn = arn('model', request.ModelName);
  if (models.has(request.ModelName)) throw invalid(`Cannot create already existing model "${modelArn}".`);
  const role = request.ExecutionRoleArn;
  if (role === undefined)
    throw invalid('ExecutionRoleArn is required: the role reads the model data and writes its logs.');
  const container = resolveContainer(onlyContainer(request), registry);
  const image = readyMadeImage(container.Image, 'PrimaryContainer.Image');
  if (container.ModelDataUrl === undefined)
    throw invalid('ModelDataUrl is required: the rehearsal serves models from a model.tar.gz.');
  await readable(world, role, container.ModelDataUrl);
  const model: Model = {
    request,
    name: request.ModelName,
    arn: modelArn,
    created: world.control.now(),
    role,
    image,
    modelDataUrl: container.ModelDataUrl,
    environment: container.Environment ?? {},
    isolated: request.EnableNetworkIsolation === true,
  };
  models.set(model.name, model);
  return model;
}

/** @throws ServiceError when there is no such model */
export function findModel(models: Models, name: string): Model {
  const found = models.get(name);
  if (found === undefined) throw invalid(`Could not find model "${arn('model', name)}".`);
  return found;
}

/** What DescribeModel answers. */
export function describeModel(model: Model): Record<string, unknown> {
  const { Tags: _tags, ...request } = model.request;
  return { ...request, ModelArn: model.arn, CreationTime: model.created, EnableNetworkIsolation: model.isolated };
}

function onlyContainer(request: ModelRequest): Container {
  const containers = request.PrimaryContainer === undefined ? (request.Containers ?? []) : [request.PrimaryContainer];
  const [first, second] = containers;
  if (first === undefined) throw invalid('One of PrimaryContainer or Containers must be provided.');
  if (second !== undefined)
    throw invalid('The rehearsal serves one container a model; pipelines of containers run on AWS only.');
  return first;
}

function resolveContainer(container: Container, registry: Registry): Container {
  if (container.ModelPackageName === undefined) return container;
  const found = registry.find(container.ModelPackageName);
  const inference = servedBy(found);
  return {
    ...container,
    Image: inference.Image,
    ModelDataUrl: inference.ModelDataUrl,
    Environment: { ...inference.Environment, ...container.Environment },
  };
}

function servedBy(found: ModelPackage): Container {
  if (found.approval !== 'Approved')
    throw invalid(`Model package ${found.arn} is ${found.approval}; only an Approved one can become a model.`);
  const [container] = found.request.InferenceSpecification?.Containers ?? [];
  if (container === undefined) throw invalid(`Model package ${found.arn} has no inference specification.`);
  return container;
}

async function readable(world: World, role: string, url: string): Promise<void> {
  try {
    const actions = await world.actAs(role, 'SageMaker');
    await actions.objects.identity(url);
  } catch (error) {
    if (error instanceof ObjectRefused && error.reason === 'NotFound')
      throw invalid(`Could not find model data at ${url}.`);
    throw invalid(
      `Could not access model data at ${url}. Please ensure that the role "${role}" exists and that its trust relationship policy ` +
        'allows the action "sts:AssumeRole" for the service principal "sagemaker.amazonaws.com". Also ensure that the role has ' +
        `"s3:GetObject" permissions and that the object is located in us-east-1. (${error instanceof Error ? error.message : String(error)})`,
    );
  }
}
