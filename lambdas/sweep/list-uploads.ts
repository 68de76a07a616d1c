import type { S3Client } from '@aws-sdk/client-s3';
import { INBOX_PREFIX } from '../../contracts/keys.ts';
import type { IntakeInput } from '../../contracts/machines.ts';
import { listVersions } from '../aws/object-versions.ts';

/** Every object version below the inbox: an overwritten key is another upload. */
export async function* listUploads(bucket: string, client?: S3Client): AsyncGenerator<IntakeInput> {
  for await (const { key, versionId, size, etag, at } of listVersions(bucket, INBOX_PREFIX, client))
    yield { bucket, key, versionId, size, etag, uploadedAt: at };
}
