import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { ObjectRefused, type ObjectStore, partsOf } from './object-store.ts';
import { JobFailure } from './service-error.ts';

export const S3DataSourceSchema = z.looseObject({
  S3DataType: z.enum(['S3Prefix', 'ManifestFile']),
  S3Uri: z.string(),
});
export type S3DataSource = z.infer<typeof S3DataSourceSchema>;

const ManifestSchema = z.tuple([z.object({ prefix: z.string() })]).rest(z.string());

/** One object and where it lies below the channel's folder. */
interface ChannelFile {
  readonly uri: string;
  readonly relative: string;
}

/** Puts the files of a channel below `folder`, as the service lays them out. @throws JobFailure in the service's words */
export async function downloadChannel(
  objects: ObjectStore,
  source: S3DataSource,
  folder: string,
  role: string,
): Promise<readonly string[]> {
  const files = await filesOf(objects, source, role);
  if (files.length === 0) throw new JobFailure(noObjects(source.S3Uri, role));
  for (const { uri, relative } of files) {
    const target = path.join(folder, relative);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, await contentOf(objects, uri));
  }
  return files.map((file) => file.relative);
}

async function filesOf(objects: ObjectStore, source: S3DataSource, role: string): Promise<readonly ChannelFile[]> {
  try {
    return source.S3DataType === 'ManifestFile'
      ? manifestFiles(await objects.get(source.S3Uri))
      : prefixFiles(source.S3Uri, await objects.list(source.S3Uri));
  } catch (error) {
    if (!(error instanceof ObjectRefused)) throw error;
    throw new JobFailure(`${noObjects(source.S3Uri, role)} Error message from S3: ${error.reason}`, { cause: error });
  }
}

function manifestFiles(text: Buffer): readonly ChannelFile[] {
  const [{ prefix }, ...names] = ManifestSchema.parse(JSON.parse(text.toString()));
  return names.map((name) => ({ uri: `${prefix}${name}`, relative: name }));
}

/** A prefix that names a folder is left off; one that ends within a name keeps the name. Exported for its tests. */
export function prefixFiles(uri: string, found: readonly string[]): readonly ChannelFile[] {
  const { key: prefix } = partsOf(uri);
  return found.flatMap((address) => {
    const { key } = partsOf(address);
    if (key.endsWith('/')) return [];
    const folder =
      prefix === '' || prefix.endsWith('/')
        ? prefix
        : key.startsWith(`${prefix}/`)
          ? `${prefix}/`
          : prefix.slice(0, prefix.lastIndexOf('/') + 1);
    return [{ uri: address, relative: key.slice(folder.length) }];
  });
}

async function contentOf(objects: ObjectStore, uri: string): Promise<Buffer> {
  try {
    return await objects.get(uri);
  } catch (error) {
    if (!(error instanceof ObjectRefused)) throw error;
    throw new JobFailure(`ClientError: Data download failed:Failed to download data. ${uri}: ${error.reason}`, {
      cause: error,
    });
  }
}

function noObjects(uri: string, role: string): string {
  return (
    `ClientError: Data download failed:No S3 objects found under S3 URL "${uri}" given in input data source. ` +
    'Please ensure that the bucket exists in the selected region (us-east-1), that objects exist under that S3 prefix, ' +
    `and that the role "${role}" has "s3:ListBucket" permissions on bucket "${partsOf(uri).bucket}".`
  );
}
