import { caught, invokeFunction, type MachineContext, record } from './machine.ts';
import { expression, type State } from './states.ts';

/** Takes labels in, records what became of them, and goes on with the windows that they change. */
export function labelStates(context: MachineContext): Readonly<Record<string, State>> {
  const input = {
    model: expression('$model'),
    execution: expression('$execution'),
    labels: expression('$request.labels'),
    startedAt: expression('$startedAt'),
  };
  return {
    ReadLabels: invokeFunction(context, 'labels', input, {
      Assign: { result: expression('$states.result.Payload'), todo: expression('$states.result.Payload.todo') },
      Next: 'RecordLabels',
      Catch: caught,
    }),
    RecordLabels: record(
      context,
      {
        kind: 'labels',
        id: expression('$execution'),
        parents: [],
        detail: expression('$result.taken'),
        announce: expression('$result.announce'),
      },
      { Assign: { at: 0 }, Next: 'More?', Catch: caught },
    ),
  };
}
