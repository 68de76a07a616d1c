import {
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type ObjectVersion,
  S3Client,
} from '@aws-sdk/client-s3';
import { INBOX_PREFIX } from '../../contracts/keys.ts';
import type { IntakeInput } from '../../contracts/machines.ts';

/** Every object version below the inbox: an overwritten key is another upload, a deleted one is none. */
export async function* listUploads(bucket: string, client = new S3Client({})): AsyncGenerator<IntakeInput> {
  let next: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {};
  while (next !== undefined) {
    const page: ListObjectVersionsCommandOutput = await client.send(
      new ListObjectVersionsCommand({ Bucket: bucket, Prefix: INBOX_PREFIX, ...next }),
    );
    for (const version of page.Versions ?? []) yield* uploadOf(bucket, version);
    next =
      page.IsTruncated === true
        ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
        : undefined;
  }
}

function uploadOf(bucket: string, { Key, VersionId, Size, ETag, LastModified }: ObjectVersion): readonly IntakeInput[] {
  if (Key === undefined || VersionId === undefined || LastModified === undefined) return [];
  // Events spell the tag without the quotes that listings have.
  const etag = (ETag ?? '').replaceAll('"', '');
  return [{ bucket, key: Key, versionId: VersionId, size: Size ?? 0, etag, uploadedAt: LastModified.toISOString() }];
}
