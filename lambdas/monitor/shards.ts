import { z } from 'zod';
import type { FunctionOutput } from '../../contracts/functions.ts';
import { windowKeys } from '../../contracts/keys.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import type { JudgedWindow, WindowTask } from '../../contracts/monitoring-steps.ts';
import { type Answering, type CaptureFiles, ShardPlanSchema, WindowCountsSchema } from '../../contracts/window.ts';
import { canonicalJson, sha256 } from '../../core/lineage/canonical-json.ts';
import { mergeCounts } from '../../core/monitoring/merge-counts.ts';
import { planShards, type SizedFile } from '../../core/monitoring/plan-shards.ts';
import { getPacked, putPacked } from '../aws/packed-json.ts';
import { countFiles } from './count-files.ts';
import { judgeWindow } from './judge-window.ts';
import type { MonitorTools } from './monitor-tools.ts';
import { pastWindows } from './past-windows.ts';
import { storedReport } from './stored-report.ts';

const ShardFilesSchema = z.array(z.string());

/**
 * Cuts the capture files of a window into shards and writes down which files each one has. The plan is named by what it holds, so a
 * window that is planned again from the same files is counted into the same objects.
 */
export async function planShardsOf(
  given: {
    readonly model: string;
    readonly task: WindowTask;
    readonly answering: Answering;
    readonly files: readonly SizedFile[];
    readonly own: CaptureFiles;
    readonly labels: readonly SizedFile[];
  },
  { lake, shardBytes }: MonitorTools,
): Promise<Extract<FunctionOutput<'monitor'>, { outcome: 'planned' }>> {
  const { model, task, answering, files, own, labels } = given;
  const { because: _, ...window } = task;
  const shards = planShards(files, shardBytes);
  const id = sha256(canonicalJson({ window, answering, labels, shards })).slice(0, 16);
  const keys = windowKeys(model, window.to);
  for (const [shard, inShard] of shards.entries()) {
    const names = inShard.map(({ key }) => key);
    await putPacked(lake, keys.shardFiles(id, shard), names);
  }
  const plan = { id, window, answering, files: own, labels, shards: shards.length };
  await putPacked(lake, keys.plan(id), plan);
  return { outcome: 'planned', task, plan: id, shards: shards.map((__, shard) => shard) };
}

/** Counts the files of one shard and stores the counts. */
export async function countShard(
  model: ModelConfig,
  { window, plan: id, shard }: { readonly window: string; readonly plan: string; readonly shard: number },
  tools: MonitorTools,
): Promise<FunctionOutput<'monitor'>> {
  const keys = windowKeys(model.name, window);
  const [plan, files] = await Promise.all([
    getPacked(tools.lake, keys.plan(id), ShardPlanSchema),
    getPacked(tools.lake, keys.shardFiles(id, shard), ShardFilesSchema),
  ]);
  const { answering, labels, shards } = plan;
  const part = { shard, shards };
  const counts = await countFiles(model, { window: plan.window, answering, keys: files, labels, part }, tools);
  await putPacked(tools.lake, keys.shardCounts(id, shard), counts);
  return { outcome: 'counted', rows: counts.captured.rows };
}

/** Adds the counts of all shards up, one after another, and judges the window. */
export async function mergeShards(
  model: ModelConfig,
  { task, plan: id }: { readonly task: WindowTask; readonly plan: string },
  tools: MonitorTools,
): Promise<JudgedWindow> {
  const keys = windowKeys(model.name, task.to);
  const { answering, files, shards } = await getPacked(tools.lake, keys.plan(id), ShardPlanSchema);
  const read = (shard: number) => getPacked(tools.lake, keys.shardCounts(id, shard), WindowCountsSchema);
  let counts = await read(0);
  for (let shard = 1; shard < shards; shard += 1) counts = mergeCounts(counts, await read(shard));
  const past = await pastWindows(model, task, tools.lineage);
  const stored = await storedReport(model.name, task, past, tools.lake);
  return judgeWindow({ model, task, answering, files, counts, past, stored }, tools);
}
