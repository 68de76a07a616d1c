import { begin, caught, invokeFunction, type MachineContext, machine, record } from './machine.ts';
import { labelStates } from './monitoring-labels.ts';
import { countShards } from './monitoring-shards.ts';
import { type Definition, expression, type Json, type State } from './states.ts';

/** A month of hourly windows, a minute each: a backfill of the largest range must be able to end. */
const TIMEOUT_SECONDS = 24 * 3600;

/**
 * Judges windows of captured traffic against the training baseline, one after another: the one that just closed and those that it brings
 * along, a range by hand, or those that labels came for. Input: `MonitoringInput`.
 */
export function monitoringMachine(context: MachineContext): Definition {
  return machine(context, 'monitoring', `Watches the traffic of ${context.model.name}`, TIMEOUT_SECONDS, {
    Begin: begin(context, 'Labels?', {
      request: expression('$states.input'),
      startedAt: expression('$states.context.Execution.StartTime'),
      todo: [],
      at: -1,
      result: {},
    }),
    'Labels?': {
      Type: 'Choice',
      Choices: [{ Condition: expression('$exists($request.labels)'), Next: 'ReadLabels' }],
      Default: 'Plan',
    },
    ...labelStates(context),
    // Plans what is to be judged and judges the first of it, so that a window that closes costs one invocation.
    Plan: step(
      context,
      { step: 'begin', request: expression('$request') },
      {
        result: expression('$states.result.Payload'),
        todo: expression('$states.result.Payload.todo'),
      },
    ),
    Judge: step(context, { step: 'judge', task: expression('$todo[$at]') }),
    'Large?': {
      Type: 'Choice',
      Choices: [{ Condition: expression("$result.outcome = 'planned'"), Next: 'CountShards' }],
      Default: 'RecordWindow',
    },
    CountShards: countShards(context, 'Merge'),
    Merge: step(context, { step: 'merge', task: expression('$result.task'), plan: expression('$result.plan') }),
    RecordWindow: record(
      context,
      {
        kind: 'window',
        id: expression('$result.recordId'),
        parents: [],
        detail: expression('$result.judgement'),
        announce: expression('$result.announce'),
      },
      { Assign: { at: expression('$at + 1') }, Next: 'More?', Catch: caught },
    ),
    'More?': {
      Type: 'Choice',
      Choices: [{ Condition: expression('$at < $count($todo)'), Next: 'Judge' }],
      Default: 'Done',
    },
    Done: { Type: 'Succeed', Output: expression('$result') },
  });
}

/** One step of the `monitor` function; its answer is `$result`. */
function step(
  context: MachineContext,
  work: Json,
  assign: Readonly<Record<string, Json>> = { result: expression('$states.result.Payload') },
): State {
  const input = { model: expression('$model'), execution: expression('$execution'), work };
  return invokeFunction(context, 'monitor', input, { Assign: assign, Next: 'Large?', Catch: caught });
}
