import { FUNCTIONS } from '../../contracts/functions.ts';
import { MOST_INTAKE_JOB_SECONDS } from '../../contracts/intake-job.ts';
import type { IntakeInput, RetrainingInput } from '../../contracts/machines.ts';
import { type IntakeJobContext, readInJob } from './intake-job.ts';
import { judgeShards } from './intake-shards.ts';
import { begin, caught, type MachineContext, machine, type RunbookAnchor, record } from './machine.ts';
import {
  type Catcher,
  type Definition,
  expression,
  type Json,
  type Retrier,
  type State,
  type TaskState,
} from './states.ts';
import { invoke, startExecution } from './tasks.ts';

/** The longest job, the wait for an instance, and the steps around it. */
const TIMEOUT_SECONDS = MOST_INTAKE_JOB_SECONDS + 3 * 3600;

/** Files that a manifest names may come after it: asked again every minute, for longer than the function waits before it refuses. */
const AWAIT_FILES: Retrier = {
  ErrorEquals: ['IncompleteUpload'],
  IntervalSeconds: 60,
  MaxAttempts: 30,
  BackoffRate: 1,
};
/** The process itself ended: its memory was not enough, or something native crashed. */
const CRASHES = ['Lambda.Unknown', 'Runtime.ExitError', 'Runtime.OutOfMemory'];
/** Once more, as it may have been the machine it ran on. */
const ONCE_MORE: Retrier = { ErrorEquals: CRASHES, IntervalSeconds: 5, MaxAttempts: 1, BackoffRate: 1 };
/** An upload that ends every process that reads it is refused, like any other that cannot be read. */
const refusedForCrash: Catcher = {
  ErrorEquals: CRASHES,
  Assign: { crash: expression('$states.errorOutput') },
  Next: 'Refuse',
};

/** The function's time was not enough; a job has a day. */
const tooSlow: Catcher = {
  ErrorEquals: ['Sandbox.Timedout', 'States.Timeout'],
  Assign: { slow: expression('$states.errorOutput.Error') },
  Next: 'PrepareJob',
};

/**
 * Validates one upload, a file or a folder by its marker, registers a dataset version, and asks whether to train. Input: `IntakeInput`.
 */
export function intakeMachine(
  context: MachineContext,
  retrainingMachineArn: string,
  job: IntakeJobContext,
): Definition {
  const key: keyof IntakeInput = 'key';
  const newData: Record<keyof Pick<RetrainingInput, 'trigger' | 'cause'>, string> = {
    trigger: 'new-data',
    cause: expression(`'dataset version ' & $result.datasetVersion & ' from ' & $upload.${key}`),
  };
  return machine(context, 'intake', `Takes in one upload for ${context.model.name}`, TIMEOUT_SECONDS, {
    Begin: begin(context, 'Validate', { upload: expression('$states.input'), crash: null }),
    Validate: validate(context),
    ...largeUploadStates(context, job),
    Refuse: {
      Type: 'Pass',
      Assign: {
        result: {
          outcome: 'taken',
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
  const task = step(context, { step: 'take' }, 'Route?', [tooSlow, refusedForCrash, ...caught]);
  return { ...task, Retry: [AWAIT_FILES, ONCE_MORE, ...task.Retry] };
}

/** What is too large for one invocation: shards where rows lie in lines, a processing job for the rest. */
function largeUploadStates(context: MachineContext, job: IntakeJobContext): Readonly<Record<string, State>> {
  return {
    'Route?': {
      Type: 'Choice',
      Choices: [
        { Condition: expression("$result.outcome = 'cut'"), Next: 'JudgeShards' },
        { Condition: expression("$result.outcome = 'job'"), Next: 'ReadInJob' },
      ],
      Default: 'RecordIntake',
    },
    JudgeShards: judgeShards(context, 'MergeShards'),
    // A shard that holds a quote makes this the way to the job as well.
    MergeShards: step(context, { step: 'merge' }, 'Route?', [tooSlow, ...caught]),
    PrepareJob: step(context, { step: 'job', reason: expression('$slow') }, 'Route?', caught),
    ReadInJob: readInJob(job, 'RegisterJob'),
    RegisterJob: step(context, { step: 'register' }, 'RecordIntake', caught),
  };
}

/** One step of the `intake` function; its answer is `$result`. */
function step(context: MachineContext, work: Json, next: string, caught: readonly Catcher[]): TaskState {
  const payload = {
    model: expression('$model'),
    execution: expression('$execution'),
    upload: expression('$upload'),
    work,
  };
  return invoke(context.functionArn('intake'), FUNCTIONS.intake.timeoutSeconds, payload, {
    Assign: { result: expression('$states.result.Payload') },
    Next: next,
    Catch: caught,
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
