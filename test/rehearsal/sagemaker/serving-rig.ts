import { IMAGE, ROLE, type ServiceRig, serviceRig } from './service-rig.ts';

/** Answers with its name; dies, fails, naps or refuses when the body says so. */
const INFERENCE = `
import json, os, sys, time
from flask import Response
def model_fn(folder):
    return json.load(open(folder + '/name.json'))
def transform_fn(model, body, kind, accept):
    text = body.decode()
    if kind not in ('application/json', 'text/csv'): return Response('unsupported content type ' + kind, status=415, mimetype='text/plain')
    if 'die' in text: os._exit(9)
    if 'hang' in text: time.sleep(9)
    if 'fail' in text: raise RuntimeError('model is broken')
    print(json.dumps({'_aws': {'CloudWatchMetrics': []}, 'Score': 0.5}), flush=True)
    return json.dumps({'name': model['name'], 'key': os.environ.get('MODELWAY_MODEL'), 'year': time.gmtime().tm_year, 'pid': os.getpid()}), accept
`;

/** A service rig with models to serve: `a` and `b` answer with their names, `absent` never answers a ping. */
export interface ServingRig extends ServiceRig {
  /** An endpoint config of one variant, `AllTraffic`. */
  makeConfig(name: string, model: string, instances?: number, more?: object): Promise<void>;
  /** Puts the endpoint `live` in service, on `config-a`; closing takes it down again. */
  goLive(): Promise<void>;
  describeEndpoint(name?: string): Promise<Record<string, unknown>>;
  /** Name of the model that answers on `live`. */
  who(body?: string): Promise<string>;
}

/** The rig, with the configs `config-a`, `config-b`, `config-b4` (four instances) and `config-absent`. */
export async function servingRig(): Promise<ServingRig> {
  const rig = await serviceRig({ startAttempts: 2, invocation: 1 });
  const makeConfig: ServingRig['makeConfig'] = async (name, model, instances = 2, more = {}) => {
    await rig.call('CreateEndpointConfig', { ...endpointConfig(name, model, instances), ...more });
  };
  await makeModel(rig, 'a');
  await makeModel(rig, 'b');
  await makeModel(rig, 'absent', 'absent.py');
  await makeConfig('config-a', 'a');
  await makeConfig('config-b', 'b');
  await makeConfig('config-b4', 'b', 4);
  await makeConfig('config-absent', 'absent');
  let live = false;
  return {
    ...rig,
    makeConfig,
    goLive: async () => {
      live = true;
      await rig.call('CreateEndpoint', { EndpointName: 'live', EndpointConfigName: 'config-a' });
      await rig.control.advance(600);
    },
    close: async () => {
      // An endpoint in service starts a container again that dies.
      if (live) await rig.call('DeleteEndpoint', { EndpointName: 'live' });
      if (live) await rig.control.advance(60);
      await rig.close();
    },
    describeEndpoint: (name = 'live') => rig.call('DescribeEndpoint', { EndpointName: name }),
    who: async (body = '{}') => JSON.parse((await rig.invoke('live', body)).body).name,
  };
}

async function makeModel(rig: ServiceRig, name: string, program = 'inference.py'): Promise<void> {
  await rig.putArchive(`s3://lake/models/${name}.tar.gz`, {
    'code/inference.py': INFERENCE,
    'name.json': JSON.stringify({ name }),
  });
  await rig.call('CreateModel', {
    ModelName: name,
    ExecutionRoleArn: ROLE,
    PrimaryContainer: {
      Image: IMAGE,
      ModelDataUrl: `s3://lake/models/${name}.tar.gz`,
      Environment: {
        SAGEMAKER_PROGRAM: program,
        SAGEMAKER_SUBMIT_DIRECTORY: '/opt/ml/model/code',
        MODELWAY_MODEL: 'flights',
      },
    },
  });
}

const endpointConfig = (name: string, model: string, instances: number) => ({
  EndpointConfigName: name,
  ProductionVariants: [
    {
      VariantName: 'AllTraffic',
      ModelName: model,
      InstanceType: 'ml.m5.large',
      InitialInstanceCount: instances,
      InitialVariantWeight: 1,
    },
  ],
  DataCaptureConfig: {
    InitialSamplingPercentage: 100,
    DestinationS3Uri: 's3://lake/capture/flights',
    CaptureOptions: [{ CaptureMode: 'Input' }, { CaptureMode: 'Output' }],
    CaptureContentTypeHeader: { JsonContentTypes: ['application/json'] },
  },
});
