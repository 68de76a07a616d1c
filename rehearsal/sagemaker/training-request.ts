import { z } from 'zod';
import { S3DataSourceSchema } from './input-channel.ts';
import { TagsSchema } from './tags.ts';

/**
 * The members of `CreateTrainingJob` that the emulator acts upon; the front has checked the request against the service's model,
 * and what is not named here is kept and shown by Describe.
 */
export const ChannelSchema = z.looseObject({
  ChannelName: z.string(),
  ContentType: z.string().optional(),
  DataSource: z.looseObject({ S3DataSource: S3DataSourceSchema }),
});

const InstancePreferenceSchema = z.looseObject({ InstanceType: z.string(), InstanceCount: z.int().optional() });

export const ResourceConfigSchema = z.looseObject({
  InstanceType: z.string().optional(),
  InstanceCount: z.int().optional(),
  InstancePreferences: z.array(InstancePreferenceSchema).optional(),
  InstanceGroups: z.array(z.unknown()).optional(),
});
export type ResourceConfig = z.infer<typeof ResourceConfigSchema>;

export const StoppingConditionSchema = z.looseObject({
  MaxRuntimeInSeconds: z.int().optional(),
  MaxWaitTimeInSeconds: z.int().optional(),
});

const AlgorithmSchema = z.looseObject({
  TrainingImage: z.string().optional(),
  MetricDefinitions: z.array(z.object({ Name: z.string(), Regex: z.string() })).optional(),
});

/** What a training job and the training jobs of a tuning job have in common. */
const trainingMembers = {
  AlgorithmSpecification: AlgorithmSchema,
  RoleArn: z.string(),
  InputDataConfig: z.array(ChannelSchema).optional(),
  OutputDataConfig: z.looseObject({ S3OutputPath: z.string(), KmsKeyId: z.string().optional() }),
  ResourceConfig: ResourceConfigSchema,
  StoppingCondition: StoppingConditionSchema.optional(),
  CheckpointConfig: z.looseObject({ S3Uri: z.string() }).optional(),
  EnableManagedSpotTraining: z.boolean().optional(),
  EnableNetworkIsolation: z.boolean().optional(),
  Environment: z.record(z.string(), z.string()).optional(),
};

export const TrainingRequestSchema = z.looseObject({
  TrainingJobName: z.string(),
  HyperParameters: z.record(z.string(), z.string()).optional(),
  Tags: TagsSchema.optional(),
  ...trainingMembers,
});
export type TrainingRequest = z.infer<typeof TrainingRequestSchema>;

export const TrainingDefinitionSchema = z.looseObject({
  StaticHyperParameters: z.record(z.string(), z.string()).optional(),
  ...trainingMembers,
});
