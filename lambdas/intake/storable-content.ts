import { stat } from 'node:fs/promises';
import type { IntakeJobResult } from '../../contracts/intake-job.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import type { Baseline } from '../../contracts/profile.ts';
import type { Duck } from '../../core/duckdb.ts';
import type { AcceptedContent } from '../../core/intake/validate-file.ts';
import { fileSha256 } from '../../core/lineage/file-hash.ts';
import type { Lake } from '../aws/lake.ts';
import { contentProfile } from './content-profile.ts';

/** Accepted rows as they are registered, wherever their Parquet lies. */
export interface StorableContent extends Omit<AcceptedContent, 'parts'> {
  readonly parts: readonly StorablePart[];
  profile(): Promise<Baseline>;
}

/** One Parquet file of accepted rows. */
export interface StorablePart {
  sha256(): Promise<string>;
  bytes(): Promise<number>;
  put(key: string): Promise<void>;
}

/** Accepted rows on this disk. */
export function localContent(model: ModelConfig, content: AcceptedContent, duck: Duck, lake: Lake): StorableContent {
  return {
    ...content,
    profile: () => contentProfile(model, content, duck),
    parts: content.parts.map(({ path }) => ({
      sha256: () => fileSha256(path),
      bytes: async () => (await stat(path)).size,
      put: (key) => lake.putFile(key, path, 'application/vnd.apache.parquet'),
    })),
  };
}

/** Accepted rows that a processing job left below `folder` of the lake; they are copied there and never brought here. */
export function jobContent(
  { parts, profile, ...content }: NonNullable<IntakeJobResult['accepted']>,
  folder: string,
  lake: Lake,
): StorableContent {
  return {
    ...content,
    profile: async () => profile,
    parts: parts.map(({ file, sha256, bytes }) => ({
      sha256: async () => sha256,
      bytes: async () => bytes,
      put: (key) => lake.copy({ key: `${folder}${file}` }, bytes, key),
    })),
  };
}
