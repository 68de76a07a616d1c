import { type AttributeValue, type DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import {
  AUDIT_COUNTER,
  DatasetDetailSchema,
  LIVE_POINTER,
  type LineageRecord,
  LineageRecordSchema,
  type LivePointer,
  LivePointerSchema,
  modelPartition,
  type RecordKind,
} from '../../contracts/records.ts';

/** Reads the lineage table as an auditor would: over the API, by model. */
export interface LineageReader {
  records(kind: RecordKind): Promise<readonly LineageRecord[]>;
  datasetVersions(): Promise<readonly { version: string; rows: number; source: string }[]>;
  live(): Promise<LivePointer | undefined>;
  /** Number and hash of the newest audit record as the table counts it. */
  auditHead(): Promise<{ readonly sequence: number; readonly sha256: string } | null>;
}

const AuditHeadSchema = z.object({ sequence: z.int(), sha256: z.string() });

/** A reader of one model's records in `table`. */
export function lineageReader(dynamodb: DynamoDBClient, table: string, model: string): LineageReader {
  const records = async (kind: RecordKind) => {
    const found: LineageRecord[] = [];
    let from: Record<string, AttributeValue> | undefined;
    do {
      const page = await dynamodb.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
          ExpressionAttributeValues: { ':pk': { S: modelPartition(model) }, ':sk': { S: `${kind}#` } },
          ExclusiveStartKey: from,
        }),
      );
      for (const item of page.Items ?? []) found.push(LineageRecordSchema.parse(plainItem(item)));
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
    return found.sort((a, b) => a.at.localeCompare(b.at));
  };
  const get = async (sk: string) => {
    const key = { pk: { S: modelPartition(model) }, sk: { S: sk } };
    return (await dynamodb.send(new GetItemCommand({ TableName: table, Key: key, ConsistentRead: true }))).Item;
  };
  return {
    records,
    datasetVersions: async () =>
      (await records('dataset')).map((record) => {
        const detail = DatasetDetailSchema.parse(JSON.parse(record.detail));
        return { version: detail.version, rows: detail.rows, source: detail.sources[0]?.key ?? '' };
      }),
    live: async () => {
      const item = await get(LIVE_POINTER);
      return item === undefined ? undefined : LivePointerSchema.parse(plainItem(item));
    },
    auditHead: async () => {
      const item = await get(AUDIT_COUNTER);
      return item === undefined ? null : AuditHeadSchema.parse(plainItem(item));
    },
  };
}

function plainItem(item: Record<string, AttributeValue>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: AttributeValue): unknown {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.L !== undefined) return value.L.map(plainValue);
  if (value.SS !== undefined) return value.SS;
  if (value.M !== undefined) return plainItem(value.M);
  return null;
}
