import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ModelwayError } from '../../contracts/problems.ts';

/** One bucket as handlers see it: keys of `contracts/keys.ts` in, text, bytes and files out. */
export interface Lake {
  getText(key: string): Promise<string>;
  getBytes(key: string): Promise<Uint8Array>;
  putText(key: string, body: string, contentType: string): Promise<void>;
  putBytes(key: string, body: Uint8Array, contentType: string): Promise<void>;
  /** Uploads a local file in one request (at most 5 GB). */
  putFile(key: string, path: string, contentType: string): Promise<void>;
  /** Writes an object to a local file without holding it in memory; with `versionId`, exactly that version. */
  download(key: string, path: string, versionId?: string): Promise<void>;
  /** Every object below the prefix, in key order. */
  list(prefix: string): Promise<readonly { readonly key: string; readonly size: number }[]>;
  /** An object’s bytes as they come; with `versionId`, of exactly that version. */
  stream(key: string, versionId?: string): AsyncIterable<Uint8Array>;
  exists(key: string): Promise<boolean>;
}

/** A lake over one S3 bucket. */
export function s3Lake(bucket: string, client: S3Client = new S3Client({})): Lake {
  const body = async (key: string, versionId?: string): Promise<Readable> => {
    const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }));
    if (answer.Body instanceof Readable) return answer.Body;
    throw new ModelwayError('empty-answer', 'aws', [{ path: `s3://${bucket}/${key}`, message: 'came without a body' }]);
  };
  const getBytes = async (key: string) => buffer(await body(key));
  const put = async (key: string, content: string | Uint8Array | Readable, contentType: string, length?: number) => {
    await client.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: content,
        ContentType: contentType,
        ContentLength: length,
      }),
    );
  };
  return {
    getBytes,
    getText: async (key) => (await getBytes(key)).toString('utf8'),
    putText: (key, text, contentType) => put(key, text, contentType),
    putBytes: (key, bytes, contentType) => put(key, bytes, contentType),
    putFile: async (key, path, contentType) => put(key, createReadStream(path), contentType, (await stat(path)).size),
    download: async (key, path, versionId) => pipeline(await body(key, versionId), createWriteStream(path)),
    list: (prefix) => listAll(client, bucket, prefix),
    stream: async function* (key, versionId) {
      yield* await body(key, versionId);
    },
    exists: (key) => exists(client, bucket, key),
  };
}

async function listAll(client: S3Client, bucket: string, prefix: string) {
  const found: { key: string; size: number }[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }),
    );
    for (const item of page.Contents ?? [])
      if (item.Key !== undefined) found.push({ key: item.Key, size: item.Size ?? 0 });
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return found;
}

/** Asked by listing: where the right to list is bound to prefixes, S3 answers "forbidden" for an object that is not there. */
async function exists(client: S3Client, bucket: string, key: string): Promise<boolean> {
  const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: key, MaxKeys: 1 }));
  return page.Contents?.[0]?.Key === key;
}
