import { createWriteStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { scratchKeys } from '../../contracts/keys.ts';
import { type ByteRange, type LineShards, LineShardsSchema } from '../../contracts/large-upload.ts';
import { openDuck } from '../../core/duckdb.ts';
import { DEFAULT_LIMITS } from '../../core/intake/read/row-sink.ts';
import { linesOf, readFrom } from '../../core/intake/shards/byte-ranges.ts';
import { validateShard } from '../../core/intake/shards/validate-shard.ts';
import { getPacked, putPacked } from '../aws/packed-json.ts';
import { inScratchFolder } from '../aws/scratch-folder.ts';
import type { IntakeTools, UploadIntake } from './intake-tools.ts';

/** How far beyond its range the last line of a shard may reach: twice the longest row that is read. */
const OVERHANG_BYTES = 2 * DEFAULT_LIMITS.maxRow;

/** Judges the rows of one shard by themselves and leaves what came of them in the lake, the outcome last. */
export async function judgeShard(
  { model, execution, upload }: UploadIntake,
  shard: number,
  { lake }: Pick<IntakeTools, 'lake'>,
): Promise<{ readonly rows: number }> {
  const keys = scratchKeys(model.name, execution);
  const cut = await getPacked(lake, keys.shards, LineShardsSchema);
  const range = cut.ranges[shard];
  if (range === undefined) throw new RangeError(`the upload has no shard ${shard}`);
  return inScratchFolder(async (folder) => {
    const path = join(folder, 'shard');
    await pipeline(bytesOf(cut, range, shard === 0), createWriteStream(path));
    const whole = shard === cut.ranges.length - 1 || (await endsLine(path));
    const out = join(folder, 'out');
    await mkdir(out);
    const duck = await openDuck({ folder: out });
    try {
      const now = new Date(upload.uploadedAt);
      const judged = await validateShard({ schema: model.data, format: cut.format, path, folder: out, duck, now });
      for (const [index, part] of judged.parts.entries())
        await lake.putFile(keys.part(shard, index), part.path, 'application/vnd.apache.parquet');
      if (judged.quarantinePath !== null)
        await lake.putFile(keys.quarantine(shard), judged.quarantinePath, 'application/jsonlines');
      await lake.putFile(keys.rows(shard), judged.spoolPath, 'application/octet-stream');
      const { outcome } = judged;
      await putPacked(lake, keys.outcome(shard), { ...outcome, splittable: outcome.splittable && whole });
      return { rows: outcome.rows };
    } finally {
      duck.close();
    }
  });

  async function* bytesOf({ headerBytes }: LineShards, { from, to }: ByteRange, first: boolean) {
    if (headerBytes > 0) yield* lake.slice(upload, 0, headerBytes);
    const begin = readFrom({ from, to }, first);
    const end = Math.min(upload.size, to + OVERHANG_BYTES);
    if (end > begin) yield* linesOf({ from, to }, first, lake.slice(upload, begin, end));
  }
}

/** Whether a file ends with a line end, or holds nothing. */
async function endsLine(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size === 0) return true;
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer[0] === 10;
  } finally {
    await file.close();
  }
}
