import { createReadStream, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { DataSchema } from '../../../../contracts/data-schema.ts';
import { DEFAULT_LARGE_UPLOADS, type LineShards } from '../../../../contracts/large-upload.ts';
import type { Duck } from '../../../../core/duckdb.ts';
import { linesOf, readFrom } from '../../../../core/intake/shards/byte-ranges.ts';
import { chooseRoute } from '../../../../core/intake/shards/choose-route.ts';
import { mergeShards, type Shard } from '../../../../core/intake/shards/merge-shards.ts';
import { type ValidatedShard, validateShard } from '../../../../core/intake/shards/validate-shard.ts';
import type { ValidatedFile } from '../../../../core/intake/validate-file.ts';

/** What an upload in memory is cut and judged with. */
export interface CutUpload {
  readonly schema: DataSchema;
  readonly name: string;
  readonly content: Buffer;
  readonly duck: Duck;
  /** A folder for everything that is written. */
  readonly folder: string;
  readonly shardBytes: number;
  readonly maxQuarantinedShare?: number;
}

/** Cuts an upload into shards, judges each, and puts them together. */
export async function inShards(upload: CutUpload): Promise<ValidatedFile> {
  const { schema, name, duck, folder, maxQuarantinedShare = 1 } = upload;
  const cut = shardsOf(upload);
  const shards: Shard[] = [];
  for (const index of cut.ranges.keys()) shards.push(shardOf(await judged(upload, cut, index)));
  const own = mkdtempSync(join(folder, 'merged-'));
  return mergeShards({ schema, name, duck, folder: own, maxQuarantinedShare, shards });
}

/** How the upload is cut. */
export function shardsOf({
  name,
  content,
  shardBytes,
}: Pick<CutUpload, 'name' | 'content' | 'shardBytes'>): LineShards {
  const limits = { ...DEFAULT_LARGE_UPLOADS, plainBytes: 1, shardBytes };
  const route = chooseRoute({ name, bytes: content.length, head: content.subarray(0, 1 << 20) }, limits);
  if (route.route !== 'map') throw new Error(`is not cut: ${JSON.stringify(route)}`);
  return route.shards;
}

/** One shard of it. */
export async function judged(
  { schema, content, duck, folder }: CutUpload,
  { format, headerBytes, ranges }: LineShards,
  index: number,
): Promise<ValidatedShard> {
  const range = ranges[index];
  if (range === undefined) throw new Error(`there is no shard ${index}`);
  const own = mkdtempSync(join(folder, 'shard-'));
  const bytes = [content.subarray(0, headerBytes)];
  // Odd chunks, so that lines, characters and line ends are cut in all ways.
  const rest = content.subarray(readFrom(range, index === 0));
  const chunks = Array.from({ length: Math.ceil(rest.length / 7) }, (_, at) => rest.subarray(7 * at, 7 * at + 7));
  for await (const lines of linesOf(range, index === 0, Readable.from(chunks, { objectMode: true })))
    bytes.push(Buffer.from(lines));
  const path = join(own, 'upload');
  writeFileSync(path, Buffer.concat(bytes));
  mkdirSync(join(own, 'out'));
  return validateShard({ schema, format, path, folder: join(own, 'out'), duck });
}

function shardOf({ outcome, parts, spoolPath, quarantinePath }: ValidatedShard): Shard {
  return {
    outcome,
    parts: async () => parts,
    rows: () => createReadStream(spoolPath, { highWaterMark: 1000 }),
    quarantine: async function* () {
      if (quarantinePath !== null) yield* readFileSync(quarantinePath, 'utf8').trimEnd().split('\n');
    },
  };
}
