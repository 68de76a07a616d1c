import type { IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { FunctionName } from '../contracts/functions.ts';
import { codeKey } from '../contracts/keys.ts';
import { METRIC_NAMESPACE } from '../contracts/metrics.ts';
import {
  alarmName,
  deploymentSpecName,
  endpointName,
  functionName,
  jobPrefix,
  type MachineKind,
  machineName,
  packageGroupName,
} from '../contracts/names.ts';
import type { SourceBundle } from './asl/training-job.ts';
import { GREEN_ALARMS, type SageMakerRoles } from './sagemaker-roles.ts';
import type { SharedResources } from './shared-resources.ts';
import { allow, arnHere, trace, useKey } from './statements.ts';

export interface MachinePermissionsProps {
  readonly platform: string;
  readonly model: string;
  readonly shared: SharedResources;
  readonly roles: SageMakerRoles;
  readonly source: SourceBundle;
}

/** What each machine may do, beyond recording, logs, traces and counting its failures. */
export const MACHINE_PERMISSIONS: Readonly<
  Record<MachineKind, (props: MachinePermissionsProps) => readonly PolicyStatement[]>
> = {
  intake: (props) => [
    invoke(props, ['intake']),
    ...children(props, 'intake'),
    ...jobs(props, ['processing'], props.roles.intake),
    start(props, 'retraining'),
  ],
  retraining: (props) => [invoke(props, ['decide-retraining']), start(props, 'training')],
  training: (props) => [
    invoke(props, ['snapshot', 'describe-artifact', 'gates']),
    ...freezeCode(props),
    ...jobs(props, ['training', 'transform']),
    ...candidates(props),
  ],
  deployment: (props) => [invoke(props, ['smoke-test', 'promote']), ...serving(props), ...deciding(props)],
  monitoring: (props) => [invoke(props, ['monitor', 'labels']), ...children(props, 'monitoring')],
  // Trains and scores, and nothing else: what it makes can neither be registered nor served.
  reproduction: (props) => [
    invoke(props, ['verify-inputs', 'compare-runs', 'compare-predictions']),
    ...jobs(props, ['training', 'transform']),
    allow(['sagemaker:CreateModel', 'sagemaker:DeleteModel'], [made(props, 'model')]),
  ],
};

/** Recording and counting failures, execution logs, traces. */
export const everyMachine = (props: MachinePermissionsProps): readonly PolicyStatement[] => [
  invoke(props, ['record']),
  allow(['cloudwatch:PutMetricData'], ['*'], { StringEquals: { 'cloudwatch:namespace': METRIC_NAMESPACE } }),
  // Log deliveries of Step Functions have no resource to name.
  allow(
    [
      'logs:CreateLogDelivery',
      'logs:DeleteLogDelivery',
      'logs:DescribeLogGroups',
      'logs:DescribeResourcePolicies',
      'logs:GetLogDelivery',
      'logs:ListLogDeliveries',
      'logs:PutResourcePolicy',
      'logs:UpdateLogDelivery',
    ],
    ['*'],
  ),
  trace(),
];

const invoke = ({ platform }: MachinePermissionsProps, names: readonly FunctionName[]): PolicyStatement =>
  allow(
    ['lambda:InvokeFunction'],
    names.map((name) => arnHere('lambda', `function:${functionName(platform, name)}`)),
  );

const start = ({ platform, model }: MachinePermissionsProps, kind: MachineKind): PolicyStatement =>
  allow(['states:StartExecution'], [arnHere('states', `stateMachine:${machineName(platform, model, kind)}`)]);

/** A distributed map starts its children as executions of the machine itself, and describes and stops them. */
function children(props: MachinePermissionsProps, kind: MachineKind): readonly PolicyStatement[] {
  const executions = arnHere('states', `execution:${machineName(props.platform, props.model, kind)}`);
  return [
    start(props, kind),
    allow(['states:DescribeExecution', 'states:StopExecution'], [`${executions}:*`, `${executions}/*`]),
  ];
}

const pass = (roleArn: string): PolicyStatement =>
  allow(['iam:PassRole'], [roleArn], { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } });

/** Names of everything this machine makes in SageMaker begin with the model's prefix. */
const made = ({ platform, model }: MachinePermissionsProps, kind: string): string =>
  arnHere('sagemaker', `${kind}/${jobPrefix(platform, model)}*`);

/** The deployed source bundle, from the bucket of CDK's assets to the lake: one object here, one there. */
const freezeCode = ({ model, shared, source }: MachinePermissionsProps): readonly PolicyStatement[] => [
  allow(['s3:GetObject'], [`arn:aws:s3:::${source.bucket}/${source.key}`]),
  allow(['s3:PutObject'], [`${shared.lakeArn}/${codeKey(model, source.sha256)}`]),
  useKey(shared.dataKeyArn),
];

