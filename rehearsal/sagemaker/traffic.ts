import { z } from 'zod';
import type { MetricPoint } from '../sidecar/control.ts';
import { ACCOUNT, REGION } from '../sidecar/environment.ts';
import type { Endpoint, Endpoints } from './endpoint.ts';
import { type Fleet, nextProcess, type VariantFleet } from './fleet.ts';
import type { ContainerAnswer } from './serving-process.ts';
import { PAYLOAD_LIMIT_BYTES } from './settings.ts';
import type { World } from './world.ts';

/** Headers of a request that the emulator's front passes on, by its names for them. */
export const RequestHeadSchema = z.object({
  'content-type': z.string().optional(),
  accept: z.string().optional(),
  attributes: z.string().optional(),
  inference: z.string().optional(),
  variant: z.string().optional(),
});
export type RequestHead = z.infer<typeof RequestHeadSchema>;

/** What goes back beside the body; metrics and metric lines are recorded while the request still holds its token. */
export interface AnswerMeta {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly metrics: readonly MetricPoint[];
  /** Lines in embedded metric format that the container printed. */
  readonly emf: readonly string[];
}

export interface TrafficAnswer {
  readonly meta: AnswerMeta;
  readonly body: Buffer;
}

const DEFAULT_TYPE = 'application/json';
/** The service's own time beside the model's, microseconds. */
const OVERHEAD_MICROSECONDS = 1000;

/** Answers InvokeEndpoint. Variants are drawn by `random`; blue and green share requests exactly, not by chance. */
export async function invokeEndpoint(
  world: World,
  endpoints: Endpoints,
  random: () => number,
  name: string,
  head: RequestHead,
  body: Buffer,
): Promise<TrafficAnswer> {
  const endpoint = endpoints.get(name);
  if (endpoint?.blue === undefined || endpoint.status === 'Deleting')
    return refused(400, `Endpoint ${name} of account ${ACCOUNT} not found.`);
  if (body.length > PAYLOAD_LIMIT_BYTES)
    return refused(413, `Request ${body.length} bytes larger than the limit of ${PAYLOAD_LIMIT_BYTES} bytes.`);
  const fleet = nextFleet(endpoint, endpoint.blue);
  const variant = pickVariant(fleet, head.variant, random);
  if (variant === undefined) return refused(400, `Variant ${head.variant} not found for endpoint ${name}`);
  return serve({ world, endpoint, fleet, variant, head, body, random });
}

interface Request {
  readonly world: World;
  readonly endpoint: Endpoint;
  readonly fleet: Fleet;
  readonly variant: VariantFleet;
  readonly head: RequestHead;
  readonly body: Buffer;
  readonly random: () => number;
}

async function serve(request: Request): Promise<TrafficAnswer> {
  const { world, fleet, variant, head, body } = request;
  const at = world.control.now();
  const began = performance.now();
  const process = nextProcess(variant);
  fleet.inFlight += 1;
  const answer = await (process?.send(body, containerHeaders(head), world.settings.invocation) ?? NO_PROCESS);
  fleet.inFlight -= 1;
  const microseconds = Math.round((performance.now() - began) * 1000);
  await printedBefore();
  const emf = process?.takeMetricLines() ?? [];
  const metrics = requestMetrics(request, answer, microseconds);
  await captured(request, answer, at);
  return succeeded(answer)
    ? { meta: { status: 200, headers: answerHeaders(variant, answer, head), metrics, emf }, body: answer.body }
    : modelError(request, answer, metrics, emf);
}

const NO_PROCESS: ContainerAnswer = { status: 0, contentType: undefined, body: Buffer.from('no container runs') };

/** What a container printed before it answered comes on another pipe: let the event loop read it. */
async function printedBefore(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
}

function nextFleet(endpoint: Endpoint, blue: Fleet): Fleet {
  if (endpoint.green === undefined || endpoint.greenShare === 0) return blue;
  endpoint.greenDebt += endpoint.greenShare;
  // Thirds do not add up to one exactly.
  if (endpoint.greenDebt < 1 - 1e-9) return blue;
  endpoint.greenDebt -= 1;
  return endpoint.green;
}

function pickVariant(fleet: Fleet, wanted: string | undefined, random: () => number): VariantFleet | undefined {
  if (wanted !== undefined) return fleet.variants.find((variant) => variant.config.name === wanted);
  if (fleet.variants.length === 1) return fleet.variants[0];
  let left = random() * fleet.variants.reduce((sum, variant) => sum + variant.weight, 0);
  return (
    fleet.variants.find((variant) => {
      left -= variant.weight;
      return left < 0;
    }) ?? fleet.variants.at(-1)
  );
}

