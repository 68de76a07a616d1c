import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  S3Client,
} from '@aws-sdk/client-s3';
import { auditPrefix } from '../../contracts/keys.ts';
import type { EvidenceFile } from '../../contracts/lineage.ts';
import { AUDIT_COUNTER, modelPartition } from '../../contracts/records.ts';

/** Objects asked for at once; one after the other, ten thousand records would take minutes. */
const AT_ONCE = 32;

/**
 * Every version of every audit record of a model, in order of key and oldest first: one that was written over, or hidden by a delete
 * marker, is still read.
 */
export async function auditRecords(bucket: string, model: string): Promise<EvidenceFile['audit']> {
  const client = new S3Client({});
  const versions = await versionsBelow(client, bucket, auditPrefix(model));
  const audit: EvidenceFile['audit'] = [];
  for (let from = 0; from < versions.length; from += AT_ONCE)
    audit.push(
      ...(await Promise.all(
        versions.slice(from, from + AT_ONCE).map(async ({ key, id }) => {
          const object = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: id }));
          return { key, text: (await object.Body?.transformToString()) ?? '' };
        }),
      )),
    );
  return audit;
}

interface Version {
  readonly key: string;
  readonly id: string | undefined;
  readonly at: number;
}

async function versionsBelow(client: S3Client, bucket: string, prefix: string): Promise<readonly Version[]> {
  const versions: Version[] = [];
  let page: ListObjectVersionsCommandOutput | undefined;
  do {
    page = await client.send(
      new ListObjectVersionsCommand({
        Bucket: bucket,
        Prefix: prefix,
        KeyMarker: page?.NextKeyMarker,
        VersionIdMarker: page?.NextVersionIdMarker,
      }),
    );
    for (const { Key: key, VersionId: id, LastModified } of page.Versions ?? [])
      if (key !== undefined) versions.push({ key, id, at: LastModified?.getTime() ?? 0 });
  } while (page.IsTruncated === true);
  return versions.sort((a, b) => (a.key === b.key ? a.at - b.at : a.key < b.key ? -1 : 1));
}

/** The newest audit record as the lineage table counts it; null when nothing was recorded yet. */
export async function auditHead(table: string, model: string): Promise<EvidenceFile['auditHead']> {
  const key = { pk: { S: modelPartition(model) }, sk: { S: AUDIT_COUNTER } };
  const { Item } = await new DynamoDBClient({}).send(
    new GetItemCommand({ TableName: table, Key: key, ConsistentRead: true }),
  );
  const [sequence, sha256] = [Item?.sequence?.N, Item?.sha256?.S];
  return sequence === undefined || sha256 === undefined ? null : { sequence: Number(sequence), sha256 };
}
