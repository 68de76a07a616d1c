import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import {
  BY_TIME,
  LIVE_POINTER,
  type LineageRecord,
  LineageRecordSchema,
  type LivePointer,
  LivePointerSchema,
  modelPartition,
  TIME_ATTRIBUTE,
  TIMED_KINDS,
} from '../../contracts/records.ts';

/** Lineage as handlers see it. Records are immutable; the live pointer moves only from a known place. */
export interface LineageTable {
  /** `exists`: a record of this name was there before and is unchanged. */
  put(record: LineageRecord): Promise<'written' | 'exists'>;
  get(model: string, sk: string): Promise<LineageRecord | undefined>;
  /** Records from one sort key to another, both included, in order of sort key; at most `limit` of them, when it is given. */
  between(model: string, fromSk: string, toSk: string, limit?: number): Promise<readonly LineageRecord[]>;
  /** The last records from one sort key to another, both included, the last first. */
  last(model: string, fromSk: string, toSk: string, limit: number): Promise<readonly LineageRecord[]>;
  /** The records of a kind that were written last, the newest first. */
  newest(model: string, kind: (typeof TIMED_KINDS)[number], limit: number): Promise<readonly LineageRecord[]>;
  live(model: string): Promise<LivePointer | undefined>;
  /** Moves the live pointer if it still names `expectedPackageArn` (null: there is none yet); `moved`: it did not. */
  setLive(model: string, pointer: LivePointer, expectedPackageArn: string | null): Promise<'written' | 'moved'>;
}

type Item = Record<string, AttributeValue>;

/** Lineage in one DynamoDB table with keys `pk` and `sk`; every read is consistent. */
export function dynamoLineage(table: string, client: DynamoDBClient = new DynamoDBClient({})): LineageTable {
  const read = async (model: string, sk: string): Promise<Item | undefined> => {
    const key = { pk: { S: modelPartition(model) }, sk: { S: sk } };
    return (await client.send(new GetItemCommand({ TableName: table, Key: key, ConsistentRead: true }))).Item;
  };
  return {
    put: async (record) =>
      (await putIf(client, table, recordItem(record), 'attribute_not_exists(pk)')) ? 'written' : 'exists',
    get: async (model, sk) => {
      const item = await read(model, sk);
      return item === undefined ? undefined : recordOf(item);
    },
    between: (model, fromSk, toSk, limit) =>
      queryAll(client, table, model, {
        condition: 'sk BETWEEN :from AND :to',
        values: { ':from': fromSk, ':to': toSk },
        limit,
      }),
    last: (model, fromSk, toSk, limit) =>
      queryAll(client, table, model, {
        condition: 'sk BETWEEN :from AND :to',
        values: { ':from': fromSk, ':to': toSk },
        limit,
        backwards: true,
      }),
    newest: (model, kind, limit) =>
      queryAll(client, table, model, {
        condition: `begins_with(${TIME_ATTRIBUTE}, :kind)`,
        values: { ':kind': `${kind}#` },
        limit,
        backwards: true,
        index: BY_TIME,
      }),
    live: async (model) => {
      const item = await read(model, LIVE_POINTER);
      return item === undefined ? undefined : LivePointerSchema.parse(strings(item));
    },
    setLive: async (model, pointer, expectedPackageArn) => {
      const item = { pk: { S: modelPartition(model) }, sk: { S: LIVE_POINTER }, ...stringItem(pointer) };
      const written =
        expectedPackageArn === null
          ? await putIf(client, table, item, 'attribute_not_exists(pk)')
          : await putIf(client, table, item, 'packageArn = :expected', { ':expected': { S: expectedPackageArn } });
      return written ? 'written' : 'moved';
    },
  };
}

async function putIf(client: DynamoDBClient, table: string, item: Item, condition: string, values?: Item) {
  try {
    await client.send(
      new PutItemCommand({
        TableName: table,
        Item: item,
        ConditionExpression: condition,
        ExpressionAttributeValues: values,
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

interface SortKeys {
  readonly condition: string;
  readonly values: Readonly<Record<string, string>>;
  readonly limit?: number | undefined;
  readonly backwards?: boolean;
  readonly index?: string;
}

async function queryAll(client: DynamoDBClient, table: string, model: string, keys: SortKeys) {
  const { condition, values, limit, backwards = false, index } = keys;
  const records: LineageRecord[] = [];
  let start: Item | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: index,
        ScanIndexForward: !backwards,
        KeyConditionExpression: `pk = :pk AND ${condition}`,
        ExpressionAttributeValues: stringItem({ ':pk': modelPartition(model), ...values }),
        ConsistentRead: true,
        ExclusiveStartKey: start,
        Limit: limit,
      }),
    );
    records.push(...(page.Items ?? []).map(recordOf));
    start = page.LastEvaluatedKey;
  } while (start !== undefined && (limit === undefined || records.length < limit));
  return records;
}

/** A record as an item of the table. */
export function recordItem(record: LineageRecord): Item {
  const { parents, ...texts } = record;
  const timed = TIMED_KINDS.some((kind) => kind === record.kind);
  const byTime: Item = timed ? { [TIME_ATTRIBUTE]: { S: `${record.kind}#${record.at}` } } : {};
  return { ...stringItem(texts), ...byTime, parents: { L: parents.map((parent) => ({ S: parent })) } };
}

function recordOf(item: Item): LineageRecord {
  return LineageRecordSchema.parse({ ...strings(item), parents: (item.parents?.L ?? []).map((value) => value.S) });
}

function stringItem(texts: Readonly<Record<string, string>>): Item {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, { S: text }]));
}

function strings(item: Item): Record<string, string> {
  return Object.fromEntries(
    Object.entries(item).flatMap(([name, value]): [string, string][] =>
      value.S === undefined ? [] : [[name, value.S]],
    ),
  );
}
