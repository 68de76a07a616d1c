import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { auditPrefix } from '../../contracts/keys.ts';
import type { EvidenceFile } from '../../contracts/lineage.ts';
import { stackName, tableName } from '../../contracts/names.ts';
import { ModelwayError } from '../../contracts/problems.ts';
import { type LineageRecord, LineageRecordSchema, modelPartition, RECORD_KINDS } from '../../contracts/records.ts';

/** Reads a model's lineage and audit records with the caller's own credentials. */
export async function readFromAws(platform: string, model: string): Promise<EvidenceFile> {
  try {
    const bucket = await auditBucket(platform);
    return {
      platform,
      model,
      records: await lineageRecords(platform, model),
      audit: await auditRecords(bucket, model),
    };
  } catch (cause) {
    if (cause instanceof ModelwayError) throw cause;
    const message = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    const fix = 'check credentials and region (AWS_PROFILE, AWS_REGION), or read a rehearsal with --rehearsal';
    throw new ModelwayError('aws-unreachable', 'aws', [{ path: 'AWS', message, fix }], { cause });
  }
}

async function auditBucket(platform: string): Promise<string> {
  const answer = await new CloudFormationClient({}).send(
    new DescribeStacksCommand({ StackName: stackName.platform(platform) }),
  );
  const output = answer.Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'AuditBucket')?.OutputValue;
  if (output !== undefined) return output;
  throw new ModelwayError('not-deployed', 'aws', [
    {
      path: stackName.platform(platform),
      message: 'has no output AuditBucket',
      fix: 'deploy it with npx cdk deploy --all',
    },
  ]);
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

async function auditRecords(bucket: string, model: string): Promise<EvidenceFile['audit']> {
  const client = new S3Client({});
  const audit: EvidenceFile['audit'] = [];
  for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: auditPrefix(model) }))
    for (const { Key } of page.Contents ?? []) {
      if (Key === undefined) continue;
      const object = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
      audit.push({ key: Key, text: (await object.Body?.transformToString()) ?? '' });
    }
  return audit;
}
