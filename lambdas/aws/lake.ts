import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
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
  /** Every object below the prefix, in key order; with `range`, those of them whose keys are after `after` and before `before`. */
  list(prefix: string, range?: KeyRange): Promise<readonly ListedObject[]>;
  /** An object’s bytes as they come; with `versionId`, of exactly that version. */
  stream(key: string, versionId?: string): AsyncIterable<Uint8Array>;
  exists(key: string): Promise<boolean>;
  /** The bytes of one version from `from` to before `to`, or to its end when that comes first, as they come. */
  slice(object: ObjectVersion, from: number, to: number): AsyncIterable<Uint8Array>;
  /** Copies one version of an object of this bucket to another key, inside S3, whatever its size. */
  copy(object: ObjectVersion, bytes: number, key: string): Promise<void>;
}

/** An object of a listing. */
export interface ListedObject {
  readonly key: string;
  readonly size: number;
}

/** Keys between two, neither of them included. */
export interface KeyRange {
  readonly after: string;
  readonly before: string;
}

/** One version of an object. */
export interface ObjectVersion {
  readonly key: string;
  /** Left out: the newest. */
  readonly versionId?: string;
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
    list: (prefix, range) => listAll(client, bucket, prefix, range),
    stream: async function* (key, versionId) {
      yield* await body(key, versionId);
    },
    exists: (key) => exists(client, bucket, key),
    slice: async function* ({ key, versionId }, from, to) {
      const range = `bytes=${from}-${to - 1}`;
      const answer = await client.send(
        new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId, Range: range }),
      );
      if (!(answer.Body instanceof Readable)) return;
      // A server may answer a range with all there is.
      yield* answer.ContentRange === undefined ? between(answer.Body, from, to) : answer.Body;
    },
    copy: (object, bytes, key) => copyObject(client, bucket, { object, bytes, key }),
  };
}

/** The bytes from `from` to before `to` of a stream of all of them. */
async function* between(chunks: AsyncIterable<Uint8Array>, from: number, to: number): AsyncGenerator<Uint8Array> {
  let position = 0;
  for await (const chunk of chunks) {
    const part = chunk.subarray(Math.max(0, from - position), Math.max(0, to - position));
    if (part.length > 0) yield part;
    position += chunk.length;
    if (position >= to) return;
  }
}

/** What S3 copies in one request, and in one part of a larger copy. */
const [COPY_BYTES, COPY_PART_BYTES] = [5 * 2 ** 30, 2 ** 30];

async function copyObject(
  client: S3Client,
  bucket: string,
  { object, bytes, key }: { readonly object: ObjectVersion; readonly bytes: number; readonly key: string },
): Promise<void> {
  const path = object.key.split('/').map(encodeURIComponent).join('/');
  const version = object.versionId === undefined ? '' : `?versionId=${encodeURIComponent(object.versionId)}`;
  const target = { Bucket: bucket, Key: key, CopySource: `${bucket}/${path}${version}` };
  if (bytes <= COPY_BYTES) {
    // Tags of an upload are not needed, and copying them takes rights of their own.
    await client.send(new CopyObjectCommand({ ...target, TaggingDirective: 'REPLACE' }));
    return;
  }
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: key }));
  const parts = Array.from({ length: Math.ceil(bytes / COPY_PART_BYTES) }, async (_, index) => {
    const last = Math.min(bytes, (index + 1) * COPY_PART_BYTES) - 1;
    const part = { UploadId, PartNumber: index + 1, CopySourceRange: `bytes=${index * COPY_PART_BYTES}-${last}` };
    const { CopyPartResult } = await client.send(new UploadPartCopyCommand({ ...target, ...part }));
    return { PartNumber: index + 1, ETag: CopyPartResult?.ETag };
  });
  const MultipartUpload = { Parts: await Promise.all(parts) };
  await client.send(new CompleteMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId, MultipartUpload }));
}

async function listAll(client: S3Client, bucket: string, prefix: string, range?: KeyRange) {
  const found: ListedObject[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, StartAfter: range?.after, ContinuationToken: token }),
    );
    for (const { Key, Size = 0 } of page.Contents ?? []) {
      if (range !== undefined && Key !== undefined && Key >= range.before) return found;
      if (Key !== undefined) found.push({ key: Key, size: Size });
    }
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return found;
}

/** Asked by listing: where the right to list is bound to prefixes, S3 answers "forbidden" for an object that is not there. */
async function exists(client: S3Client, bucket: string, key: string): Promise<boolean> {
  const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: key, MaxKeys: 1 }));
  return page.Contents?.[0]?.Key === key;
}
