import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { begunSort, modelPartition, TRAINING_SLOT, waitsSort } from '../../contracts/records.ts';
import type { BegunRun, WaitingExecution } from '../../core/retraining/begun-runs.ts';

/** Who may train next, decided among all who ask at the same instant. */
export interface TrainingSlot {
  /** The run that was let in last. */
  holder(model: string): Promise<BegunRun | undefined>;
  /** Lets a run in if nobody was since `after`, all or nothing; `moved`: somebody else was faster. */
  begin(model: string, run: BegunRun, after: BegunRun | undefined): Promise<'begun' | 'moved'>;
  /** Runs let in since an instant, newest first, at most `limit`. */
  begun(model: string, since: string, limit: number): Promise<readonly BegunRun[]>;
  /** The execution that waits to ask again for a trigger. */
  waiting(model: string, trigger: string): Promise<WaitingExecution | undefined>;
  /** Makes an execution the one that waits, in place of another; `moved`: somebody else was faster. */
  wait(
    model: string,
    trigger: string,
    waits: WaitingExecution,
    after: WaitingExecution | undefined,
  ): Promise<'waits' | 'moved'>;
}

type Item = Record<string, AttributeValue>;

/** The slot in the lineage table; every read is consistent. */
export function dynamoTrainingSlot(table: string, client: DynamoDBClient = new DynamoDBClient({})): TrainingSlot {
  const key = (model: string, sk: string) => ({ pk: { S: modelPartition(model) }, sk: { S: sk } });
  const read = async (model: string, sk: string) =>
    (await client.send(new GetItemCommand({ TableName: table, Key: key(model, sk), ConsistentRead: true }))).Item;
  return {
    holder: async (model) => begunOf(await read(model, TRAINING_SLOT)),
    begin: async (model, run, after) => {
      const slot = { ...key(model, TRAINING_SLOT), ...begunItem(run) };
      const entry = { ...key(model, begunSort(run.at, run.run)), ...begunItem(run) };
      const TransactItems = [
        { Put: { TableName: table, Item: slot, ...unmoved('run', after?.run) } },
        { Put: { TableName: table, Item: entry } },
      ];
      const written = await unlessMoved(() => client.send(new TransactWriteItemsCommand({ TransactItems })));
      return written ? 'begun' : 'moved';
    },
    begun: async (model, since, limit) => {
      const page = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
          ExpressionAttributeValues: {
            ':pk': { S: modelPartition(model) },
            ':from': { S: begunSort(since) },
            ':to': { S: begunSort('~') },
          },
          ScanIndexForward: false,
          ConsistentRead: true,
          Limit: limit,
        }),
      );
      return (page.Items ?? []).flatMap((item) => begunOf(item) ?? []);
    },
    waiting: async (model, trigger) => waitingOf(await read(model, waitsSort(trigger))),
    wait: async (model, trigger, { execution, until }, after) => {
      const Item = { ...key(model, waitsSort(trigger)), execution: { S: execution }, until: { S: until } };
      const condition = unmoved('execution', after?.execution);
      const written = await unlessMoved(() =>
        client.send(new PutItemCommand({ TableName: table, Item, ...condition })),
      );
      return written ? 'waits' : 'moved';
    },
  };
}

/** The condition that an item is still as it was read. */
const unmoved = (name: string, value: string | undefined) =>
  value === undefined
    ? { ConditionExpression: 'attribute_not_exists(pk)' }
    : {
        ConditionExpression: '#name = :value',
        ExpressionAttributeNames: { '#name': name },
        ExpressionAttributeValues: { ':value': { S: value } },
      };

async function unlessMoved(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    const reasons = error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];
    if (reasons.some(({ Code }) => Code === 'ConditionalCheckFailed' || Code === 'TransactionConflict')) return false;
    throw error;
  }
}

const begunItem = ({ run, at, estimatedDollars }: BegunRun): Item => ({
  run: { S: run },
  at: { S: at },
  ...(estimatedDollars === null ? {} : { estimatedDollars: { N: String(estimatedDollars) } }),
});

function begunOf(item: Item | undefined): BegunRun | undefined {
  const [run, at, dollars] = [item?.run?.S, item?.at?.S, item?.estimatedDollars?.N];
  if (run === undefined || at === undefined) return undefined;
  return { run, at, estimatedDollars: dollars === undefined ? null : Number(dollars) };
}

function waitingOf(item: Item | undefined): WaitingExecution | undefined {
  const [execution, until] = [item?.execution?.S, item?.until?.S];
  return execution === undefined || until === undefined ? undefined : { execution, until };
}
