import { FUNCTIONS } from '../../contracts/functions.ts';
import { caught, type MachineContext } from './machine.ts';
import { expression, type InnerState, type MapState } from './states.ts';
import { invoke } from './tasks.ts';

/** Shards that are counted at the same time; a new account has ten concurrent executions for everything, which throttling waits out. */
const SHARDS_AT_ONCE = 25;

/**
 * Counts the shards of a large window, each in a child execution of its own that invokes the same function. The children leave their counts
 * in the lake, so nothing but a number of rows comes back.
 */
export function countShards(context: MachineContext, next: string): MapState {
  return {
    Type: 'Map',
    Comment: 'One child execution for each shard of a window that is too large for one invocation',
    Label: 'Shards',
    Items: expression('$result.shards'),
    ItemSelector: {
      model: expression('$model'),
      execution: expression('$execution'),
      work: {
        step: 'count',
        task: expression('$result.task'),
        plan: expression('$result.plan'),
        shard: expression('$states.context.Map.Item.Value'),
      },
    },
    MaxConcurrency: SHARDS_AT_ONCE,
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      StartAt: 'Count',
      States: { Count: countOne(context) },
    },
    // The rows of the shards are not needed here, and thousands of them need not be carried on.
    Assign: { counted: expression('$count($states.result)') },
    Next: next,
    Catch: caught,
  };
}

/** Failures of a child are caught around the map. */
function countOne(context: MachineContext): InnerState {
  const input = {
    model: expression('$states.input.model'),
    execution: expression('$states.input.execution'),
    work: expression('$states.input.work'),
  };
  const { timeoutSeconds } = FUNCTIONS.monitor;
  const {
    Next: _ends,
    Catch: _around,
    ...task
  } = invoke(context.functionArn('monitor'), timeoutSeconds, input, {
    Next: '',
    Catch: [],
  });
  return { ...task, Output: { rows: expression('$states.result.Payload.rows') }, End: true };
}
