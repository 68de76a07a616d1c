import { GetObjectCommand, NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import { windowKeys } from '../../contracts/keys.ts';
import type { EvidenceFile } from '../../contracts/lineage.ts';
import { outputOf } from './stack-output.ts';

/** The index of the ids that a window answered; undefined when none was kept. */
export type IdsOf = (windowEnd: string) => Promise<Uint8Array | undefined>;

/** From what a rehearsal left. */
export const idsLeft = ({ answered = {} }: EvidenceFile): IdsOf => {
  return async (windowEnd) => {
    const ids = answered[windowEnd];
    return ids === undefined ? undefined : Buffer.from(ids, 'base64');
  };
};

/** From the lake, with the caller's own credentials. */
export async function idsInLake({ platform, model }: EvidenceFile): Promise<IdsOf> {
  const bucket = await outputOf(platform, 'LakeBucket');
  const client = new S3Client({});
  return async (windowEnd) => {
    try {
      const key = windowKeys(model, windowEnd).ids;
      const object = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return await object.Body?.transformToByteArray();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  };
}
