import { BUSY, type DeploymentContext } from './deployment-context.ts';
import { caughtLocked } from './deployment-lock.ts';
import { invokeFunction, type RunbookAnchor, record } from './machine.ts';
import { type Catcher, expression, type State } from './states.ts';
import { call } from './tasks.ts';

/** Nine hours of polls: longer than the longest deployment SageMaker allows. */
const MOST_POLLS = 540;
/** A revert shifts everything at once. */
const MOST_REVERT_POLLS = 120;

const DESCRIBED = '$states.result';

/** The image that the endpoint's instances run, with its digest; what the package said, where the endpoint does not say. */
const DEPLOYED_IMAGE = `(
  $deployed := ${DESCRIBED}.ProductionVariants[0].DeployedImages[0];
  $digest := $split($string($deployed.ResolvedImage), '@')[1];
  $exists($digest) ? {'specified': $deployed.SpecifiedImage, 'digest': $digest} : $image
)`.replace(/\s+/g, ' ');

/** Errors while the endpoint is in motion: nobody may touch it, so the lock stays and a person is called. */
const stuck: readonly Catcher[] = [
  {
    ErrorEquals: ['States.ALL'],
    Assign: { reason: expression('$states.errorOutput'), failedIn: expression('$states.context.State.Name') },
    Next: 'Stuck',
  },
];

/** Watches the deployment to its end, tests what serves, and either makes it live or takes it back. */
export function verdictStates(context: DeploymentContext): Readonly<Record<string, State>> {
  return { ...watchStates(context), ...smokeStates(context), ...revertStates(), ...outcomeStates(context) };
}

function watchStates(context: DeploymentContext): Readonly<Record<string, State>> {
  return {
    WaitDeploy: { Type: 'Wait', Seconds: 60, Assign: { polls: expression('$polls + 1') }, Next: 'PollEndpoint' },
    PollEndpoint: call(
      'sagemaker',
      'describeEndpoint',
      { EndpointName: expression('$endpoint') },
      {
        Assign: {
          status: expression(`${DESCRIBED}.EndpointStatus`),
          serving: expression(`${DESCRIBED}.EndpointConfigName`),
          given: expression(`$exists(${DESCRIBED}.FailureReason) ? ${DESCRIBED}.FailureReason : ''`),
          image: expression(DEPLOYED_IMAGE),
        },
        Next: 'WatchAlarms',
        Catch: stuck,
      },
    ),
    // SageMaker may leave FailureReason empty after a rollback, and the alarm may be quiet again when the rollback is over.
    WatchAlarms: call(
      'cloudwatch',
      'describeAlarms',
      { AlarmNames: expression('[$spec.greenAlarms.name]') },
      {
        Assign: {
          fired: expression(
            "$count($states.result.MetricAlarms[StateValue = 'ALARM']) > 0 ? $join([$states.result.MetricAlarms[StateValue = 'ALARM'].(AlarmName & ': ' & StateReason)], '; ') : $fired",
          ),
        },
        Next: 'Verdict',
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Verdict' }],
      },
    ),
    Verdict: {
      Type: 'Choice',
      Choices: [
        { Condition: expression(`$status in ${BUSY} and $polls < ${MOST_POLLS}`), Next: 'WaitDeploy' },
        { Condition: expression("$status = 'InService' and $serving = $config"), Next: 'SmokeTest' },
        { Condition: expression("$status = 'InService'"), Next: 'RolledBack' },
        { Condition: expression("$status = 'Failed' and $previousConfig = ''"), Next: 'NeverServed' },
      ],
      Default: 'NotSettled',
    },
    RolledBack: {
      Type: 'Pass',
      Assign: {
        outcome: 'rolled-back',
        why: expression(
          "$fired != '' ? 'SageMaker rolled back: ' & $fired : 'SageMaker rolled back: ' & ($given != '' ? $given : 'no reason given')",
        ),
      },
      Next: 'RejectPackage',
    },
    NeverServed: {
      Type: 'Pass',
      Assign: {
        reason: {
          Error: 'EndpointFailed',
          Cause: expression("'the endpoint could not be created: ' & ($given != '' ? $given : 'no reason given')"),
        },
        failedIn: 'PollEndpoint',
      },
      Next: 'DeleteNeverServed',
    },
    DeleteNeverServed: call(
      'sagemaker',
      'deleteEndpoint',
      { EndpointName: expression('$endpoint') },
      {
        Next: 'ReleaseAfterFailure',
        // The next deployment finds it Failed and deletes it then.
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'ReleaseAfterFailure' }],
      },
    ),
    NotSettled: {
      Type: 'Pass',
      Assign: {
        reason: {
          Error: 'DeploymentNotSettled',
          Cause: expression(
            "'the endpoint is ' & $status & ' on ' & $serving & ' after ' & $string($polls) & ' minutes'",
          ),
        },
        failedIn: 'PollEndpoint',
      },
      Next: 'Stuck',
    },
    Stuck: record(
      context,
      {
        kind: 'deployment',
        id: expression('$execution'),
        parents: [expression("'package#' & $package")],
        detail: { outcome: 'stuck', reason: expression('$reason'), endpoint: expression('$endpoint') },
        announce: {
          subject: `${context.model.name}: endpoint needs a person`,
          message: expression("'the deployment of ' & $package & ' stopped and holds the lock: ' & $string($reason)"),
          runbook: 'deployment-stuck' satisfies RunbookAnchor,
        },
      },
      { Next: 'RecordFailure', Catch: [{ ErrorEquals: ['States.ALL'], Next: 'RecordFailure' }] },
    ),
  };
}

