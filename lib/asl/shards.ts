import { FUNCTIONS, type FunctionName } from '../../contracts/functions.ts';
import { caught, type MachineContext } from './machine.ts';
import { expression, type InnerState, type Json, type MapState } from './states.ts';
import { invoke } from './tasks.ts';

/** Work that is cut into shards. */
export interface ShardWork {
  readonly comment: string;
  /** The function that takes a shard; it is the one that cut the work. */
  readonly function: FunctionName;
  /** Name of the one state of a child execution. */
  readonly state: string;
  /** What the function is given, as the map sees it; `$states.context.Map.Item.Value` is the shard. */
  readonly input: Readonly<Record<string, Json>>;
  /** Shards at the same time; a new account has ten concurrent executions for everything, which throttling waits out. */
  readonly atOnce: number;
  /** Variable that holds how many shards were taken. */
  readonly counted: string;
}

/**
 * A distributed map over `$result.shards`: each shard in a child execution of its own that invokes the same function. The children leave
 * what they found in the lake, so nothing but a number of rows comes back, and thousands of those need not be carried on.
 */
export function forEachShard(context: MachineContext, work: ShardWork, next: string): MapState {
  return {
    Type: 'Map',
    Comment: work.comment,
    Label: 'Shards',
    Items: expression('$result.shards'),
    ItemSelector: work.input,
    MaxConcurrency: work.atOnce,
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      StartAt: work.state,
      States: { [work.state]: takeOne(context, work) },
    },
    Assign: { [work.counted]: expression('$count($states.result)') },
    Next: next,
    Catch: caught,
  };
}

/** Failures of a child are caught around the map. */
function takeOne(context: MachineContext, work: ShardWork): InnerState {
  const input = Object.fromEntries(Object.keys(work.input).map((key) => [key, expression(`$states.input.${key}`)]));
  const { timeoutSeconds } = FUNCTIONS[work.function];
  const {
    Next: _ends,
    Catch: _around,
    ...task
  } = invoke(context.functionArn(work.function), timeoutSeconds, input, { Next: '', Catch: [] });
  return { ...task, Output: { rows: expression('$states.result.Payload.rows') }, End: true };
}
