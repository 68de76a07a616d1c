import { codeKey } from '../../contracts/keys.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import { packageGroupName } from '../../contracts/names.ts';
import { SERVING_ENVIRONMENT } from '../../contracts/training-job.ts';
import { begin, caught, invokeFunction, type MachineContext, machine, type RunbookAnchor, record } from './machine.ts';
import { type Definition, expression, type Json, type State } from './states.ts';
import { call, retry } from './tasks.ts';
import { type JobContext, resourceConfigs, trainedJob, trainingJob, trainingTimeoutSeconds } from './training-job.ts';
import { scoreStates } from './training-scores.ts';
import { TRANSFORM_TIMEOUT_SECONDS } from './transform-job.ts';

/** A SageMaker failure that another instance type may not have: no quota, no capacity, no spot. */
const NO_CAPACITY = `$reason.Error = 'SageMaker.ResourceLimitExceededException'
  or $contains($string($reason), /CapacityError|InsufficientCapacity|MaxWaitTimeExceeded/)`.replace(/\s+/g, ' ');

/**
 * Freezes code and data, trains, scores candidate and champion on the same frozen set, lets the gates decide, and registers what
 * passed. A refused candidate is an expected outcome: recorded, announced, and the execution succeeds. Input: `TrainingInput`.
 */
export function trainingMachine(context: MachineContext, job: JobContext, platform: string): Definition {
  const { model } = context;
  const resources = resourceConfigs(model.training, job.keyArn);
  const timeout = resources.length * trainingTimeoutSeconds(model.training) + TRANSFORM_TIMEOUT_SECONDS + 2 * 3600;
  return machine(context, 'training', `Trains ${model.name} and lets the gates decide`, timeout, {
    Begin: begin(context, 'OwnCode?', {
      order: expression('$states.input'),
      codeUri: expression(
        `$exists($states.input.codeUri) ? $states.input.codeUri : 's3://${job.source.bucket}/${job.source.key}'`,
      ),
      resources,
      attempt: 0,
    }),
    ...freezeStates(context, job),
    ...trainStates(model, job),
    ...scoreStates(context, job),
    ...gateStates(context),
    ...registerStates(context, job, platform),
    Done: {
      Type: 'Succeed',
      Output: {
        decision: expression('$judged.decision.passed ? "registered" : "refused"'),
        reason: expression('$judged.decision.reason'),
        modelPackageArn: expression('$package'),
      },
    },
  });
}

/**
 * Code and data as they are now, where nothing replaces them. The deployed bundle lies in the bucket of CDK's assets, which only this
 * machine may read; it is copied to the lake under the name of its content. A bundle that somebody ordered is in the lake already.
 */
function freezeStates(context: MachineContext, job: JobContext): Readonly<Record<string, State>> {
  const { bucket, key, sha256 } = job.source;
  const frozen = codeKey(context.model.name, sha256);
  const copy = { Bucket: job.lakeBucket, Key: frozen, CopySource: `${bucket}/${key}` };
  return {
    'OwnCode?': {
      Type: 'Choice',
      Choices: [{ Condition: expression('$exists($order.codeUri)'), Next: 'Snapshot' }],
      Default: 'CopyCode',
    },
    CopyCode: call('s3', 'copyObject', copy, {
      Assign: { codeUri: `s3://${job.lakeBucket}/${frozen}` },
      Next: 'Snapshot',
      Catch: caught,
    }),
    Snapshot: invokeFunction(
      context,
      'snapshot',
      {
        model: expression('$model'),
        execution: expression('$execution'),
        datasetVersions: expression('$order.datasetVersions'),
        codeUri: expression('$codeUri'),
      },
      {
        Assign: {
          snapshot: expression('$states.result.Payload'),
          codeUri: expression('$states.result.Payload.codeUri'),
        },
        Next: 'Train',
        Catch: caught,
      },
    ),
  };
}

function trainStates(model: ModelConfig, job: JobContext): Readonly<Record<string, State>> {
  return {
    Train: {
      Type: 'Task',
      Resource: 'arn:aws:states:::sagemaker:createTrainingJob.sync',
      Arguments: trainingJob(model, job),
      TimeoutSeconds: trainingTimeoutSeconds(model.training),
      Retry: [retry('sagemaker')],
      Assign: {
        trained: trainedJob,
      },
      Next: 'CreateCandidate',
      Catch: caught.map((catcher) => ({ ...catcher, Next: 'OtherInstance?' })),
    },
    'OtherInstance?': {
      Type: 'Choice',
      Choices: [
        { Condition: expression(`$attempt + 1 < $count($resources) and (${NO_CAPACITY})`), Next: 'NextInstance' },
      ],
      Default: 'RecordFailure',
    },
    NextInstance: { Type: 'Pass', Assign: { attempt: expression('$attempt + 1') }, Next: 'Train' },
  };
}

