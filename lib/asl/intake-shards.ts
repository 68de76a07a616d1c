import { FUNCTIONS } from '../../contracts/functions.ts';
import { caught, type MachineContext } from './machine.ts';
import { expression, type InnerState, type MapState } from './states.ts';
import { invoke } from './tasks.ts';

/** Shards that are read at the same time; a new account has ten concurrent executions for everything, which throttling waits out. */
const SHARDS_AT_ONCE = 10;

/**
 * Judges the shards of a large upload, each in a child execution of its own that invokes the same function. The children leave what they
 * found in the lake, so nothing but a number of rows comes back.
 */
export function judgeShards(context: MachineContext, next: string): MapState {
  return {
    Type: 'Map',
    Comment: 'One child execution for each shard of an upload that is too large for one invocation',
    Label: 'Shards',
    Items: expression('$result.shards'),
    ItemSelector: {
      model: expression('$model'),
      execution: expression('$execution'),
      upload: expression('$upload'),
      work: { step: 'shard', shard: expression('$states.context.Map.Item.Value') },
    },
    MaxConcurrency: SHARDS_AT_ONCE,
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      StartAt: 'JudgeShard',
      States: { JudgeShard: judgeOne(context) },
    },
    Assign: { judged: expression('$count($states.result)') },
    Next: next,
    Catch: caught,
  };
}

/** Failures of a child are caught around the map. */
function judgeOne(context: MachineContext): InnerState {
  const input = {
    model: expression('$states.input.model'),
    execution: expression('$states.input.execution'),
    upload: expression('$states.input.upload'),
    work: expression('$states.input.work'),
  };
  const {
    Next: _ends,
    Catch: _around,
    ...task
  } = invoke(context.functionArn('intake'), FUNCTIONS.intake.timeoutSeconds, input, { Next: '', Catch: [] });
  return { ...task, Output: { rows: expression('$states.result.Payload.rows') }, End: true };
}
