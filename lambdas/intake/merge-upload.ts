import { join } from 'node:path';
import { scratchKeys } from '../../contracts/keys.ts';
import { LineShardsSchema, type ShardOutcome, ShardOutcomeSchema } from '../../contracts/large-upload.ts';
import { linesOf } from '../../core/capture/lines.ts';
import { mergeShards, type Shard } from '../../core/intake/shards/merge-shards.ts';
import type { Part } from '../../core/intake/write-parts.ts';
import { getPacked } from '../aws/packed-json.ts';
import { streamSha256 } from '../aws/stream-sha256.ts';
import { versionToCompare } from './content-profile.ts';
import type { BegunIntake } from './freeze-intake.ts';
import type { IntakePlace, TakenUpload, UploadIntake } from './intake-tools.ts';

/** What the shards of an upload came to together; or why the upload cannot be cut. */
export async function mergeUpload(
  { model, execution, upload }: UploadIntake,
  { frozen }: BegunIntake,
  name: string,
  place: IntakePlace,
): Promise<TakenUpload | { readonly notCut: string }> {
  const { lake, folder, duck } = place;
  const keys = scratchKeys(model.name, execution);
  const { ranges } = await getPacked(lake, keys.shards, LineShardsSchema);
  const outcomes: ShardOutcome[] = [];
  for (const index of ranges.keys()) outcomes.push(await getPacked(lake, keys.outcome(index), ShardOutcomeSchema));
  const odd = outcomes.findIndex(({ splittable }) => !splittable);
  if (odd !== -1)
    return { notCut: `shard ${odd + 1} of ${outcomes.length} holds a quote, or a row larger than any that is read` };
  // No function but this one sees the whole upload; its hash is computed while the shards are put together.
  const hash = streamSha256(lake.stream(upload.key, upload.versionId));
  hash.catch(() => undefined);
  const previous = await versionToCompare(model, frozen.previous, place);
  const validated = await mergeShards({
    schema: model.data,
    maxQuarantinedShare: model.maxQuarantinedShare,
    name,
    folder,
    duck,
    now: new Date(upload.uploadedAt),
    ...(previous === undefined ? {} : { previous }),
    shards: outcomes.map((outcome, index) => shardOf(outcome, index, keys, place)),
  });
  const { bucket, key, versionId } = upload;
  const source = { bucket, key, versionId, sha256: await hash, rows: validated.report.rows.read };
  return { validated, sources: [source] };
}

function shardOf(
  outcome: ShardOutcome,
  index: number,
  keys: ReturnType<typeof scratchKeys>,
  { lake, folder }: IntakePlace,
): Shard {
  return {
    outcome,
    rows: () => lake.stream(keys.rows(index)),
    quarantine: () => (outcome.quarantined ? linesOf(lake.stream(keys.quarantine(index))) : none()),
    parts: async () => {
      const parts: Part[] = [];
      for (const [part, rows] of outcome.parts.entries()) {
        const path = join(folder, `shard-${index}-${part}.parquet`);
        await lake.download(keys.part(index, part), path);
        parts.push({ path, rows });
      }
      return parts;
    },
  };
}

async function* none(): AsyncGenerator<string> {}
