import { defineHandler } from '../aws/define-handler.ts';
import { sagemakerEndpoint } from './endpoint.ts';
import { smokeTest } from './smoke-test.ts';

const endpoint = sagemakerEndpoint();

/** Asks the endpoint a few questions with known properties. */
export const handler = defineHandler('smoke-test', (input, { awsRequestId }) =>
  smokeTest(input, endpoint, { id: awsRequestId, clock: () => performance.now() }),
);
