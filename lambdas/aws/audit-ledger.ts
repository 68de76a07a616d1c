import {
  type AttributeValue,
  DynamoDBClient,
  GetItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { AUDIT_COUNTER, modelPartition } from '../../contracts/records.ts';
import type { AuditHead } from '../../core/lineage/audit-chain.ts';

/** Where audit records get their place in the chain, before they are stored in the locked bucket. */
export interface AuditLedger {
  head(model: string): Promise<AuditHead | undefined>;
  /** Text of the record that chains this fact, if one does. */
  entry(model: string, factId: string): Promise<string | undefined>;
  /** Chains one record behind `after`, all or nothing; `moved`: somebody else was faster, or the fact is chained already. */
  append(model: string, factId: string, text: string, head: AuditHead, after?: AuditHead): Promise<'written' | 'moved'>;
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
    append: async (model, factId, text, head, after) => {
      const pk = { S: modelPartition(model) };
      const counter = {
        pk,
        sk: { S: AUDIT_COUNTER },
        sequence: { N: String(head.sequence) },
        sha256: { S: head.sha256 },
      };
      const unmoved =
        after === undefined
          ? { ConditionExpression: 'attribute_not_exists(pk)' }
          : {
              ConditionExpression: '#sequence = :sequence',
              ExpressionAttributeNames: { '#sequence': 'sequence' },
              ExpressionAttributeValues: { ':sequence': { N: String(after.sequence) } },
            };
      const entry = { pk, sk: { S: auditedSort(factId) }, text: { S: text } };
      try {
        await client.send(
          new TransactWriteItemsCommand({
            TransactItems: [
              { Put: { TableName: table, Item: counter, ...unmoved } },
              { Put: { TableName: table, Item: entry, ConditionExpression: 'attribute_not_exists(pk)' } },
            ],
          }),
        );
        return 'written';
      } catch (error) {
        if (error instanceof TransactionCanceledException && conflicted(error)) return 'moved';
        throw error;
      }
    },
  };
}

const auditedSort = (factId: string) => `audited#${factId}`;

function headOf(item: Record<string, AttributeValue> | undefined): AuditHead | undefined {
  const [sequence, hash] = [item?.sequence?.N, item?.sha256?.S];
  return sequence === undefined || hash === undefined ? undefined : { sequence: Number(sequence), sha256: hash };
}

function conflicted(error: TransactionCanceledException): boolean {
  const reasons = error.CancellationReasons ?? [];
  return reasons.some(({ Code }) => Code === 'ConditionalCheckFailed' || Code === 'TransactionConflict');
}
