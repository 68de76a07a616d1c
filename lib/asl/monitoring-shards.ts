import type { MachineContext } from './machine.ts';
import { forEachShard } from './shards.ts';
import { expression, type MapState } from './states.ts';

/** Counts the shards of a window that is too large for one invocation. */
export const countShards = (context: MachineContext, next: string): MapState =>
  forEachShard(
    context,
    {
      comment: 'One child execution for each shard of a window that is too large for one invocation',
      function: 'monitor',
      state: 'Count',
      input: {
        model: expression('$model'),
        execution: expression('$execution'),
        work: {
          step: 'count',
          task: expression('$result.task'),
          plan: expression('$result.plan'),
          shard: expression('$states.context.Map.Item.Value'),
        },
      },
      atOnce: 25,
      counted: 'counted',
    },
    next,
  );
