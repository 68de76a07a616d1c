import { z } from 'zod';
import { EndpointRequestSchema, EndpointUpdateSchema, WeightsUpdateSchema } from './endpoint.ts';
import {
  createEndpointConfig,
  describeEndpointConfig,
  EndpointConfigRequestSchema,
  findEndpointConfig,
} from './endpoint-config.ts';
import { createEndpoint, deleteEndpoint, describeNamed, updateEndpoint, updateWeights } from './endpoint-lifecycle.ts';
import { ListRequestSchema, listPage } from './listing.ts';
import { createModel, describeModel, findModel, ModelRequestSchema } from './model.ts';
import { type Operations, operation } from './operation.ts';
import type { Stores } from './stores.ts';
import type { World } from './world.ts';

const ModelNameSchema = z.looseObject({ ModelName: z.string() });
const ConfigNameSchema = z.looseObject({ EndpointConfigName: z.string() });
const EndpointNameSchema = z.looseObject({ EndpointName: z.string() });

/** Operations on models, endpoint configs and endpoints. */
export function servingOperations(world: World, stores: Stores): Operations {
  return {
    ...modelOperations(world, stores),
    ...configOperations(world, stores),
    ...endpointOperations(world, stores),
  };
}

function modelOperations(world: World, stores: Stores): Operations {
  return {
    CreateModel: operation(ModelRequestSchema, async (request) => {
      const model = await createModel(world, stores.models, stores.registry, request);
      stores.tags.add(model.arn, request.Tags);
      return { ModelArn: model.arn };
    }),
    DescribeModel: operation(ModelNameSchema, (request) => describeModel(findModel(stores.models, request.ModelName))),
    DeleteModel: operation(ModelNameSchema, (request) => {
      stores.models.delete(findModel(stores.models, request.ModelName).name);
      return {};
    }),
    ListModels: operation(ListRequestSchema, (request) => {
      const listed = [...stores.models.values()].map(({ name, arn, created }) => ({
        name,
        created,
        summary: { ModelName: name, ModelArn: arn, CreationTime: created },
      }));
      return listPage('Models', listed, request);
    }),
  };
}

function configOperations(world: World, stores: Stores): Operations {
  return {
    CreateEndpointConfig: operation(EndpointConfigRequestSchema, (request) => {
      const config = createEndpointConfig(world, stores.configs, stores.models, request);
      stores.tags.add(config.arn, request.Tags);
      return { EndpointConfigArn: config.arn };
    }),
    DescribeEndpointConfig: operation(ConfigNameSchema, (request) =>
      describeEndpointConfig(findEndpointConfig(stores.configs, request.EndpointConfigName)),
    ),
    DeleteEndpointConfig: operation(ConfigNameSchema, (request) => {
      stores.configs.delete(findEndpointConfig(stores.configs, request.EndpointConfigName).name);
      return {};
    }),
    ListEndpointConfigs: operation(ListRequestSchema, (request) => {
      const listed = [...stores.configs.values()].map(({ name, arn, created }) => ({
        name,
        created,
        summary: { EndpointConfigName: name, EndpointConfigArn: arn, CreationTime: created },
      }));
      return listPage('EndpointConfigs', listed, request);
    }),
  };
}

function endpointOperations(world: World, stores: Stores): Operations {
  return {
    CreateEndpoint: operation(EndpointRequestSchema, async (request) => {
      const endpoint = await createEndpoint(world, stores, request);
      stores.tags.add(endpoint.arn, request.Tags);
      return { EndpointArn: endpoint.arn };
    }),
    UpdateEndpoint: operation(EndpointUpdateSchema, async (request) => ({
      EndpointArn: (await updateEndpoint(world, stores, request)).arn,
    })),
    UpdateEndpointWeightsAndCapacities: operation(WeightsUpdateSchema, async (request) => ({
      EndpointArn: (await updateWeights(world, stores, request)).arn,
    })),
    DescribeEndpoint: operation(EndpointNameSchema, (request) => describeNamed(stores, request.EndpointName)),
    DeleteEndpoint: operation(EndpointNameSchema, async (request) => {
      await deleteEndpoint(world, stores, request.EndpointName);
      return {};
    }),
    ListEndpoints: operation(ListRequestSchema, (request) => {
      const listed = [...stores.endpoints.values()].map(({ name, arn, created, modified, status }) => ({
        name,
        created,
        status,
        summary: {
          EndpointName: name,
          EndpointArn: arn,
          CreationTime: created,
          LastModifiedTime: modified,
          EndpointStatus: status,
        },
      }));
      return listPage('Endpoints', listed, request);
    }),
  };
}
