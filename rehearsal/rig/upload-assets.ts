import { readFileSync } from 'node:fs';
import { CreateBucketCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Asset } from './assembly.ts';
import { packFolder } from './pack-folder.ts';

/** Puts the assets where the templates expect them, making the bootstrap buckets; what is there already stays, because keys are hashes. */
export async function uploadAssets(s3: S3Client, assets: readonly Asset[]): Promise<void> {
  for (const bucket of new Set(assets.map((asset) => asset.bucket)))
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const byKey = new Map(assets.map((asset) => [`${asset.bucket}/${asset.key}`, asset]));
  await Promise.all([...byKey.values()].map((asset) => upload(s3, asset)));
}

async function upload(s3: S3Client, asset: Asset): Promise<void> {
  const where = { Bucket: asset.bucket, Key: asset.key };
  if (await exists(s3, where)) return;
  const body = asset.packaging === 'file' ? readFileSync(asset.path) : packFolder(asset.path);
  await s3.send(new PutObjectCommand({ ...where, Body: body }));
}

async function exists(s3: S3Client, where: { Bucket: string; Key: string }): Promise<boolean> {
  try {
    await s3.send(new HeadObjectCommand(where));
    return true;
  } catch {
    return false;
  }
}
