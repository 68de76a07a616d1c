import { existsSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { METRIC_NAMESPACE } from '../../../contracts/metrics.ts';
import { accountOf, stateMachineArn } from '../../../lambdas/aws/account.ts';
import { defineHandler } from '../../../lambdas/aws/define-handler.ts';
import { environment } from '../../../lambdas/aws/environment.ts';
import { metricLine } from '../../../lambdas/aws/metrics.ts';
import { inScratchFolder } from '../../../lambdas/aws/scratch-folder.ts';

afterEach(() => {
  vi.restoreAllMocks();
});
const INVOCATION = {
  awsRequestId: 'id',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:f',
  getRemainingTimeInMillis: () => 1000,
};
const FACT = { model: 'm', kind: 'run', id: 'r', parents: [], detail: 1, announce: null, failed: false };

describe('a handler', () => {
  test('gets its input checked and its answer as it is', async () => {
    const handler = defineHandler('record', async ({ kind, id }) => ({
      recorded: `${kind}#${id}`,
      outcome: 'recorded' as const,
    }));
    expect(await handler(FACT, INVOCATION)).toEqual({ recorded: 'run#r', outcome: 'recorded' });
  });

  test('is not called with an input that is not in the function table, and names every problem', async () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => {});
    const handler = defineHandler('record', async () => ({ recorded: '', outcome: 'recorded' as const }));
    await expect(handler({ ...FACT, id: 7, kind: 'nothing' }, INVOCATION)).rejects.toThrow(
      /invalid-input: kind: .*; id: /,
    );
    expect(JSON.parse(String(said.mock.calls[0]?.[0]))).toMatchObject({
      function: 'record',
      requestId: 'id',
      failure: { name: 'ModelwayError' },
    });
  });

  test('must answer as promised', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const answer: { recorded: string; outcome: 'recorded' } = JSON.parse('{"recorded": 5, "outcome": "recorded"}');
    await expect(defineHandler('record', async () => answer)(FACT, INVOCATION)).rejects.toThrow(
      /invalid-output: recorded/,
    );
  });

  test('throws what went wrong under its own name, and logs the cause', async () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => {});
    const failure = new RangeError('too far', { cause: new Error('too fast') });
    const handler = defineHandler('record', async () => {
      throw failure;
    });
    await expect(handler(FACT, INVOCATION)).rejects.toBe(failure);
    expect(JSON.parse(String(said.mock.calls[0]?.[0])).failure).toMatchObject({
      name: 'RangeError',
      cause: { message: 'too fast' },
    });
  });
});

test('a missing variable of the environment is named', () => {
  expect(() => environment({ MODELWAY_PLATFORM: 'p' })).toThrow(
    /invalid-environment: MODELWAY_LAKE_BUCKET.*MODELWAY_TABLE/,
  );
});

test('a metric line is in embedded metric format, with the model as its one dimension', () => {
  const at = new Date('2001-01-01T00:00:00Z');
  expect(JSON.parse(metricLine('m', { PipelineFailures: 1 }, at))).toEqual({
    _aws: {
      Timestamp: at.getTime(),
      CloudWatchMetrics: [
        {
          Namespace: METRIC_NAMESPACE,
          Dimensions: [['Model']],
          Metrics: [{ Name: 'PipelineFailures', Unit: 'Count' }],
        },
      ],
    },
    Model: 'm',
    PipelineFailures: 1,
  });
});

test('neighbours are found by a function’s own ARN', () => {
  const account = accountOf(INVOCATION.invokedFunctionArn);
  expect(stateMachineArn(account, 'acme-m-intake')).toBe(
    'arn:aws:states:us-east-1:123456789012:stateMachine:acme-m-intake',
  );
  expect(() => accountOf('nonsense')).toThrow(/invalid-arn/);
});

test('a scratch folder is gone afterwards, also after a failure', async () => {
  const seen: string[] = [];
  const failing = inScratchFolder(async (folder) => {
    seen.push(folder);
    expect(existsSync(folder)).toBe(true);
    throw new Error('full');
  });
  await expect(failing).rejects.toThrow('full');
  expect(existsSync(seen[0] ?? '')).toBe(false);
});
