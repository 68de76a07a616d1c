import { z } from 'zod';
import { findModel, type Models } from './model.ts';
import { arn } from './resource-arn.ts';
import { invalid } from './service-error.ts';
import { TagsSchema } from './tags.ts';
import type { World } from './world.ts';

export const VariantSchema = z.looseObject({
  VariantName: z.string(),
  ModelName: z.string().optional(),
  InstanceType: z.string().optional(),
  InitialInstanceCount: z.int().optional(),
  InitialVariantWeight: z.number().optional(),
  ServerlessConfig: z.unknown().optional(),
});

export const DataCaptureSchema = z.looseObject({
  EnableCapture: z.boolean().default(true),
  InitialSamplingPercentage: z.number(),
  DestinationS3Uri: z.string(),
  KmsKeyId: z.string().optional(),
  CaptureOptions: z.array(z.object({ CaptureMode: z.enum(['Input', 'Output', 'InputAndOutput']) })),
  CaptureContentTypeHeader: z
    .object({ CsvContentTypes: z.array(z.string()).default([]), JsonContentTypes: z.array(z.string()).default([]) })
    .optional(),
});
export type DataCapture = z.infer<typeof DataCaptureSchema>;

export const EndpointConfigRequestSchema = z.looseObject({
  EndpointConfigName: z.string(),
  ProductionVariants: z.array(VariantSchema).min(1),
  DataCaptureConfig: DataCaptureSchema.optional(),
  AsyncInferenceConfig: z.unknown().optional(),
  ShadowProductionVariants: z.array(z.unknown()).optional(),
  Tags: TagsSchema.optional(),
});
type EndpointConfigRequest = z.infer<typeof EndpointConfigRequestSchema>;

/** A variant of an endpoint config, as a fleet is made of it. */
export interface VariantConfig {
  readonly name: string;
  readonly modelName: string;
  readonly instances: number;
  readonly weight: number;
}

/** An endpoint config. */
export interface EndpointConfig {
  readonly request: EndpointConfigRequest;
  readonly name: string;
  readonly arn: string;
  readonly created: number;
  readonly variants: readonly VariantConfig[];
  readonly capture: DataCapture | undefined;
}

export type EndpointConfigs = Map<string, EndpointConfig>;

/** Makes an endpoint config, or refuses it: its models must exist. */
export function createEndpointConfig(
  world: World,
  configs: EndpointConfigs,
  models: Models,
  request: EndpointConfigRequest,
): EndpointConfig {
  const name = request.EndpointConfigName;
  const configArn = arn('endpoint-config', name);
  if (configs.has(name)) throw invalid(`Cannot create already existing endpoint configuration "${configArn}".`);
  if (request.AsyncInferenceConfig !== undefined || request.ShadowProductionVariants !== undefined)
    throw invalid(
      'The rehearsal serves realtime endpoints; AsyncInferenceConfig and ShadowProductionVariants run on AWS only.',
    );
  const variants = request.ProductionVariants.map((variant) => variantConfig(variant, models));
  if (new Set(variants.map((variant) => variant.name)).size < variants.length)
    throw invalid('Variant names must be unique within an endpoint configuration.');
  const config: EndpointConfig = {
    request,
    name,
    arn: configArn,
    created: world.control.now(),
    variants,
    capture: request.DataCaptureConfig,
  };
  configs.set(name, config);
  return config;
}

/** @throws ServiceError when there is no such config */
export function findEndpointConfig(configs: EndpointConfigs, name: string): EndpointConfig {
  const found = configs.get(name);
  if (found === undefined) throw invalid(`Could not find endpoint configuration "${arn('endpoint-config', name)}".`);
  return found;
}

/** What DescribeEndpointConfig answers. */
export function describeEndpointConfig(config: EndpointConfig): Record<string, unknown> {
  const { Tags: _tags, ...request } = config.request;
  return { ...request, EndpointConfigArn: config.arn, CreationTime: config.created };
}

function variantConfig(variant: z.infer<typeof VariantSchema>, models: Models): VariantConfig {
  if (variant.ServerlessConfig !== undefined || variant.ModelName === undefined)
    throw invalid(
      'The rehearsal serves variants with a model on instances; serverless ones and inference components run on AWS only.',
    );
  if (variant.InstanceType === undefined || variant.InitialInstanceCount === undefined)
    throw invalid(`Variant ${variant.VariantName} needs InstanceType and InitialInstanceCount.`);
  return {
    name: variant.VariantName,
    modelName: findModel(models, variant.ModelName).name,
    instances: variant.InitialInstanceCount,
    weight: variant.InitialVariantWeight ?? 1,
  };
}
