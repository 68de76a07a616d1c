import type { DeploymentInput } from '../../contracts/machines.ts';
import { deploymentSpecName, endpointName, jobPrefix } from '../../contracts/names.ts';
import { LIVE_POINTER, modelPartition } from '../../contracts/records.ts';
import type { DeploymentContext } from './deployment-context.ts';
import { acquireLock, caughtLocked, releaseLock } from './deployment-lock.ts';
import { createStates, updateStates } from './deployment-rollout.ts';
import { verdictStates } from './deployment-verdict.ts';
import { begin, machine } from './machine.ts';
import { type Definition, EMPTY, expression, type State } from './states.ts';
import { call } from './tasks.ts';

/** Waiting for another deployment (10 h at most), then the longest one SageMaker allows, a revert, and time to spare. */
const TIMEOUT_SECONDS = 24 * 3600;

/**
 * Puts one approved package behind the model's endpoint, watched by alarms on the new fleet, and takes it back when it misbehaves.
 * Success is `InService` *and* the requested config: a deployment that SageMaker rolled back is `InService` as well.
 * A package is rejected only for what it did itself; anything else leaves it approved, to be deployed again. Input:
 * `DeploymentInput`.
 */
export function deploymentMachine(context: DeploymentContext): Definition {
  return machine(context, 'deployment', `Deploys ${context.model.name}`, TIMEOUT_SECONDS, {
    Begin: begin(context, 'AcquireLock', variables(context)),
    ...acquireLock(context, 'ReadLive'),
    ...readStates(context),
    ...createStates(context),
    ...updateStates(context),
    ...verdictStates(context),
    ...releaseLock(context, 'Done'),
    Done: {
      Type: 'Succeed',
      Output: { outcome: expression('$outcome'), why: expression('$why'), modelPackageArn: expression('$package') },
    },
  });
}

function variables({ model, platform }: DeploymentContext) {
  const input: keyof DeploymentInput = 'modelPackageArn';
  return {
    package: expression(`$states.input.${input}`),
    endpoint: endpointName(platform, model.name),
    // Lower case, because SageMaker's ARNs are; the last characters of an execution's name are the ones that differ.
    base: expression(
      `'${jobPrefix(platform, model.name)}' & $lowercase($substring($replace($states.context.Execution.Name, /[^a-zA-Z0-9]/, ''), -20))`,
    ),
    owner: expression('$states.context.Execution.Id'),
    lockTries: 0,
    idleWaits: 0,
    alarmWaits: 0,
    polls: 0,
    fired: EMPTY,
    previousConfig: EMPTY,
    outcome: 'failed',
    why: EMPTY,
    approved: null,
    image: null,
  };
}

/** Who changed the package last before it came here: who approved it, unless it was deployed before. */
const APPROVED = `(
  $of := $states.result;
  $changer := $of.LastModifiedBy;
  $maker := $of.CreatedBy;
  $by := [$changer.IamIdentity.Arn, $changer.UserProfileName, $maker.IamIdentity.Arn, $maker.UserProfileName][0];
  $at := [$of.LastModifiedTime, $of.CreationTime][0];
  {
    'by': $exists($by) ? $by : null,
    'at': $exists($at) ? $string($at) : null,
    'why': $exists($of.ApprovalDescription) ? $of.ApprovalDescription : null
  }
)`.replace(/\s+/g, ' ');

/** SageMaker resolves the image's tag when a package is made. */
const DIGEST = `(
  $digest := $states.result.InferenceSpecification.Containers[0].ImageDigest;
  $exists($digest) ? $digest : null
)`.replace(/\s+/g, ' ');

/** What is live, what is asked for, and how it is to be served. */
function readStates(context: DeploymentContext): Readonly<Record<string, State>> {
  const { model, platform, tableName } = context;
  const key = { pk: { S: modelPartition(model.name) }, sk: { S: LIVE_POINTER } };
  const described = '$states.result.CustomerMetadataProperties';
  return {
    ReadLive: call(
      'dynamodb',
      'getItem',
      { TableName: tableName, Key: key, ConsistentRead: true },
      {
        Assign: { live: expression("$exists($states.result.Item) ? $states.result.Item.packageArn.S : ''") },
        Next: 'AlreadyLive?',
        Catch: caughtLocked,
      },
    ),
    'AlreadyLive?': {
      Type: 'Choice',
      // Every later change of an approved package sends "Approved" again.
      Choices: [{ Condition: expression('$live = $package'), Next: 'AlreadyLive' }],
      Default: 'DescribePackage',
    },
    AlreadyLive: {
      Type: 'Pass',
      Assign: { outcome: 'already-live', why: 'the endpoint serves this package' },
      Next: 'ReleaseLock',
    },
    DescribePackage: call(
      'sagemaker',
      'describeModelPackage',
      { ModelPackageName: expression('$package') },
      {
        Assign: {
          approval: expression('$states.result.ModelApprovalStatus'),
          runId: expression(`$exists(${described}.run) ? ${described}.run : ''`),
          approved: expression(APPROVED),
          image: { specified: null, digest: expression(DIGEST) },
        },
        Next: 'Deployable?',
        Catch: caughtLocked,
      },
    ),
    'Deployable?': {
      Type: 'Choice',
      Choices: [{ Condition: expression("$approval = 'Approved' and $runId != ''"), Next: 'ReadSpec' }],
      Default: 'NotDeployable',
    },
    NotDeployable: {
      Type: 'Pass',
      Assign: {
        outcome: 'refused',
        why: expression(
          "$approval = 'Approved' ? 'the package names no training run, so monitoring would have no baseline' : 'the package is not approved: ' & $approval",
        ),
      },
      Next: 'RecordOutcome',
    },
    ReadSpec: call(
      'ssm',
      'getParameter',
      { Name: deploymentSpecName(platform, model.name) },
      {
        Assign: { spec: expression('$parse($states.result.Parameter.Value)') },
        Next: 'FindEndpoint',
        Catch: caughtLocked,
      },
    ),
  };
}
