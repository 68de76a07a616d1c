import { resolve } from 'node:path';
import { CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Asset } from './assembly.ts';
import type { Control } from './control.ts';

/** Puts the assets where the templates expect them, making the bootstrap buckets. */
export async function uploadAssets(s3: S3Client, control: Control, assets: readonly Asset[]): Promise<void> {
  for (const bucket of new Set(assets.map((asset) => asset.bucket))) {
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    // Stacks share assets; a key is a hash, so one copy is enough.
    const byKey = new Map(assets.filter((asset) => asset.bucket === bucket).map((asset) => [asset.key, asset]));
    const files = [...byKey.values()].map(({ path, packaging, key }) => ({ path: resolve(path), packaging, key }));
    await control.publish(bucket, files);
  }
}
