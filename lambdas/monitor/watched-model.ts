import { z } from 'zod';
import { windowReportKey } from '../../contracts/keys.ts';
import { type WatchedModel, WatchedModelSchema, type Window } from '../../contracts/window.ts';
import type { MonitorTools } from './monitor-tools.ts';
import { judgementOf } from './past-windows.ts';

/**
 * The model a window is judged as: the one it was first judged as, so that a window whose labels come a month later is still held
 * against the model that answered; else the one that serves now. Undefined before the first deployment.
 */
export async function watchedModel(
  model: string,
  window: Window,
  { lineage, lake }: Pick<MonitorTools, 'lineage' | 'lake'>,
): Promise<WatchedModel | undefined> {
  const earlier = await judgementOf(model, window, lineage);
  if (earlier === undefined || earlier.judgement.reportKey === null) {
    const live = await lineage.live(model);
    return live && { packageArn: live.packageArn, runId: live.runId };
  }
  const report: unknown = JSON.parse(await lake.getText(windowReportKey(model, window.to, 'json')));
  return z.object({ live: WatchedModelSchema }).parse(report).live;
}
