import {
  DeleteEndpointConfigCommand,
  DeleteModelCommand,
  DescribeEndpointConfigCommand,
  paginateListEndpointConfigs,
  paginateListModels,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';

/** A resource found by a list call. */
export interface Listed {
  readonly name: string;
  readonly createdAt: Date;
}

/** Endpoint configs and SageMaker Models as clearing up sees them. Deleting what is gone already is no error. */
export interface Serving {
  configs(nameContains: string): Promise<readonly Listed[]>;
  /** SageMaker Models that an endpoint config names. */
  modelsOf(config: string): Promise<readonly string[]>;
  models(nameContains: string): Promise<readonly Listed[]>;
  deleteConfig(name: string): Promise<void>;
  deleteModel(name: string): Promise<void>;
}

/** The same through the SageMaker API. */
export function sagemakerServing(client: SageMakerClient = new SageMakerClient({})): Serving {
  return {
    configs: async (nameContains) => {
      const found: Listed[] = [];
      for await (const page of paginateListEndpointConfigs({ client }, { NameContains: nameContains }))
        for (const { EndpointConfigName: name, CreationTime: createdAt } of page.EndpointConfigs ?? [])
          if (name !== undefined && createdAt !== undefined) found.push({ name, createdAt });
      return found;
    },
    models: async (nameContains) => {
      const found: Listed[] = [];
      for await (const page of paginateListModels({ client }, { NameContains: nameContains }))
        for (const { ModelName: name, CreationTime: createdAt } of page.Models ?? [])
          if (name !== undefined && createdAt !== undefined) found.push({ name, createdAt });
      return found;
    },
    modelsOf: async (config) => {
      const described = await client.send(new DescribeEndpointConfigCommand({ EndpointConfigName: config }));
      return (described.ProductionVariants ?? []).flatMap(({ ModelName }) => ModelName ?? []);
    },
    deleteConfig: (name) => unlessGone(client.send(new DeleteEndpointConfigCommand({ EndpointConfigName: name }))),
    deleteModel: (name) => unlessGone(client.send(new DeleteModelCommand({ ModelName: name }))),
  };
}

async function unlessGone(deletion: Promise<unknown>): Promise<void> {
  try {
    await deletion;
  } catch (error) {
    if (!(error instanceof Error && /could not find/i.test(error.message))) throw error;
  }
}
