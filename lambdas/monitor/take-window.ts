import type { FunctionOutput } from '../../contracts/functions.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import type { WindowTask } from '../../contracts/monitoring-steps.ts';
import type { Window } from '../../contracts/window.ts';
import type { SizedFile } from '../../core/monitoring/plan-shards.ts';
import { answeringIn } from './answering.ts';
import type { CaptureListing } from './capture-files.ts';
import { countFiles } from './count-files.ts';
import { judgeWindow } from './judge-window.ts';
import type { MonitorTools } from './monitor-tools.ts';
import { pastWindows } from './past-windows.ts';
import { planShardsOf } from './shards.ts';
import { HELD_LABEL_BYTES } from './sizes.ts';
import { storedReport } from './stored-report.ts';
import { labelFiles } from './window-labels.ts';
import { withoutModel } from './without-model.ts';

/** A judged window, or the plan of a large one. */
export type WindowOutcome = Exclude<FunctionOutput<'monitor'>, { outcome: 'counted' }>;

/** Judges one window, or plans how to when its capture files are too large for one invocation. */
export async function takeWindow(
  model: ModelConfig,
  task: WindowTask,
  list: (window: Window) => Promise<CaptureListing>,
  tools: MonitorTools,
): Promise<WindowOutcome> {
  const past = await pastWindows(model, task, tools.lineage);
  const stored = await storedReport(model.name, task, past, tools.lake);
  const answering = stored?.answering ?? (await answeringIn(model.name, task, past, tools.lineage));
  if (answering === undefined) return withoutModel(model, task, tools);
  const [{ files, bytes, own }, labels] = await Promise.all([list(task), labelFiles(model.name, task.to, tools.lake)]);
  if (isLarge(bytes, bytesOf(labels), tools))
    return planShardsOf({ model: model.name, task, answering, files, own, labels }, tools);
  const keys = files.map(({ key }) => key);
  const part = { shard: 0, shards: 1 };
  const counts = await countFiles(model, { window: task, answering, keys, labels, part }, tools);
  return judgeWindow({ model, task, answering, files: own, counts, past, stored }, tools);
}

/** Labels of every row of a large window are more than fits beside its counts; a shard has those of its own rows. */
const isLarge = (captureBytes: number, labelBytes: number, { wholeBytes, shardBytes, heldLabelBytes }: MonitorTools) =>
  captureBytes > wholeBytes || (captureBytes > shardBytes && labelBytes > (heldLabelBytes ?? HELD_LABEL_BYTES));

const bytesOf = (files: readonly SizedFile[]) => files.reduce((sum, { size }) => sum + size, 0);
