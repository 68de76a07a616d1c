import { describe, expect, test } from 'vitest';
import { answerStack } from '../../../lambdas/clean-up/answer-stack.ts';
import {
  isOfModel,
  type Leftovers,
  type Removal,
  removeEverything,
} from '../../../lambdas/clean-up/remove-everything.ts';

const REMOVAL: Removal = {
  endpointName: 'acme-flights',
  packageGroupName: 'acme-flights',
  jobPrefix: 'acme-flights-',
  machineArns: ['arn:1', 'arn:2'],
};

/** An account in which the endpoint passes through the given statuses, one each time it is looked at. */
function account(statuses: readonly string[]) {
  const done: string[] = [];
  const waiting = [...statuses];
  const count = (what: string) => async () => {
    done.push(what);
    return 1;
  };
  const leftovers: Leftovers = {
    stopExecutions: (arn) => count(`stop ${arn}`)(),
    stopJobs: count('stop jobs'),
    endpointStatus: async () => waiting.shift() ?? 'gone',
    deleteEndpoint: async () => {
      done.push('delete endpoint');
    },
    deleteConfigsAndModels: count('delete configs and models'),
    deletePackages: count('delete packages'),
  };
  return { done, leftovers };
}

const patience = (milliseconds: number) => {
  let left = milliseconds;
  return {
    remainingMilliseconds: () => left,
    sleep: async (slept: number) => {
      left -= slept;
    },
    say: () => {},
  };
};

describe('removal', () => {
  test('stops what runs, then deletes in the order that SageMaker allows', async () => {
    const { done, leftovers } = account(['InService', 'Deleting']);
    expect(await removeEverything(REMOVAL, leftovers, patience(300_000))).toBe('done');
    expect(done).toEqual([
      'stop arn:1',
      'stop arn:2',
      'stop jobs',
      'delete endpoint',
      'delete configs and models',
      'delete packages',
    ]);
  });

  test('waits while the endpoint refuses deletion, and deletes it once it has settled', async () => {
    const { done, leftovers } = account(['UPDATING', 'Updating', 'RollingBack', 'InService', 'Deleting']);
    expect(await removeEverything(REMOVAL, leftovers, patience(300_000))).toBe('done');
    expect(done.filter((what) => what === 'delete endpoint')).toHaveLength(1);
  });

  test('a model that never had an endpoint needs no wait', async () => {
    expect(await removeEverything(REMOVAL, account([]).leftovers, patience(0))).toBe('done');
  });

  test('ends before the function does, and leaves configs and models to the next try', async () => {
    const { done, leftovers } = account(Array(100).fill('Updating'));
    expect(await removeEverything(REMOVAL, leftovers, patience(120_000))).toBe('unfinished');
    expect(done).not.toContain('delete configs and models');
  });
});

test('names of another model that begins like this one are not this model’s', () => {
  const names = [
    'acme-flights-0a1b2c3d4e5f6071',
    'acme-flights-0a1b2c3d4e5f6071-00',
    'acme-flights-0a1b2c3d4e5f6071-ca0',
    'acme-flights-a1b2-0',
  ];
  expect(names.filter((name) => isOfModel(name, 'acme-flights-'))).toEqual(names);
  const others = [
    'acme-flights-late-0a1b2c3d4e5f6071',
    'acme-flights-late-0a1b2c3d4e5f6071-00',
    'acme-flight-0a1b2c3d',
  ];
  expect(others.filter((name) => isOfModel(name, 'acme-flights-'))).toEqual([]);
});

describe('the answer to CloudFormation', () => {
  const request = (RequestType: string, more: object = {}) => ({
    RequestType,
    ResponseURL: 'https://example.org/answer?signed',
    StackId: 'stack',
    RequestId: 'request',
    LogicalResourceId: 'CleanUp',
    ResourceType: 'Custom::ModelwayCleanUp',
    ResourceProperties: {
      ServiceToken: 'arn',
      EndpointName: 'acme-flights',
      PackageGroupName: 'acme-flights',
      JobPrefix: 'acme-flights-',
      MachineArns: ['arn:1'],
    },
    ...more,
  });
  async function ask(event: unknown, remove: (removal: Removal) => Promise<'done' | 'unfinished'>) {
    const answers: { url: string; body: Record<string, unknown> }[] = [];
    const status = await answerStack(event, remove, async (url, body) => {
      answers.push({ url, body: JSON.parse(body) });
    });
    return { status, answers };
  }
  const never = async (): Promise<'done'> => {
    throw new Error('nothing is to be removed');
  };

  test('creation and update remove nothing and keep the id, so that no update looks like a replacement', async () => {
    const created = await ask(request('Create'), never);
    expect(created.answers).toEqual([
      {
        url: 'https://example.org/answer?signed',
        body: {
          Status: 'SUCCESS',
          Reason: expect.any(String),
          StackId: 'stack',
          RequestId: 'request',
          LogicalResourceId: 'CleanUp',
          PhysicalResourceId: 'clean-up-acme-flights',
        },
      },
    ]);
    const updated = await ask(request('Update', { PhysicalResourceId: 'clean-up-acme-flights' }), never);
    expect(updated.answers[0]?.body.PhysicalResourceId).toBe('clean-up-acme-flights');
  });

  test('deletion removes what the properties name', async () => {
    const removed: Removal[] = [];
    const { status } = await ask(request('Delete', { PhysicalResourceId: 'id' }), async (removal) => {
      removed.push(removal);
      return 'done';
    });
    expect(status).toEqual({ status: 'SUCCESS' });
    expect(removed).toEqual([{ ...REMOVAL, machineArns: ['arn:1'] }]);
  });

  test('a failure is answered, so that the stack does not hang', async () => {
    const { answers } = await ask(request('Delete'), async () => {
      throw new Error('AccessDenied');
    });
    expect(answers[0]?.body).toMatchObject({ Status: 'FAILED', Reason: 'AccessDenied' });
  });

  test('what is unfinished is not answered: the error makes Lambda call again', async () => {
    await expect(ask(request('Delete'), async () => 'unfinished')).rejects.toThrow(/endpoint-busy/);
  });
});
