import { PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';

/** Writes an object where there is none yet; of many who write at once, one does. */
export type WriteOnce = (key: string, body: Uint8Array, contentType: string) => Promise<'written' | 'exists'>;

/** Writes once in one S3 bucket. */
export function writeOnce(bucket: string, client: S3Client = new S3Client({})): WriteOnce {
  return async (key, body, contentType) => {
    try {
      await client.send(
        new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: contentType, IfNoneMatch: '*' }),
      );
      return 'written';
    } catch (error) {
      // 412: there was one. 409: somebody else is just writing it.
      if (error instanceof S3ServiceException && [409, 412].includes(error.$metadata.httpStatusCode ?? 0))
        return 'exists';
      throw error;
    }
  };
}
