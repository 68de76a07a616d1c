import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { awsReproductions } from '../../cli/reproduce/aws-reproductions.ts';

/** Answers of Step Functions by operation, and what was asked; CloudFormation knows one stack, `acme-late`. */
let answers: Record<string, object> = {};
const asked: { readonly operation: string; readonly body: string }[] = [];
const STACK = 'arn:aws:cloudformation:eu-west-1:123456789012:stack/acme-late/1';

let server: Server;
beforeAll(async () => {
  server = createServer(async (request, response) => {
    const body = await text(request);
    const operation = String(request.headers['x-amz-target'] ?? '').split('.')[1] ?? 'DescribeStacks';
    asked.push({ operation, body });
    if (operation === 'DescribeStacks') {
      response.setHeader('content-type', 'text/xml');
      const stacks = `<member><StackName>acme-late</StackName><StackId>${STACK}</StackId></member>`;
      response.end(
        `<DescribeStacksResponse><DescribeStacksResult><Stacks>${stacks}</Stacks></DescribeStacksResult></DescribeStacksResponse>`,
      );
      return;
    }
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    const answer = answers[operation];
    response.statusCode = answer === undefined ? 400 : 200;
    response.end(JSON.stringify(answer ?? { __type: 'AccessDeniedException', message: 'you may not' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.close();
});
beforeEach(() => {
  asked.length = 0;
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${portOf(server.address())}`);
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const portOf = (address: AddressInfo | string | null) => (typeof address === 'object' ? address?.port : undefined);

describe('the reproduction machine of a deployed model', () => {
  test('is found by the stack of the model and started with the run', async () => {
    answers = { StartExecution: { executionArn: 'arn:execution', startDate: 1 } };
    expect(await awsReproductions('acme', 'late').start('r-1')).toBe('arn:execution');
    expect(JSON.parse(asked.at(-1)?.body ?? '')).toEqual({
      stateMachineArn: 'arn:aws:states:eu-west-1:123456789012:stateMachine:acme-late-reproduction',
      input: '{"reproduce":"r-1"}',
    });
  });

  test('tells the state it entered last while it runs', async () => {
    const entered = { id: 3, type: 'TaskStateEntered', timestamp: 1, stateEnteredEventDetails: { name: 'TrainAgain' } };
    const other = { id: 4, type: 'TaskScheduled', timestamp: 1 };
    answers = { DescribeExecution: { status: 'RUNNING' }, GetExecutionHistory: { events: [other, entered] } };
    expect(await awsReproductions('acme', 'late').look('e')).toEqual({ kind: 'running', state: 'TrainAgain' });
  });

  test.each([
    [
      { status: 'SUCCEEDED', output: '{}' },
      { kind: 'succeeded', output: '{}' },
    ],
    [
      { status: 'FAILED', error: 'ModelwayError', cause: 'no such run' },
      { kind: 'failed', reason: 'FAILED: ModelwayError: no such run' },
    ],
    [{ status: 'TIMED_OUT' }, { kind: 'failed', reason: 'TIMED_OUT' }],
  ])('that ended as %j', async (execution, progress) => {
    answers = { DescribeExecution: execution };
    expect(await awsReproductions('acme', 'late').look('e')).toEqual(progress);
  });

  test('out of reach is said with the service’s reason and what to check', async () => {
    answers = {};
    await expect(awsReproductions('acme', 'late').look('e')).rejects.toThrow(
      /aws-unreachable.*AccessDeniedException: you may not.*check credentials/,
    );
  });
});
