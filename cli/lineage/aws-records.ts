import { DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import type { EvidenceFile } from '../../contracts/lineage.ts';
import { tableName } from '../../contracts/names.ts';
import { ModelwayError } from '../../contracts/problems.ts';
import { type LineageRecord, LineageRecordSchema, modelPartition, RECORD_KINDS } from '../../contracts/records.ts';
import { auditHead, auditRecords } from '../audit/aws-audit.ts';
import { outputOf } from './stack-output.ts';

/** How often to begin again when something was recorded meanwhile. */
const MOST_READS = 5;

/** Reads a model's lineage and audit records with the caller's own credentials. */
export async function readFromAws(platform: string, model: string): Promise<EvidenceFile> {
  try {
    const bucket = await outputOf(platform, 'AuditBucket');
    for (let tries = 1; ; tries++) {
      const before = await auditHead(tableName(platform), model);
      const records = await lineageRecords(platform, model);
      const audit = await auditRecords(bucket, model);
      const after = await auditHead(tableName(platform), model);
      // What is recorded while we read must not look like records that were added or cut off.
      const settled = before?.sequence === after?.sequence && audit.length > (after?.sequence ?? -1);
      if (settled || tries === MOST_READS) return { platform, model, records, audit, auditHead: after ?? null };
    }
  } catch (cause) {
    if (cause instanceof ModelwayError) throw cause;
    const message = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    const fix = 'check credentials and region (AWS_PROFILE, AWS_REGION), or read a rehearsal with --rehearsal';
    throw new ModelwayError('aws-unreachable', 'aws', [{ path: 'AWS', message, fix }], { cause });
  }
}

async function lineageRecords(platform: string, model: string): Promise<LineageRecord[]> {
  const pages = paginateQuery(
    { client: new DynamoDBClient({}) },
    {
      TableName: tableName(platform),
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: modelPartition(model) } },
    },
  );
  const records: LineageRecord[] = [];
  for await (const page of pages)
    for (const item of page.Items ?? []) {
      // Pointers, locks and counters share the table.
      if (!RECORD_KINDS.some((kind) => kind === item.kind?.S)) continue;
      const texts = Object.entries(item).flatMap(([name, value]) => (value.S === undefined ? [] : [[name, value.S]]));
      records.push(
        LineageRecordSchema.parse({ ...Object.fromEntries(texts), parents: (item.parents?.L ?? []).map(({ S }) => S) }),
      );
    }
  return records;
}
