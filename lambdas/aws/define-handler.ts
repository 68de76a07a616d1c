import type { z } from 'zod';
import { FUNCTIONS, type FunctionInput, type FunctionName, type FunctionOutput } from '../../contracts/functions.ts';
import { ModelwayError, problemsOf } from '../../contracts/problems.ts';

/** What a handler may know of its invocation; a subset of Lambda's context object. */
export interface Invocation {
  readonly awsRequestId: string;
  readonly invokedFunctionArn: string;
  getRemainingTimeInMillis(): number;
}

const SCHEMAS: {
  readonly [K in FunctionName]: { readonly input: z.ZodType<FunctionInput<K>>; readonly output: z.ZodType };
} = FUNCTIONS;

/**
 * A Lambda entry point: parses the event by the function table, acts, and parses the answer the same way.
 * What `act` throws is logged with its cause and rethrown, so that the error's name reaches the state machine.
 */
export function defineHandler<N extends FunctionName>(
  name: N,
  act: (input: FunctionInput<N>, invocation: Invocation) => Promise<FunctionOutput<N>>,
): (event: unknown, invocation: Invocation) => Promise<FunctionOutput<N>> {
  return async (event, invocation) => {
    try {
      const input = parseBy(SCHEMAS[name].input, event, 'invalid-input');
      const answer = await act(input, invocation);
      parseBy(SCHEMAS[name].output, answer, 'invalid-output');
      return answer;
    } catch (error) {
      console.error(JSON.stringify({ function: name, requestId: invocation.awsRequestId, failure: described(error) }));
      throw error;
    }
  };
}

function parseBy<T>(schema: z.ZodType<T>, value: unknown, code: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  // Our own machines build every input and our handlers every output, so a mismatch is ours to mend.
  throw new ModelwayError(code, 'modelway', problemsOf(result.error, value));
}

function described(error: unknown): { name: string; message: string; stack?: string; cause?: unknown } {
  if (!(error instanceof Error)) return { name: 'Unknown', message: String(error) };
  return {
    name: error.name,
    message: error.message,
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(error.cause === undefined ? {} : { cause: described(error.cause) }),
  };
}
