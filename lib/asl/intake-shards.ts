import type { MachineContext } from './machine.ts';
import { forEachShard } from './shards.ts';
import { expression, type MapState } from './states.ts';

/** Judges the shards of an upload that is too large for one invocation. */
export const judgeShards = (context: MachineContext, next: string): MapState =>
  forEachShard(
    context,
    {
      comment: 'One child execution for each shard of an upload that is too large for one invocation',
      function: 'intake',
      state: 'JudgeShard',
      input: {
        model: expression('$model'),
        execution: expression('$execution'),
        upload: expression('$upload'),
        work: { step: 'shard', shard: expression('$states.context.Map.Item.Value') },
      },
      atOnce: 10,
      counted: 'judged',
    },
    next,
  );
