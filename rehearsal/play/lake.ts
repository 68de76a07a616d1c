import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { inboxPrefix, lakePrefix } from '../../contracts/keys.ts';
import { overlaySource } from './source-overlay.ts';

/** The lake as a user of the platform sees it. */
export interface LakeVisitor {
  upload(path: string, name: string): Promise<string>;
  newestReport(kind: 'intake' | 'window'): Promise<unknown>;
  /** Packs `folder` over the deployed source bundle and uploads it; returns its S3 URI. */
  uploadSource(folder: string, bundleUri: string): Promise<string>;
  listKeys(prefix: string): Promise<readonly string[]>;
  text(key: string): Promise<string>;
  bytes(key: string): Promise<Buffer>;
}

/** Reports of windows, whose keys sort by the end of the window; an older window may have been judged again later. */
const isWindowReport = (key: string): boolean => key.endsWith('/report.json');

/** A visitor of one model's part of the lake. */
export function lakeVisitor(s3: S3Client, bucket: string, model: string): LakeVisitor {
  const get = async (from: string, key: string) => {
    const object = await s3.send(new GetObjectCommand({ Bucket: from, Key: key }));
    return (await object.Body?.transformToByteArray()) ?? new Uint8Array();
  };
  const list = async (prefix: string) => {
    const found: { key: string; at: number }[] = [];
    let token: string | undefined;
    do {
      const page = await s3.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }),
      );
      for (const entry of page.Contents ?? [])
        if (entry.Key !== undefined) found.push({ key: entry.Key, at: entry.LastModified?.getTime() ?? 0 });
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return found.sort((a, b) => a.at - b.at || a.key.localeCompare(b.key)).map((entry) => entry.key);
  };
  const text = async (key: string) => Buffer.from(await get(bucket, key)).toString('utf8');
  return {
    listKeys: list,
    text,
    bytes: async (key) => Buffer.from(await get(bucket, key)),
    upload: async (path, name) => {
      const body = await readFile(path);
      const put = await s3.send(
        new PutObjectCommand({ Bucket: bucket, Key: `${inboxPrefix(model)}${name}`, Body: body }),
      );
      return put.VersionId ?? '';
    },
    newestReport: async (kind) => {
      const newest =
        kind === 'intake'
          ? (await list(lakePrefix.intakeReports(model))).filter((key) => key.endsWith('.json')).at(-1)
          : (await list(lakePrefix.monitoring(model))).filter(isWindowReport).sort().at(-1);
      return newest === undefined ? undefined : JSON.parse(await text(newest));
    },
    uploadSource: async (folder, bundleUri) => {
      const deployed = /^s3:\/\/([^/]+)\/(.+)$/.exec(bundleUri);
      if (deployed?.[1] === undefined || deployed[2] === undefined) throw new Error(`not an S3 URI: ${bundleUri}`);
      const bundle = await overlaySource(await get(deployed[1], deployed[2]), folder);
      const key = `${lakePrefix.code(model)}${createHash('sha256').update(bundle).digest('hex').slice(0, 16)}.tar.gz`;
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bundle }));
      return `s3://${bucket}/${key}`;
    },
  };
}
