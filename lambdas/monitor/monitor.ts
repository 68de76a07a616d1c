import type { FunctionInput, FunctionOutput } from '../../contracts/functions.ts';
import { captureLister } from './capture-files.ts';
import type { MonitorTools } from './monitor-tools.ts';
import { planWork } from './plan-work.ts';
import { readOnce } from './read-once.ts';
import { countShard, mergeShards } from './shards.ts';
import { takeWindow } from './take-window.ts';

/**
 * Takes one step of monitoring. A window that closes is judged by the first step already, unless it is large. The same step again gives the
 * same answer from the files that are there by then.
 */
export async function monitor(
  { model, work }: FunctionInput<'monitor'>,
  given: MonitorTools,
): Promise<FunctionOutput<'monitor'>> {
  const tools = { ...given, lineage: readOnce(given.lineage) };
  const list = captureLister(tools.platform, model.name, tools.lake);
  switch (work.step) {
    case 'begin': {
      const [first, ...todo] = await planWork(model, work.request, list, tools);
      if (first === undefined) throw new Error('a request without a window was planned');
      return { ...(await takeWindow(model, first, list, tools)), todo };
    }
    case 'judge':
      return takeWindow(model, work.task, list, tools);
    case 'count':
      return countShard(model, { window: work.task.to, plan: work.plan, shard: work.shard }, tools);
    case 'merge':
      return mergeShards(model, work, tools);
    default:
      return work satisfies never;
  }
}
