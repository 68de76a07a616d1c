import {
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  DeleteModelCommand,
  DeleteModelPackageCommand,
  DescribeEndpointCommand,
  paginateListEndpointConfigs,
  paginateListModelPackages,
  paginateListModels,
  paginateListProcessingJobs,
  paginateListTrainingJobs,
  paginateListTransformJobs,
  type SageMakerClient,
  StopProcessingJobCommand,
  StopTrainingJobCommand,
  StopTransformJobCommand,
} from '@aws-sdk/client-sagemaker';
import { paginateListExecutions, type SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { isOfModel, type Leftovers } from './remove-everything.ts';

/** The leftovers of a model in AWS. */
export function sagemakerLeftovers(client: SageMakerClient, machines: SFNClient): Leftovers {
  return {
    stopExecutions: (machineArn) => stopExecutions(machines, machineArn),
    stopJobs: (prefix) => stopJobs(client, prefix),
    endpointStatus: (name) => endpointStatus(client, name),
    deleteEndpoint: async (name) => {
      await client.send(new DeleteEndpointCommand({ EndpointName: name }));
    },
    deleteConfigsAndModels: (prefix) => deleteConfigsAndModels(client, prefix),
    deletePackages: (group) => deletePackages(client, group),
  };
}

async function stopExecutions(machines: SFNClient, stateMachineArn: string): Promise<number> {
  const pages = paginateListExecutions({ client: machines }, { stateMachineArn, statusFilter: 'RUNNING' });
  const arns = await collect(pages, ({ executions }) => executions?.map(({ executionArn }) => executionArn));
  const cause = 'the stack of the model is being deleted';
  for (const executionArn of arns) await machines.send(new StopExecutionCommand({ executionArn, cause }));
  return arns.length;
}

async function stopJobs(client: SageMakerClient, prefix: string): Promise<number> {
  const running = { NameContains: prefix, StatusEquals: 'InProgress' } as const;
  const training = await collect(paginateListTrainingJobs({ client }, running), ({ TrainingJobSummaries }) =>
    TrainingJobSummaries?.map(({ TrainingJobName }) => TrainingJobName),
  );
  const transform = await collect(paginateListTransformJobs({ client }, running), ({ TransformJobSummaries }) =>
    TransformJobSummaries?.map(({ TransformJobName }) => TransformJobName),
  );
  const processing = await collect(paginateListProcessingJobs({ client }, running), ({ ProcessingJobSummaries }) =>
    ProcessingJobSummaries?.map(({ ProcessingJobName }) => ProcessingJobName),
  );
  const ours = (name: string) => isOfModel(name, prefix);
  for (const ProcessingJobName of processing.filter(ours))
    await client.send(new StopProcessingJobCommand({ ProcessingJobName }));
  for (const TrainingJobName of training.filter(ours))
    await client.send(new StopTrainingJobCommand({ TrainingJobName }));
  for (const TransformJobName of transform.filter(ours))
    await client.send(new StopTransformJobCommand({ TransformJobName }));
  return [training, transform, processing].flat().filter(ours).length;
}

async function endpointStatus(client: SageMakerClient, EndpointName: string): Promise<string> {
  try {
    return (await client.send(new DescribeEndpointCommand({ EndpointName }))).EndpointStatus ?? 'unknown';
  } catch (error) {
    // SageMaker has no error of its own for an endpoint that does not exist.
    if (error instanceof Error && error.name === 'ValidationException' && /could not find/i.test(error.message))
      return 'gone';
    throw error;
  }
}

async function deleteConfigsAndModels(client: SageMakerClient, prefix: string): Promise<number> {
  const named = { NameContains: prefix };
  const configs = await collect(paginateListEndpointConfigs({ client }, named), ({ EndpointConfigs }) =>
    EndpointConfigs?.map(({ EndpointConfigName }) => EndpointConfigName),
  );
  const models = await collect(paginateListModels({ client }, named), ({ Models }) =>
    Models?.map(({ ModelName }) => ModelName),
  );
  const ours = (name: string) => isOfModel(name, prefix);
  for (const EndpointConfigName of configs.filter(ours))
    await client.send(new DeleteEndpointConfigCommand({ EndpointConfigName }));
  for (const ModelName of models.filter(ours)) await client.send(new DeleteModelCommand({ ModelName }));
  return configs.filter(ours).length + models.filter(ours).length;
}

async function deletePackages(client: SageMakerClient, ModelPackageGroupName: string): Promise<number> {
  const pages = paginateListModelPackages({ client }, { ModelPackageGroupName });
  const arns = await collect(pages, ({ ModelPackageSummaryList }) =>
    ModelPackageSummaryList?.map(({ ModelPackageArn }) => ModelPackageArn),
  );
  for (const ModelPackageName of arns) await client.send(new DeleteModelPackageCommand({ ModelPackageName }));
  return arns.length;
}

/** Everything that the pages of a list name; names are collected before anything is deleted, since deleting shifts pages. */
async function collect<P>(
  pages: AsyncIterable<P>,
  names: (page: P) => readonly (string | undefined)[] | undefined,
): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const page of pages) for (const name of names(page) ?? []) if (name !== undefined) found.push(name);
  return found;
}
