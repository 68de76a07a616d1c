import { begin, caught, invokeFunction, type MachineContext, machine, record } from './machine.ts';
import { type Definition, expression } from './states.ts';

/** Judges the window that just closed against the training baseline. Input: `MonitoringInput`. */
export function monitoringMachine(context: MachineContext): Definition {
  return machine(context, 'monitoring', `Watches the traffic of ${context.model.name}`, 3600, {
    Begin: begin(context, 'Compare', { windowEnd: expression('$states.input.windowEnd') }),
    Compare: invokeFunction(
      context,
      'monitor',
      { model: expression('$model'), execution: expression('$execution'), windowEnd: expression('$windowEnd') },
      { Assign: { result: expression('$states.result.Payload') }, Next: 'RecordWindow', Catch: caught },
    ),
    RecordWindow: record(
      context,
      {
        kind: 'window',
        id: expression('$windowEnd'),
        parents: [],
        detail: expression('$result'),
        // The alarm announces drift; a message per window would be noise.
        announce: null,
      },
      { Next: 'Done', Catch: caught },
    ),
    Done: { Type: 'Succeed', Output: expression('$result') },
  });
}
