import type { IntakeInput, RetrainingInput } from '../../contracts/machines.ts';
import { begin, caught, invokeFunction, type MachineContext, machine, type RunbookAnchor, record } from './machine.ts';
import { type Definition, expression } from './states.ts';
import { startExecution } from './tasks.ts';

/** Validates one uploaded object version, registers a dataset version, and asks whether to train. Input: `IntakeInput`. */
export function intakeMachine(context: MachineContext, retrainingMachineArn: string): Definition {
  const key: keyof IntakeInput = 'key';
  const newData: Record<keyof Pick<RetrainingInput, 'trigger' | 'cause'>, string> = {
    trigger: 'new-data',
    cause: expression(`'dataset version ' & $result.datasetVersion & ' from ' & $upload.${key}`),
  };
  return machine(context, 'intake', `Takes in one upload for ${context.model.name}`, 3600, {
    Begin: begin(context, 'Validate', { upload: expression('$states.input') }),
    Validate: invokeFunction(
      context,
      'intake',
      { model: expression('$model'), execution: expression('$execution'), upload: expression('$upload') },
      { Assign: { result: expression('$states.result.Payload') }, Next: 'RecordIntake', Catch: caught },
    ),
    RecordIntake: record(
      context,
      {
        kind: 'intake',
        id: expression('$execution'),
        parents: [],
        detail: { upload: expression('$upload'), result: expression('$result') },
        announce: expression(quarantineNotice(context.model.name)),
      },
      { Next: 'Registered?', Catch: caught },
    ),
    'Registered?': {
      Type: 'Choice',
      Choices: [{ Condition: expression('$result.datasetVersion != null'), Next: 'AskForTraining' }],
      Default: 'Done',
    },
    AskForTraining: startExecution(retrainingMachineArn, expression('$execution'), newData, {
      Next: 'Done',
      Catch: caught,
    }),
    Done: { Type: 'Succeed', Output: expression('$result') },
  });
}

/** Nothing for a clean file; else what was set aside, and where the report lies. */
function quarantineNotice(model: string): string {
  const runbook: RunbookAnchor = 'upload-quarantined';
  return `$result.verdict = 'accepted' ? null : {
    'subject': '${model}: upload ' & $result.verdict,
    'message': $upload.key & ': ' & $result.summary & ' (report: ' & $result.reportKey & ')',
    'runbook': '${runbook}'
  }`.replace(/\s+/g, ' ');
}
