import { z } from 'zod';
import { jobOperations } from './job-operations.ts';
import type { Operations } from './operation.ts';
import { processingOperations } from './processing-operations.ts';
import { seededRandom } from './random-search.ts';
import { PackageGroupRequestSchema } from './registry.ts';
import { registryOperations } from './registry-operations.ts';
import { ServiceError } from './service-error.ts';
import { servingOperations } from './serving-operations.ts';
import { emptyStores } from './stores.ts';
import { invokeEndpoint, packed, RequestHeadSchema } from './traffic.ts';
import { report, type World } from './world.ts';

/** An answer of the API, as the emulator's front passes it on. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The SageMaker emulator behind the front that validates requests. */
export interface SageMaker {
  /** One control-plane call: `{op, body, caller}`. */
  api(message: unknown): Promise<ApiAnswer>;
  /** One InvokeEndpoint: the front's headers `x-name` and `x-head`, the request's body. */
  invokeEndpoint(headers: Readonly<Record<string, unknown>>, body: Buffer): Promise<Buffer>;
  /** A resource of a template: `{op, type, props, id}`. */
  cloudFormation(message: unknown): Promise<CloudFormationAnswer>;
  /** A training script sleeps: `{job, seconds}`. */
  nap(message: unknown): Promise<void>;
  /** Ends every process. */
  close(): void;
}

interface CloudFormationAnswer {
  readonly id?: string;
  readonly attrs?: Readonly<Record<string, unknown>>;
}

const ApiMessageSchema = z.object({ op: z.string(), body: z.unknown(), caller: z.string().optional() });
const NapMessageSchema = z.object({ job: z.string(), seconds: z.number() });
const CloudFormationMessageSchema = z.discriminatedUnion('op', [
  z.object({ op: z.literal('create'), type: z.string(), props: z.unknown() }),
  z.object({ op: z.literal('delete'), type: z.string(), id: z.string() }),
]);
const TrafficHeadersSchema = z.object({ 'x-name': z.string(), 'x-head': z.string() });

/** Seed of what the service leaves to chance: which variant, which requests are sampled. */
const CHANCE_SEED = 11;

export function sageMaker(world: World): SageMaker {
  const stores = emptyStores(world);
  const operations: Operations = {
    ...jobOperations(world, stores),
    ...processingOperations(world, stores),
    ...servingOperations(world, stores),
    ...registryOperations(stores),
  };
  const random = seededRandom(CHANCE_SEED);
  return {
    api: (message) => {
      const { op, body, caller } = ApiMessageSchema.parse(message);
      return answer(world, operations, { op, body, caller });
    },
    invokeEndpoint: async (headers, body) => {
      const { 'x-name': name, 'x-head': head } = TrafficHeadersSchema.parse(headers);
      const request = RequestHeadSchema.parse(JSON.parse(head));
      return packed(await invokeEndpoint(world, stores.endpoints, random, name, request, body));
    },
    cloudFormation: async (message) => {
      const request = CloudFormationMessageSchema.parse(message);
      if (request.type !== 'AWS::SageMaker::ModelPackageGroup')
        throw new Error(`the rehearsal makes no ${request.type} from a template; the deployment machine makes it`);
      if (request.op === 'delete') {
        stores.registry.deleteGroup(request.id);
        return {};
      }
      const props = PackageGroupRequestSchema.parse(request.props);
      const group = stores.registry.createGroup(props);
      stores.tags.add(group.arn, props.Tags);
      return {
        id: group.arn,
        attrs: {
          ModelPackageGroupArn: group.arn,
          CreationTime: new Date(group.created * 1000).toISOString(),
          ModelPackageGroupStatus: 'Completed',
        },
      };
    },
    nap: async (message) => {
      const { job, seconds } = NapMessageSchema.parse(message);
      await stores.scripts.get(job)?.nap(seconds);
    },
    close: () => {
      for (const process of world.processes) process.kill();
    },
  };
}

async function answer(
  world: World,
  operations: Operations,
  { op, body, caller }: z.infer<typeof ApiMessageSchema>,
): Promise<ApiAnswer> {
  const act = operations[op];
  if (act === undefined) return refusal('UnknownOperationException', `The rehearsal has no SageMaker operation ${op}.`);
  try {
    return { status: 200, body: await act(body, caller) };
  } catch (error) {
    if (error instanceof ServiceError) return refusal(error.code, error.message);
    if (error instanceof z.ZodError)
      return refusal('ValidationException', `The rehearsal cannot act on this request: ${z.prettifyError(error)}`);
    report(world, `SageMaker ${op}`, error);
    return { status: 500, body: { __type: 'InternalFailure', message: String(error) } };
  }
}

function refusal(code: string, message: string): ApiAnswer {
  return { status: 400, body: { __type: code, message } };
}
