import { ENDPOINT_LOCK, modelPartition } from '../../contracts/records.ts';
import type { DeploymentContext } from './deployment-context.ts';
import { caught } from './machine.ts';
import { type Catcher, expression, type State } from './states.ts';
import { call } from './tasks.ts';

/** How long a lock holds when its owner died: longer than any deployment and its revert. */
const LEASE_SECONDS = 12 * 3600;
const MOST_TRIES = 600;

const NOW = '$string($floor($toMillis($states.context.State.EnteredTime) / 1000))';
const lockKey = (model: string) => ({ pk: { S: modelPartition(model) }, sk: { S: ENDPOINT_LOCK } });

/** Failures while the lock is held and the endpoint is at rest: release it, then record. */
export const caughtLocked: readonly Catcher[] = caught.map((catcher) => ({ ...catcher, Next: 'ReleaseAfterFailure' }));

/** One deployment of an endpoint at a time: waits while another holds the lock, takes over one whose lease ran out. */
export function acquireLock({ model, tableName }: DeploymentContext, next: string): Readonly<Record<string, State>> {
  const item = {
    TableName: tableName,
    Item: {
      ...lockKey(model.name),
      owner: { S: expression('$owner') },
      expires: { N: expression(`$string($number(${NOW}) + ${LEASE_SECONDS})`) },
    },
    ConditionExpression: 'attribute_not_exists(pk) OR #expires < :now OR #owner = :me',
    ExpressionAttributeNames: { '#owner': 'owner', '#expires': 'expires' },
    ExpressionAttributeValues: { ':now': { N: expression(NOW) }, ':me': { S: expression('$owner') } },
  };
  return {
    AcquireLock: call('dynamodb', 'putItem', item, {
      Next: next,
      Catch: [{ ErrorEquals: ['DynamoDb.ConditionalCheckFailedException'], Next: 'LockTaken' }, ...caught],
    }),
    // Not a Retry: the condition must see the time of each try, and a state's EnteredTime does not move with retries.
    LockTaken: {
      Type: 'Choice',
      Choices: [{ Condition: expression(`$lockTries < ${MOST_TRIES}`), Next: 'WaitForLock' }],
      Default: 'LockNeverFree',
    },
    WaitForLock: {
      Type: 'Wait',
      Seconds: 60,
      Assign: { lockTries: expression('$lockTries + 1') },
      Next: 'AcquireLock',
    },
    LockNeverFree: {
      Type: 'Pass',
      Assign: {
        reason: { Error: 'LockNeverFree', Cause: 'another deployment of this endpoint held the lock for ten hours' },
        failedIn: 'AcquireLock',
      },
      Next: 'RecordFailure',
    },
  };
}

/** Gives the lock back, only if it is ours; a lock that cannot be given back runs out by itself. */
export function releaseLock({ model, tableName }: DeploymentContext, next: string): Readonly<Record<string, State>> {
  const item = {
    TableName: tableName,
    Key: lockKey(model.name),
    ConditionExpression: '#owner = :me',
    ExpressionAttributeNames: { '#owner': 'owner' },
    ExpressionAttributeValues: { ':me': { S: expression('$owner') } },
  };
  const release = (after: string) =>
    call('dynamodb', 'deleteItem', item, { Next: after, Catch: [{ ErrorEquals: ['States.ALL'], Next: after }] });
  return { ReleaseLock: release(next), ReleaseAfterFailure: release('RecordFailure') };
}
