import type { FunctionOutput } from '../../contracts/functions.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import type { WindowTask } from '../../contracts/monitoring-steps.ts';
import type { Window } from '../../contracts/window.ts';
import type { CaptureListing } from './capture-files.ts';
import { judgeWindow } from './judge-window.ts';
import type { MonitorTools } from './monitor-tools.ts';
import { profileCapture } from './profile-capture.ts';
import { planShardsOf } from './shards.ts';
import { baselineOf } from './training-baseline.ts';
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
  const baseline = await baselineOf(model.name, live, tools.lake);
  const counts = await profileCapture(
    files.map(({ key }) => key),
    { model, window: task, baseline: baseline.profile, packageArn: live.packageArn },
    tools.lake,
  );
  return judgeWindow({ model, task, live, files: own, baseline, counts }, tools);
}
