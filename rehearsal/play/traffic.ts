import { InvokeEndpointCommand, type SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import type { Answer } from '../../contracts/scenario.ts';
import { type Instance, PredictionResponseSchema } from '../../contracts/serving.ts';

/** Sends one request to the live endpoint, as a caller in production would. A refused or failed request is a value. */
export async function predict(
  runtime: SageMakerRuntimeClient,
  endpoint: string,
  instances: readonly Instance[],
  inferenceId: string,
): Promise<Answer> {
  const began = performance.now();
  try {
    const answer = await runtime.send(
      new InvokeEndpointCommand({
        EndpointName: endpoint,
        ContentType: 'application/json',
        Accept: 'application/json',
        InferenceId: inferenceId,
        Body: Buffer.from(JSON.stringify({ instances })),
      }),
    );
    const milliseconds = performance.now() - began;
    const response = PredictionResponseSchema.parse(JSON.parse(Buffer.from(answer.Body ?? []).toString('utf8')));
    return { kind: 'answered', response, milliseconds };
  } catch (error) {
    return { kind: 'failed', ...statusOf(error) };
  }
}

function statusOf(error: unknown): { status: number; message: string } {
  const message = error instanceof Error ? error.message : String(error);
  if (typeof error !== 'object' || error === null) return { status: 0, message };
  const original: unknown = Reflect.get(error, 'OriginalStatusCode');
  const metadata: unknown = Reflect.get(error, '$metadata');
  const http: unknown =
    typeof metadata === 'object' && metadata !== null ? Reflect.get(metadata, 'httpStatusCode') : undefined;
  return { status: typeof original === 'number' ? original : typeof http === 'number' ? http : 0, message };
}
