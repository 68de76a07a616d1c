import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { FunctionName } from '../contracts/functions.ts';
import { INBOX_PREFIX, lakePrefix } from '../contracts/keys.ts';
import { endpointName, functionName, jobPrefix, machineName, packageGroupName } from '../contracts/names.ts';
import { BY_TIME } from '../contracts/records.ts';
import type { Alerts } from './alerts.ts';
import type { Encryption } from './encryption.ts';
import type { Queues } from './queues.ts';
import { allow, arnHere, listObjects, readObjects, useKey, writeObjects } from './statements.ts';
import type { Storage } from './storage.ts';

/** What the functions work on. */
export interface FunctionResources {
  readonly platform: string;
  readonly keys: Encryption;
  readonly storage: Storage;
  readonly alerts: Alerts;
  readonly queues: Queues;
}

/** Functions serve every model, so their rights end at the platform's prefixes and names. */
const EVERY_MODEL = '*';

/** What each function may do, beyond writing its log and traces and using the data key, which all do. */
export const FUNCTION_PERMISSIONS: Readonly<
  Record<FunctionName, (resources: FunctionResources) => readonly PolicyStatement[]>
> = {
  'start-intake': ({ platform, queues }) => [
    allow(
      ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility'],
      [queues.uploads.queueArn],
    ),
    startForUploads(platform),
  ],
  sweep: ({ platform, storage }) => [
    allow(['s3:ListBucketVersions'], [storage.lake.bucketArn], { StringLike: { 's3:prefix': [`${INBOX_PREFIX}*`] } }),
    startForUploads(platform),
  ],
  intake: ({ storage }) => [
    readObjects(storage.lake.bucketArn, [INBOX_PREFIX, folder('intakes'), folder('datasets'), folder('scratch')]),
    // Folders are listed by their versions; without the right to list, S3 answers "forbidden" for what is not there.
    allow(['s3:ListBucketVersions'], [storage.lake.bucketArn], { StringLike: { 's3:prefix': [`${INBOX_PREFIX}*`] } }),
    listObjects(storage.lake.bucketArn, [folder('intakes'), folder('datasets')]),
    writeObjects(storage.lake.bucketArn, [
      folder('intakes'),
      folder('scratch'),
      folder('datasets'),
      folder('quarantine'),
      folder('intakeReports'),
    ]),
    ...lineage(storage, ['GetItem', 'PutItem']),
    readByTime(storage),
  ],
  'decide-retraining': ({ platform, storage }) => [
    ...lineage(storage, ['GetItem', 'PutItem', 'Query']),
    readByTime(storage),
    allow(
      ['states:ListExecutions'],
      (['training', 'retraining'] as const).map((kind) =>
        arnHere('states', `stateMachine:${machineName(platform, EVERY_MODEL, kind)}`),
      ),
    ),
  ],
  snapshot: ({ storage }) => [
    readObjects(storage.lake.bucketArn, [folder('datasets'), folder('code')]),
    writeObjects(storage.lake.bucketArn, [folder('snapshots'), folder('code')]),
    ...lineage(storage, ['GetItem', 'PutItem']),
  ],
  'describe-artifact': ({ storage }) => [readObjects(storage.lake.bucketArn, [folder('training')])],
  'verify-inputs': ({ storage }) => [
    readObjects(storage.lake.bucketArn, [folder('snapshots'), folder('code')]),
    // Without the right to list, S3 answers "forbidden" for a file that is gone; of the model it is only asked whether it is there.
    listObjects(storage.lake.bucketArn, [folder('snapshots'), folder('code'), folder('training')]),
    ...lineage(storage, ['GetItem']),
  ],
  'compare-runs': ({ storage }) => [
    readObjects(storage.lake.bucketArn, [folder('training')]),
    ...lineage(storage, ['GetItem']),
  ],
  'compare-predictions': ({ storage }) => [readObjects(storage.lake.bucketArn, [folder('scores')])],
  gates: ({ storage }) => [
    readObjects(storage.lake.bucketArn, [folder('snapshots'), folder('scores')]),
    writeObjects(storage.lake.bucketArn, [folder('runs')]),
  ],
  'smoke-test': ({ platform }) => [
    allow(['sagemaker:InvokeEndpoint'], [arnHere('sagemaker', `endpoint/${endpointName(platform, EVERY_MODEL)}`)]),
  ],
  promote: ({ platform, storage }) => [...lineage(storage, ['GetItem', 'PutItem']), ...removeServing(platform)],
  monitor: ({ storage }) => [
    readObjects(storage.lake.bucketArn, [folder('capture'), folder('runs'), folder('monitoring')]),
    // Without the right to list, S3 answers "forbidden" for quality counts that an old run does not have.
    listObjects(storage.lake.bucketArn, [folder('capture'), folder('monitoring'), folder('runs')]),
    writeObjects(storage.lake.bucketArn, [folder('monitoring')]),
    ...lineage(storage, ['GetItem', 'Query']),
  ],
  reconcile: ({ platform, storage }) => [
    readObjects(storage.lake.bucketArn, [folder('capture'), folder('reconciliation')]),
    listObjects(storage.lake.bucketArn, [folder('capture'), folder('monitoring'), folder('reconciliation')]),
    writeObjects(storage.lake.bucketArn, [folder('reconciliation')]),
    ...lineage(storage, ['GetItem']),
    allow(['cloudwatch:GetMetricData'], ['*']),
    allow(['lambda:InvokeFunction'], [arnHere('lambda', `function:${functionName(platform, 'record')}`)]),
  ],
  labels: ({ storage }) => [
    readObjects(storage.lake.bucketArn, [INBOX_PREFIX, folder('monitoring')]),
    listObjects(storage.lake.bucketArn, [folder('monitoring')]),
    writeObjects(storage.lake.bucketArn, [folder('monitoring'), folder('labelReports')]),
    ...lineage(storage, ['Query']),
  ],
  record: ({ storage, keys, alerts }) => [
    ...lineage(storage, ['GetItem', 'PutItem']),
    // Without the right to list, S3 answers "forbidden" for an audit record that is not there yet.
    allow(['s3:ListBucket'], [storage.audit.bucketArn]),
    readObjects(storage.audit.bucketArn, ['audit/']),
    writeObjects(storage.audit.bucketArn, ['audit/']),
    allow(['sns:Publish'], [alerts.topic.topicArn]),
    useKey(keys.operations.keyArn),
  ],
  'clean-up': ({ platform }) => [
    ...removeServing(platform),
    allow(
      ['sagemaker:DescribeEndpoint', 'sagemaker:DeleteEndpoint'],
      [arnHere('sagemaker', `endpoint/${endpointName(platform, EVERY_MODEL)}`)],
    ),
    allow(
      ['ListModelPackages', 'ListTrainingJobs', 'ListTransformJobs', 'ListProcessingJobs'].map(
        (list) => `sagemaker:${list}`,
      ),
      ['*'],
    ),
    allow(
      ['sagemaker:DeleteModelPackage'],
      [arnHere('sagemaker', `model-package/${packageGroupName(platform, EVERY_MODEL)}/*`)],
    ),
    allow(
      ['sagemaker:StopTrainingJob', 'sagemaker:StopTransformJob', 'sagemaker:StopProcessingJob'],
      [
        arnHere('sagemaker', `training-job/${jobPrefix(platform, EVERY_MODEL)}*`),
        arnHere('sagemaker', `transform-job/${jobPrefix(platform, EVERY_MODEL)}*`),
        arnHere('sagemaker', `processing-job/${jobPrefix(platform, EVERY_MODEL)}*`),
      ],
    ),
    allow(['states:ListExecutions'], [arnHere('states', `stateMachine:${platform}-*`)]),
    allow(['states:StopExecution'], [arnHere('states', `execution:${platform}-*`)]),
  ],
};

