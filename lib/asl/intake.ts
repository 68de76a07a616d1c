import { FUNCTIONS } from '../../contracts/functions.ts';
import type { IntakeInput, RetrainingInput } from '../../contracts/machines.ts';
import { begin, caught, type MachineContext, machine, type RunbookAnchor, record } from './machine.ts';
import { type Catcher, type Definition, expression, type Retrier, type State } from './states.ts';
import { invoke, startExecution } from './tasks.ts';

/** Files that a manifest names may come after it: asked again every minute, for longer than the function waits before it refuses. */
const AWAIT_FILES: Retrier = {
  ErrorEquals: ['IncompleteUpload'],
  IntervalSeconds: 60,
  MaxAttempts: 30,
  BackoffRate: 1,
};
/** The process itself ended: its memory or its time was not enough, or something native crashed. */
const CRASHES = ['Lambda.Unknown', 'Runtime.ExitError', 'Runtime.OutOfMemory', 'Sandbox.Timedout', 'States.Timeout'];
/** Once more, as it may have been the machine it ran on. */
const ONCE_MORE: Retrier = { ErrorEquals: CRASHES, IntervalSeconds: 5, MaxAttempts: 1, BackoffRate: 1 };
/** An upload that ends every process that reads it is refused, like any other that cannot be read. */
const refusedForCrash: Catcher = {
  ErrorEquals: CRASHES,
  Assign: { crash: expression('$states.errorOutput') },
  Next: 'Refuse',
};

/**
 * Validates one upload, a file or a folder by its marker, registers a dataset version, and asks whether to train. Input: `IntakeInput`.
 */
export function intakeMachine(context: MachineContext, retrainingMachineArn: string): Definition {
  const key: keyof IntakeInput = 'key';
  const newData: Record<keyof Pick<RetrainingInput, 'trigger' | 'cause'>, string> = {
    trigger: 'new-data',
    cause: expression(`'dataset version ' & $result.datasetVersion & ' from ' & $upload.${key}`),
  };
  return machine(context, 'intake', `Takes in one upload for ${context.model.name}`, 3600, {
    Begin: begin(context, 'Validate', { upload: expression('$states.input'), crash: null }),
    Validate: validate(context),
    Refuse: {
      Type: 'Pass',
      Assign: {
        result: {
          verdict: 'rejected',
          datasetVersion: null,
          rows: { read: 0, accepted: 0, quarantined: 0 },
          reportKey: 'none',
          summary: expression(
            `'rejected, twice the function that read it ended without an answer: ' & $crash.Error & ' ' & $substring($string($crash.Cause), 0, 500)`,
          ),
        },
      },
      Next: 'RecordIntake',
    },
    RecordIntake: record(
      context,
      {
        kind: 'intake',
        id: expression('$execution'),
        parents: [],
        vouchFor: expression("$result.datasetVersion = null ? [] : ['dataset#' & $result.datasetVersion]"),
        detail: { upload: expression('$upload'), result: expression('$result') },
        announce: expression(quarantineNotice(context.model.name)),
        failed: expression('$crash != null'),
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

function validate(context: MachineContext): State {
  const { timeoutSeconds } = FUNCTIONS.intake;
  const payload = { model: expression('$model'), execution: expression('$execution'), upload: expression('$upload') };
  const task = invoke(context.functionArn('intake'), timeoutSeconds, payload, {
    Assign: { result: expression('$states.result.Payload') },
    Next: 'RecordIntake',
    Catch: [refusedForCrash, ...caught],
  });
  return { ...task, Retry: [AWAIT_FILES, ONCE_MORE, ...task.Retry] };
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