/** `.sync`: Step Functions tags the jobs, describes and stops them, and watches them by a rule that it manages. */
function jobs(
  props: MachinePermissionsProps,
  kinds: readonly JobKind[],
  role: IRole = props.roles.jobs,
): readonly PolicyStatement[] {
  const arns = kinds.map((kind) => made(props, `${kind}-job`));
  return [
    ...kinds.map((kind) => allow(JOB_ACTIONS[kind], [made(props, `${kind}-job`)])),
    allow(['sagemaker:AddTags', 'sagemaker:ListTags'], arns),
    allow(
      ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
      kinds.map((kind) => arnHere('events', `rule/StepFunctionsGetEventsForSageMaker${JOBS[kind]}Rule`)),
    ),
    pass(role.roleArn),
    ...volumes(props),
  ];
}

type JobKind = 'training' | 'transform' | 'processing';
const JOBS: Readonly<Record<JobKind, string>> = {
  training: 'TrainingJobs',
  transform: 'TransformJobs',
  processing: 'ProcessingJobs',
};
const JOB_ACTIONS: Readonly<Record<JobKind, readonly string[]>> = {
  training: ['sagemaker:CreateTrainingJob', 'sagemaker:DescribeTrainingJob', 'sagemaker:StopTrainingJob'],
  transform: ['sagemaker:CreateTransformJob', 'sagemaker:DescribeTransformJob', 'sagemaker:StopTransformJob'],
  processing: ['sagemaker:CreateProcessingJob', 'sagemaker:DescribeProcessingJob', 'sagemaker:StopProcessingJob'],
};

/** A Model made from a package is checked against the package too. */
const createModel = (props: MachinePermissionsProps): PolicyStatement =>
  allow(
    ['sagemaker:CreateModel'],
    [made(props, 'model'), arnHere('sagemaker', `model-package/${packageGroupName(props.platform, props.model)}/*`)],
  );

function candidates(props: MachinePermissionsProps): readonly PolicyStatement[] {
  const { platform, model } = props;
  return [
    allow(['sagemaker:DeleteModel', 'sagemaker:DescribeModel'], [made(props, 'model')]),
    createModel(props),
    allow(
      ['sagemaker:CreateModelPackage', 'sagemaker:DescribeModelPackage'],
      [
        arnHere('sagemaker', `model-package-group/${packageGroupName(platform, model)}`),
        arnHere('sagemaker', `model-package/${packageGroupName(platform, model)}/*`),
      ],
    ),
  ];
}

function serving(props: MachinePermissionsProps): readonly PolicyStatement[] {
  const { platform, model, roles } = props;
  const endpoint = arnHere('sagemaker', `endpoint/${endpointName(platform, model)}`);
  return [
    createModel(props),
    allow(['sagemaker:CreateEndpointConfig'], [made(props, 'endpoint-config')]),
    allow(['sagemaker:CreateEndpoint', 'sagemaker:UpdateEndpoint'], [endpoint, made(props, 'endpoint-config')]),
    allow(['sagemaker:DescribeEndpoint', 'sagemaker:DeleteEndpoint'], [endpoint]),
    allow(
      ['sagemaker:DescribeModelPackage', 'sagemaker:UpdateModelPackage'],
      [arnHere('sagemaker', `model-package/${packageGroupName(platform, model)}/*`)],
    ),
    pass(roles.endpoint.roleArn),
    ...volumes(props),
  ];
}

/** The lock, the live pointer, the deployment spec and the green alarms. */
function deciding({ platform, model, shared }: MachinePermissionsProps): readonly PolicyStatement[] {
  const partition = { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [`model#${model}`] } };
  return [
    allow(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem'], [shared.tableArn], partition),
    useKey(shared.dataKeyArn),
    allow(['ssm:GetParameter'], [arnHere('ssm', `parameter${deploymentSpecName(platform, model)}`)]),
    allow(
      ['cloudwatch:DescribeAlarms', 'cloudwatch:PutMetricAlarm'],
      GREEN_ALARMS.map((kind) => arnHere('cloudwatch', `alarm:${alarmName(platform, model, kind)}`)),
    ),
  ];
}

/** SageMaker grants itself the customer key for volumes in the name of who asks for the job. */
const volumes = ({ shared }: MachinePermissionsProps): readonly PolicyStatement[] => [
  allow(['kms:DescribeKey'], [shared.dataKeyArn]),
  allow(['kms:CreateGrant'], [shared.dataKeyArn], { Bool: { 'kms:GrantIsForAWSResource': 'true' } }),
];