/** Data starts intake, labels start monitoring. */
const startForUploads = (platform: string): PolicyStatement =>
  allow(
    ['states:StartExecution'],
    (['intake', 'monitoring'] as const).map((kind) =>
      arnHere('states', `stateMachine:${machineName(platform, EVERY_MODEL, kind)}`),
    ),
  );

const folder = (name: keyof typeof lakePrefix): string => lakePrefix[name](EVERY_MODEL);

const lineage = (storage: Storage, operations: readonly string[]): readonly PolicyStatement[] => [
  allow(
    operations.map((operation) => `dynamodb:${operation}`),
    [storage.lineage.tableArn],
  ),
];

/** The newest dataset versions and runs. */
const readByTime = (storage: Storage): PolicyStatement =>
  allow(['dynamodb:Query'], [`${storage.lineage.tableArn}/index/${BY_TIME}`]);

/** Endpoint configs and SageMaker Models are found by list calls, which name no resource, and deleted by prefix. */
const removeServing = (platform: string): readonly PolicyStatement[] => [
  allow(['sagemaker:ListEndpointConfigs', 'sagemaker:ListModels'], ['*']),
  allow(
    ['sagemaker:DescribeEndpointConfig', 'sagemaker:DeleteEndpointConfig'],
    [arnHere('sagemaker', `endpoint-config/${jobPrefix(platform, EVERY_MODEL)}*`)],
  ),
  allow(['sagemaker:DeleteModel'], [arnHere('sagemaker', `model/${jobPrefix(platform, EVERY_MODEL)}*`)]),
];
