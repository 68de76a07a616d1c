import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';

/** What a call of an endpoint gave: a body, or the service's refusal as text. */
export type EndpointAnswer =
  | { readonly kind: 'answered'; readonly body: string }
  | { readonly kind: 'refused'; readonly message: string };

/** An endpoint as the smoke test sees it. */
export interface Endpoint {
  ask(endpointName: string, body: string, inferenceId: string): Promise<EndpointAnswer>;
}

/** Errors of the model or of its container; anything else (rights, network) is thrown, so that it is not held against the model. */
const MODEL_ERRORS: ReadonlySet<string> = new Set(['ModelError', 'ModelNotReadyException']);

/** The endpoint behind the SageMaker Runtime API. */
export function sagemakerEndpoint(client: SageMakerRuntimeClient = new SageMakerRuntimeClient({})): Endpoint {
  return {
    ask: async (endpointName, body, inferenceId) => {
      try {
        const answer = await client.send(
          new InvokeEndpointCommand({
            EndpointName: endpointName,
            ContentType: 'application/json',
            Accept: 'application/json',
            InferenceId: inferenceId,
            Body: body,
          }),
        );
        return { kind: 'answered', body: answer.Body.transformToString('utf-8') };
      } catch (error) {
        if (error instanceof Error && MODEL_ERRORS.has(error.name))
          return { kind: 'refused', message: `${error.name}: ${error.message}` };
        throw error;
      }
    },
  };
}