function containerHeaders(head: RequestHead): Record<string, string> {
  return {
    'content-type': head['content-type'] ?? DEFAULT_TYPE,
    ...(head.accept === undefined ? {} : { accept: head.accept }),
    ...(head.attributes === undefined ? {} : { 'x-amzn-sagemaker-custom-attributes': head.attributes }),
    ...(head.inference === undefined ? {} : { 'x-amzn-sagemaker-inference-id': head.inference }),
  };
}

function answerHeaders(variant: VariantFleet, answer: ContainerAnswer, head: RequestHead): Record<string, string> {
  return {
    'content-type': answer.contentType ?? 'application/octet-stream',
    'x-amzn-invoked-production-variant': variant.config.name,
    ...(head.inference === undefined ? {} : { 'x-amzn-sagemaker-inference-id': head.inference }),
  };
}

/** Each metric for the endpoint as a whole, and again for the fleet of its config. */
function requestMetrics(request: Request, answer: ContainerAnswer, microseconds: number): readonly MetricPoint[] {
  const { endpoint, fleet, variant } = request;
  const whole = { EndpointName: endpoint.name, VariantName: variant.config.name };
  const own = { ...whole, EndpointConfigName: fleet.config.name };
  const values: readonly (readonly [string, number, string])[] = [
    ['Invocations', 1, 'Count'],
    ['InvocationsPerInstance', 1 / variant.instances, 'None'],
    ['Invocation4XXErrors', answer.status >= 400 && answer.status < 500 ? 1 : 0, 'Count'],
    ['Invocation5XXErrors', answer.status >= 500 || answer.status === 0 ? 1 : 0, 'Count'],
    ['ModelLatency', microseconds, 'Microseconds'],
    ['OverheadLatency', OVERHEAD_MICROSECONDS, 'Microseconds'],
  ];
  return values.flatMap(([name, value, unit]) =>
    [whole, own].map((dimensions) => ({ namespace: 'AWS/SageMaker', name, dimensions, value, unit })),
  );
}

async function captured(request: Request, answer: ContainerAnswer, at: number): Promise<void> {
  const { endpoint, fleet, variant, head, body, random } = request;
  const { capture } = fleet.config;
  if (capture === undefined || !capture.EnableCapture || random() * 100 >= capture.InitialSamplingPercentage) return;
  await endpoint.capture.add({
    capture,
    variantName: variant.config.name,
    role: fleet.role,
    at,
    inferenceId: head.inference,
    customAttributes: head.attributes,
    input: { contentType: head['content-type'] ?? DEFAULT_TYPE, body },
    output: succeeded(answer)
      ? { contentType: answer.contentType ?? 'application/octet-stream', body: answer.body }
      : undefined,
  });
}

const succeeded = (answer: ContainerAnswer) => answer.status >= 200 && answer.status < 300;

function modelError(
  request: Request,
  answer: ContainerAnswer,
  metrics: readonly MetricPoint[],
  emf: readonly string[],
): TrafficAnswer {
  const group = `/aws/sagemaker/Endpoints/${request.endpoint.name}`;
  const side = answer.status >= 400 && answer.status < 500 ? 'client' : 'server';
  const text = answer.body.toString().slice(0, 1024);
  const message =
    `Received ${side} error (${answer.status}) from primary with message "${text}". See ` +
    `https://${REGION}.console.aws.amazon.com/cloudwatch/home?region=${REGION}#logEventViewer:group=${group} in account ${ACCOUNT} for more information.`;
  const body = {
    Message: message,
    OriginalStatusCode: answer.status || 500,
    OriginalMessage: text,
    LogStreamArn: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${group}`,
  };
  return failed(424, 'ModelError', body, metrics, emf);
}

function refused(status: number, message: string): TrafficAnswer {
  return failed(status, 'ValidationError', { Message: message }, [], []);
}

function failed(
  status: number,
  type: string,
  body: object,
  metrics: readonly MetricPoint[],
  emf: readonly string[],
): TrafficAnswer {
  const headers = { 'content-type': 'application/json', 'x-amzn-errortype': type };
  return { meta: { status, headers, metrics, emf }, body: Buffer.from(JSON.stringify(body)) };
}

/** The answer as it goes to the emulator: length of the meta document, the document, the body as the container sent it. */
export function packed(answer: TrafficAnswer): Buffer {
  const meta = Buffer.from(JSON.stringify(answer.meta));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(meta.length);
  return Buffer.concat([length, meta, answer.body]);
}