function gateStates(context: MachineContext): Readonly<Record<string, State>> {
  const runbook: RunbookAnchor = 'candidate-refused';
  const refusal = `$judged.decision.passed ? null : {
    'subject': '${context.model.name}: candidate refused',
    'message': $judged.decision.reason & ' (model card: ' & $judged.modelCardKey & ')',
    'runbook': '${runbook}'
  }`.replace(/\s+/g, ' ');
  const detail: Readonly<Record<string, Json>> = {
    trigger: expression('$order.trigger'),
    reason: expression('$order.reason'),
    datasetVersions: expression('$order.datasetVersions'),
    codeUri: expression('$codeUri'),
    codeHash: expression('$snapshot.codeHash'),
    trainingJob: expression('$trained.job'),
    imageUri: expression('$trained.recipe.imageUri'),
    imageDigest: expression(
      "$contains($trained.recipe.imageUri, '@') ? $split($trained.recipe.imageUri, '@')[1] : null",
    ),
    hyperparameters: expression('$trained.recipe.hyperparameters'),
    seed: context.model.training.seed,
    instanceType: expression('$trained.recipe.instanceType'),
    billableSeconds: expression('$trained.billableSeconds'),
    environment: expression('$described.environment'),
    packages: expression('$described.packages'),
    artifact: expression('$trained.artifact'),
    files: expression('$described.files'),
    filesHash: expression('$described.filesHash'),
    championModelName: expression('$snapshot.championModelName'),
    gatesKey: expression('$judged.gatesKey'),
    modelCardKey: expression('$judged.modelCardKey'),
    decision: expression('$judged.decision'),
  };
  return {
    Gates: invokeFunction(
      context,
      'gates',
      {
        model: expression('$model'),
        execution: expression('$execution'),
        snapshotId: expression('$snapshot.snapshotId'),
        jobName: expression('$snapshot.jobName'),
        championModelName: expression('$snapshot.championModelName'),
        reason: expression('$order.reason'),
      },
      { Assign: { judged: expression('$states.result.Payload'), package: null }, Next: 'RecordRun', Catch: caught },
    ),
    RecordRun: record(
      context,
      {
        kind: 'run',
        id: expression('$execution'),
        parents: [expression("'snapshot#' & $snapshot.snapshotId")],
        detail,
        announce: expression(refusal),
      },
      { Next: 'DeleteCandidate', Catch: caught },
    ),
    DeleteCandidate: call(
      'sagemaker',
      'deleteModel',
      { ModelName: expression('$candidateModel') },
      // Only the artifact is registered. A model that stays behind costs nothing, and the next promotion removes it.
      { Next: 'Passed?', Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Passed?' }] },
    ),
    'Passed?': {
      Type: 'Choice',
      Choices: [{ Condition: expression('$judged.decision.passed'), Next: 'Register' }],
      Default: 'Done',
    },
  };
}

function registerStates(context: MachineContext, job: JobContext, platform: string): Readonly<Record<string, State>> {
  const { model } = context;
  const modelPackage: Readonly<Record<string, Json>> = {
    ModelPackageGroupName: packageGroupName(platform, model.name),
    ModelPackageDescription: expression('$substring($order.reason, 0, 1024)'),
    ModelApprovalStatus: model.approval === 'automatic' ? 'Approved' : 'PendingManualApproval',
    // The last characters of an execution name are the ones that differ; a repeated call registers nothing twice.
    ClientToken: expression("$substring($replace($execution, /[^a-zA-Z0-9-]/, '-'), -36)"),
    InferenceSpecification: {
      Containers: [
        {
          Image: job.imageUri,
          ModelDataUrl: expression('$trained.artifact'),
          Environment: { ...SERVING_ENVIRONMENT, SAGEMAKER_REGION: job.region, MODELWAY_MODEL: model.name },
        },
      ],
      SupportedContentTypes: ['application/json', 'application/jsonlines'],
      SupportedResponseMIMETypes: ['application/json', 'application/jsonlines'],
    },
    ModelMetrics: {
      ModelQuality: {
        Statistics: {
          ContentType: 'application/json',
          S3Uri: expression(`'s3://${job.lakeBucket}/' & $judged.gatesKey`),
        },
      },
    },
    CustomerMetadataProperties: expression('$judged.metadata'),
  };
  return {
    Register: call('sagemaker', 'createModelPackage', modelPackage, {
      Assign: { package: expression('$states.result.ModelPackageArn'), imageDigest: null },
      Next: 'DescribePackage',
      Catch: caught,
    }),
    // A training job tells the image's tag only; of a package SageMaker tells what the tag stood for.
    DescribePackage: call(
      'sagemaker',
      'describeModelPackage',
      { ModelPackageName: expression('$package') },
      {
        Assign: {
          imageDigest: expression(
            '($digest := $states.result.InferenceSpecification.Containers[0].ImageDigest; $exists($digest) ? $digest : null)',
          ),
        },
        Next: 'RecordPackage',
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'RecordPackage' }],
      },
    ),
    RecordPackage: record(
      context,
      {
        kind: 'package',
        id: expression('$package'),
        parents: [expression("'run#' & $execution")],
        detail: {
          modelPackageArn: expression('$package'),
          approval: model.approval,
          metadata: expression('$judged.metadata'),
          imageDigest: expression('$imageDigest'),
        },
        announce: null,
      },
      { Next: 'Done', Catch: caught },
    ),
  };
}