function smokeStates(context: DeploymentContext): Readonly<Record<string, State>> {
  const asked = {
    model: expression('$model'),
    endpointName: expression('$endpoint'),
    modelPackageArn: expression('$package'),
  };
  return {
    SmokeTest: invokeFunction(context, 'smoke-test', asked, {
      Assign: { smoke: expression('$states.result.Payload') },
      Next: 'Answers?',
      Catch: [
        {
          ErrorEquals: ['States.ALL'],
          Assign: {
            reason: expression('$states.errorOutput'),
            failedIn: 'SmokeTest',
            outcome: 'failed',
            why: 'the smoke test could not run',
          },
          Next: 'Revert?',
        },
      ],
    }),
    'Answers?': {
      Type: 'Choice',
      Choices: [{ Condition: expression('$smoke.passed'), Next: 'Promote' }],
      Default: 'SmokeFailed',
    },
    SmokeFailed: {
      Type: 'Pass',
      Assign: { outcome: 'rolled-back', why: expression("'smoke test: ' & $smoke.reason") },
      Next: 'Revert?',
    },
    Promote: invokeFunction(
      context,
      'promote',
      {
        model: expression('$model'),
        execution: expression('$execution'),
        endpointName: expression('$endpoint'),
        modelPackageArn: expression('$package'),
        modelName: expression('$modelName'),
        endpointConfigName: expression('$config'),
        previousConfigName: expression('$previousConfig'),
        runId: expression('$runId'),
      },
      { Assign: { outcome: 'live', why: expression('$smoke.reason') }, Next: 'MarkLive', Catch: caughtLocked },
    ),
    MarkLive: call(
      'sagemaker',
      'updateModelPackage',
      {
        ModelPackageArn: expression('$package'),
        ModelLifeCycle: { Stage: 'Production', StageStatus: 'Live' },
      },
      // A label for people; the live pointer is what counts.
      { Next: 'RecordOutcome', Catch: [{ ErrorEquals: ['States.ALL'], Next: 'RecordOutcome' }] },
    ),
  };
}

function revertStates(): Readonly<Record<string, State>> {
  const endpoint = { EndpointName: expression('$endpoint') };
  return {
    'Revert?': {
      Type: 'Choice',
      Choices: [{ Condition: expression("$previousConfig != ''"), Next: 'RevertEndpoint' }],
      Default: 'DeleteEndpoint',
    },
    RevertEndpoint: call(
      'sagemaker',
      'updateEndpoint',
      { ...endpoint, EndpointConfigName: expression('$previousConfig') },
      { Assign: { polls: 0 }, Next: 'WaitRevert', Catch: stuck },
    ),
    WaitRevert: { Type: 'Wait', Seconds: 60, Assign: { polls: expression('$polls + 1') }, Next: 'PollRevert' },
    PollRevert: call('sagemaker', 'describeEndpoint', endpoint, {
      Assign: {
        status: expression(`${DESCRIBED}.EndpointStatus`),
        serving: expression(`${DESCRIBED}.EndpointConfigName`),
      },
      Next: 'Reverted?',
      Catch: stuck,
    }),
    'Reverted?': {
      Type: 'Choice',
      Choices: [
        { Condition: expression(`$status in ${BUSY} and $polls < ${MOST_REVERT_POLLS}`), Next: 'WaitRevert' },
        { Condition: expression("$status = 'InService' and $serving = $previousConfig"), Next: 'Blame?' },
      ],
      Default: 'NotSettled',
    },
    DeleteEndpoint: call('sagemaker', 'deleteEndpoint', endpoint, { Next: 'Blame?', Catch: stuck }),
    'Blame?': {
      Type: 'Choice',
      Choices: [{ Condition: expression("$outcome = 'rolled-back'"), Next: 'RejectPackage' }],
      Default: 'ReleaseAfterFailure',
    },
  };
}

function outcomeStates(context: DeploymentContext): Readonly<Record<string, State>> {
  const runbook: RunbookAnchor = 'deployment-rolled-back';
  const notice = `$outcome = 'rolled-back' ? {
    'subject': '${context.model.name}: deployment rolled back',
    'message': $package & ' was taken back and rejected; ' & ($previousConfig = '' ? 'nothing serves' : $previousConfig & ' serves') & '. ' & $why,
    'runbook': '${runbook}'
  } : null`.replace(/\s+/g, ' ');
  return {
    RejectPackage: call(
      'sagemaker',
      'updateModelPackage',
      {
        ModelPackageArn: expression('$package'),
        ModelApprovalStatus: 'Rejected',
        ApprovalDescription: expression('$substring($why, 0, 1024)'),
      },
      { Next: 'RecordOutcome', Catch: caughtLocked },
    ),
    RecordOutcome: record(
      context,
      {
        kind: 'deployment',
        id: expression('$execution'),
        parents: [expression("'package#' & $package")],
        detail: {
          outcome: expression('$outcome'),
          why: expression('$why'),
          endpoint: expression('$endpoint'),
          modelPackageArn: expression('$package'),
          previousConfig: expression('$previousConfig'),
          approved: expression('$approved'),
          image: expression('$image'),
        },
        announce: expression(notice),
      },
      { Next: 'ReleaseLock', Catch: caughtLocked },
    ),
  };
}
