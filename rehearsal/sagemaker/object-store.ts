import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';

/** Why S3 refused; `reason` is S3's own error code, made the same for calls with and without a body. */
export class ObjectRefused extends Error {
  readonly reason: string;

  constructor(uri: string, reason: string, options?: ErrorOptions) {
    super(`${uri}: ${reason}`, options);
    this.name = 'ObjectRefused';
    this.reason = reason;
  }
}

export interface PutOptions {
  readonly kmsKeyId?: string | undefined;
  readonly contentType?: string;
}

/** Objects by `s3://` address, with the rights of one role. Every method throws `ObjectRefused` when S3 says no. */
export interface ObjectStore {
  get(uri: string): Promise<Buffer>;
  /** Something that changes whenever the object does. */
  identity(uri: string): Promise<string>;
  put(uri: string, body: Buffer | string, options?: PutOptions): Promise<void>;
  /** Addresses of every object whose key begins with that of `uri`, in the order of keys. */
  list(uri: string): Promise<readonly string[]>;
}

/** The bucket and key of an `s3://` address. @throws when it is none */
export function partsOf(uri: string): { readonly bucket: string; readonly key: string } {
  const match = /^s3:\/\/([^/]+)\/?(.*)$/.exec(uri);
  if (match?.[1] === undefined) throw new ObjectRefused(uri, 'not an s3:// address');
  return { bucket: match[1], key: match[2] ?? '' };
}

/** `uri` without slashes at its end. */
export const withoutSlash = (uri: string) => uri.replace(/\/+$/, '');

/** Objects over the wire. */
export function objectStore(s3: S3Client): ObjectStore {
  const at = (uri: string) => {
    const { bucket, key } = partsOf(uri);
    return { Bucket: bucket, Key: key };
  };
  return {
    get: (uri) =>
      refusedAs(uri, async () => {
        const found = await s3.send(new GetObjectCommand(at(uri)));
        return Buffer.from((await found.Body?.transformToByteArray()) ?? []);
      }),
    identity: (uri) =>
      refusedAs(uri, async () => {
        const found = await s3.send(new HeadObjectCommand(at(uri)));
        return `${found.ETag ?? ''}${found.VersionId ?? ''}`;
      }),
    put: (uri, body, options = {}) =>
      refusedAs(uri, async () => {
        const encrypted = options.kmsKeyId
          ? { ServerSideEncryption: 'aws:kms' as const, SSEKMSKeyId: options.kmsKeyId }
          : {};
        await s3.send(new PutObjectCommand({ ...at(uri), Body: body, ContentType: options.contentType, ...encrypted }));
      }),
    list: (uri) => refusedAs(uri, () => listAll(s3, uri)),
  };
}

async function listAll(s3: S3Client, uri: string): Promise<readonly string[]> {
  const { bucket, key } = partsOf(uri);
  const found: string[] = [];
  let next: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: key, ContinuationToken: next }));
    found.push(...(page.Contents ?? []).flatMap((object) => (object.Key ? [`s3://${bucket}/${object.Key}`] : [])));
    next = page.NextContinuationToken;
  } while (next !== undefined);
  return found;
}

async function refusedAs<T>(uri: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw error;
    // An answer to HEAD has no body, so the SDK knows only the status.
    const byStatus: Readonly<Record<number, string>> = { 403: 'AccessDenied', 404: 'NotFound' };
    throw new ObjectRefused(uri, byStatus[error.$metadata.httpStatusCode ?? 0] ?? error.name, { cause: error });
  }
}
