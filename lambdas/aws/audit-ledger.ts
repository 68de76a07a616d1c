import {
  type AttributeValue,
  DynamoDBClient,
  GetItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { AUDIT_COUNTER, type LineageRecord, modelPartition } from '../../contracts/records.ts';
import type { AuditHead } from '../../core/lineage/audit-chain.ts';
import { recordItem } from './lineage-table.ts';

/** The newest link, with the text of its record: whoever comes next stores it, if its writer died before it could. */
export interface StoredHead extends AuditHead {
  readonly text: string;
}

/** One more link of a chain, and the lineage record it vouches for. */
export interface Link {
  readonly model: string;
  readonly factId: string;
  readonly head: StoredHead;
  /** The link it follows; undefined for the first. */
  readonly after: AuditHead | undefined;
  /** The record to write in the same transaction; undefined when it is in the table already. */
  readonly record: LineageRecord | undefined;
}

/** Where audit records get their place in the chain, before they are stored in the locked bucket. */
export interface AuditLedger {
  head(model: string): Promise<StoredHead | undefined>;
  /** Text of the record that chains this fact, if one does. */
  entry(model: string, factId: string): Promise<string | undefined>;
  /** Writes record and link, all or nothing; `moved`: somebody else was faster, or one of them is there already. */
  append(link: Link): Promise<'written' | 'moved'>;
}

/** The ledger in the lineage table: `counter#audit` and one `audited#<fact>` item per record. */
export function dynamoLedger(table: string, client: DynamoDBClient = new DynamoDBClient({})): AuditLedger {
  const read = async (model: string, sk: string) => {
    const key = { pk: { S: modelPartition(model) }, sk: { S: sk } };
    return (await client.send(new GetItemCommand({ TableName: table, Key: key, ConsistentRead: true }))).Item;
  };
  return {
    head: async (model) => headOf(await read(model, AUDIT_COUNTER)),
    entry: async (model, factId) => (await read(model, auditedSort(factId)))?.text?.S,
    append: async (link) => {
      try {
        await client.send(new TransactWriteItemsCommand({ TransactItems: [...transaction(table, link)] }));
        return 'written';
      } catch (error) {
        if (error instanceof TransactionCanceledException && conflicted(error)) return 'moved';
        throw error;
      }
    },
  };
}

function transaction(table: string, { model, factId, head, after, record }: Link) {
  const pk = { S: modelPartition(model) };
  const absent = { TableName: table, ConditionExpression: 'attribute_not_exists(pk)' };
  const counter = {
    pk,
    sk: { S: AUDIT_COUNTER },
    sequence: { N: String(head.sequence) },
    sha256: { S: head.sha256 },
    text: { S: head.text },
  };
  const unmoved = {
    TableName: table,
    ConditionExpression: '#sequence = :sequence AND #sha256 = :sha256',
    ExpressionAttributeNames: { '#sequence': 'sequence', '#sha256': 'sha256' },
    ExpressionAttributeValues: { ':sequence': { N: String(after?.sequence) }, ':sha256': { S: after?.sha256 ?? '' } },
  };
  return [
    { Put: { ...(after === undefined ? absent : unmoved), Item: counter } },
    { Put: { ...absent, Item: { pk, sk: { S: auditedSort(factId) }, text: { S: head.text } } } },
    ...(record === undefined ? [] : [{ Put: { ...absent, Item: recordItem(record) } }]),
  ];
}

const auditedSort = (factId: string) => `audited#${factId}`;

function headOf(item: Record<string, AttributeValue> | undefined): StoredHead | undefined {
  const [sequence, sha256, text] = [item?.sequence?.N, item?.sha256?.S, item?.text?.S];
  if (sequence === undefined || sha256 === undefined || text === undefined) return undefined;
  return { sequence: Number(sequence), sha256, text };
}

function conflicted(error: TransactionCanceledException): boolean {
  const reasons = error.CancellationReasons ?? [];
  return reasons.some(({ Code }) => Code === 'ConditionalCheckFailed' || Code === 'TransactionConflict');
}
