import type { FunctionOutput } from '../../contracts/functions.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import type { WindowTask } from '../../contracts/monitoring-steps.ts';
import type { Window } from '../../contracts/window.ts';
import type { CaptureListing } from './capture-files.ts';
import { countFiles, referenceOf } from './count-files.ts';
import { judgeWindow } from './judge-window.ts';
import type { MonitorTools } from './monitor-tools.ts';
import { planShardsOf } from './shards.ts';
import { watchedModel } from './watched-model.ts';
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
  const live = await watchedModel(model.name, task, tools);
  if (live === undefined) return withoutModel(model, task, tools);
  const { files, bytes, own } = await list(task);
  if (bytes > tools.wholeBytes) return planShardsOf({ model: model.name, task, live, files, own }, tools);
  const reference = await referenceOf(model.name, live, tools.lake);
  const keys = files.map(({ key }) => key);
  const counts = await countFiles(model, { window: task, live, reference }, keys, tools.lake);
  return judgeWindow({ model, task, live, files: own, reference, counts }, tools);
}
