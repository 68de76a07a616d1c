/** One finding that we leave as it is, and why a reviewer may agree. */
export interface Acknowledgement {
  readonly tool: 'cdk-nag' | 'checkov' | 'cfn-lint';
  readonly rule: string;
  /** Resources, by their path in the construct tree below the stack. */
  readonly resource: RegExp;
  /** Resource type. Left out: any. */
  readonly type?: string;
  /** For rules that name each wildcard of a policy: which ones. Left out: the rule as a whole. */
  readonly finding?: RegExp;
  readonly reason: string;
}

const FUNCTION = /^Functions\/[^/]+\/Function\/Resource$/;
const SYNCHRONOUS_FUNCTION = /^Functions\/(?!clean-up\/)[^/]+\/Function\/Resource$/;
const FUNCTION_POLICY = /^Functions\/[^/]+\/Policy\/Resource$/;
const SAGEMAKER_POLICY = /^SageMaker\/(Jobs|Endpoint|Intake)Policy\/Resource$/;
const MACHINE_POLICY = /^Machines\/[^/]+\/Policy\/Resource$/;
const COMMON_MACHINE_POLICY = /^Machines\/Common\/Resource$/;

/** Wildcards in policies, each kind with what bounds it. */
const WILDCARDS: readonly Omit<Acknowledgement, 'tool' | 'rule'>[] = [
  {
    resource: FUNCTION_POLICY,
    finding: /^Resource::\*$/,
    reason:
      'X-Ray actions, cloudwatch:GetMetricData and the list calls of SageMaker name no resource; AWS offers no narrower form. Deletions that follow a list are bounded by prefix.',
  },
  {
    resource: FUNCTION_POLICY,
    finding:
      /^Resource::<DataLake\w+\.Arn>\/(inbox|(intake|scratch|datasets|quarantine|snapshots|code|training|scores|runs|capture|monitoring|reconciliation)\/\*|reports\/\*\/(intake|labels))\/\*$/,
    reason:
      'Object keys below one folder of the lake: functions serve every model, and keys carry run and version ids.',
  },
  {
    resource: FUNCTION_POLICY,
    finding: /^Resource::<DataAudit\w+\.Arn>\/audit\/\*$/,
    reason: 'Audit keys are numbered as they are written. The records are locked: the right to put cannot replace one.',
  },
  {
    resource: FUNCTION_POLICY,
    finding:
      /^Resource::arn:aws:states:<AWS::Region>:<AWS::AccountId>:(stateMachine|execution):[a-z0-9-]+\*(-intake|-training|-retraining|-monitoring)?$/,
    reason: 'Machines of models that are deployed later; bounded by the platform’s name.',
  },
  {
    resource: FUNCTION_POLICY,
    finding:
      /^Resource::arn:aws:sagemaker:<AWS::Region>:<AWS::AccountId>:(endpoint|endpoint-config|model|model-package|training-job|transform-job|processing-job)\/[a-z0-9-]+\*([-/]\*)?$/,
    reason:
      'What machines made for models that are deployed later; bounded by the platform’s name, which begins every name.',
  },
  {
    resource: SAGEMAKER_POLICY,
    finding: /^Resource::\*$/,
    reason:
      'ecr:GetAuthorizationToken and the ec2:Describe calls name no resource; cloudwatch:PutMetricData is bounded to SageMaker’s namespaces by condition.',
  },
  {
    resource: SAGEMAKER_POLICY,
    finding:
      /^Resource::arn:aws:s3:::[a-z0-9-]+-lake-bucket\/(snapshots|code|training|scores|capture|scratch)\/[a-z0-9-]+\/\*$/,
    reason: 'Object keys below this model’s own folders of the lake, which carry run ids.',
  },
  {
    resource: SAGEMAKER_POLICY,
    finding: /^Resource::arn:aws:ec2:<AWS::Region>:<AWS::AccountId>:network-interface\/\*$/,
    reason: 'Network interfaces get their ids when SageMaker makes them; subnets and security group are named.',
  },
  {
    resource: SAGEMAKER_POLICY,
    finding: /^Resource::arn:aws:logs:<AWS::Region>:<AWS::AccountId>:log-group:\/aws\/sagemaker\/[\w/-]+:\*$/,
    reason: 'Log streams of a named group; SageMaker names them after instances.',
  },
  {
    resource: COMMON_MACHINE_POLICY,
    finding: /^Resource::\*$/,
    reason:
      'X-Ray and the log deliveries of Step Functions name no resource; cloudwatch:PutMetricData is bounded to our namespace by condition.',
  },
  {
    resource: MACHINE_POLICY,
    finding:
      /^Resource::arn:aws:sagemaker:<AWS::Region>:<AWS::AccountId>:(training-job|transform-job|processing-job|model|endpoint-config)\/[a-z0-9-]+-\*$/,
    reason: 'Jobs, models and endpoint configs get a new name each time; bounded by this model’s prefix.',
  },
  {
    resource: MACHINE_POLICY,
    finding: /^Resource::arn:aws:sagemaker:<AWS::Region>:<AWS::AccountId>:model-package\/[a-z0-9-]+\/\*$/,
    reason: 'Versions of this model’s package group; SageMaker numbers them.',
  },
  {
    resource: MACHINE_POLICY,
    finding: /^Resource::arn:aws:states:<AWS::Region>:<AWS::AccountId>:execution:[a-z0-9-]+-(monitoring|intake)[:/]\*$/,
    reason: 'Executions of this machine itself, the children of its distributed map; Step Functions names them.',
  },
];

const FUNCTIONS_OUTSIDE_VPC =
  'Functions call AWS APIs only. Inside the VPC each would need interface endpoints that cost by the hour, and would be no less exposed: access is by IAM, the endpoints are TLS (docs/decisions/functions-outside-the-vpc.md).';
const NO_RESERVED_CONCURRENCY =
  'New accounts have ten concurrent executions in all and refuse reservations; executions of the machines bound how often functions run, and the upload queue holds bursts back.';
const SYNCHRONOUS =
  'Called synchronously by a state machine, which retries and records the failure, or fed by a queue with its own dead letters; a dead-letter queue of the function would never get a message.';
const CDK_DEPENDENCY =
  'CDK adds the dependency on the role beside the reference to it; the explicit one on the policy is the one that is needed.';

/** Every acknowledged finding of every tool; a test fails when one is no longer needed. */
export const ACKNOWLEDGEMENTS: readonly Acknowledgement[] = [
  ...WILDCARDS.map((wildcard) => ({ tool: 'cdk-nag', rule: 'AwsSolutions-IAM5', ...wildcard }) as const),
  {
    tool: 'cdk-nag',
    rule: 'NIST.800.53.R5-S3BucketReplicationEnabled',
    resource: /^Data\/(Lake|Audit|AccessLogs)\/Resource$/,
    reason:
      'Versioned, with retention and eleven nines within the region; a copy elsewhere is a cost and a data-residency decision of whoever deploys (docs/decisions/replication-is-opt-in.md).',
  },
  {
    tool: 'cdk-nag',
    rule: 'NIST.800.53.R5-S3DefaultEncryptionKMS',
    resource: /^Data\/AccessLogs\/Resource$/,
    reason: 'S3 delivers access logs only to buckets with its own key (SSE-S3); they hold keys and addresses, no data.',
  },
  {
    tool: 'cdk-nag',
    rule: 'NIST.800.53.R5-DynamoDBInBackupPlan',
    resource: /^Data\/Lineage\/Resource$/,
    reason:
      'Point-in-time recovery restores any second of 35 days, and deletion protection is on; the audit bucket holds the locked record.',
  },
  {
    tool: 'cdk-nag',
    rule: 'NIST.800.53.R5-VPCDefaultSecurityGroupClosed',
    resource: /^Network\/Vpc\/Resource$/,
    reason:
      'Nothing uses the default group: every job and endpoint names its own, and the subnets have no way out but the gateway endpoints. CloudFormation can empty it only through a custom resource with rights on security groups, the greater risk.',
  },
  {
    tool: 'cdk-nag',
    rule: 'NIST.800.53.R5-LambdaConcurrency',
    resource: FUNCTION,
    reason: NO_RESERVED_CONCURRENCY,
  },
  { tool: 'cdk-nag', rule: 'NIST.800.53.R5-LambdaDLQ', resource: SYNCHRONOUS_FUNCTION, reason: SYNCHRONOUS },
  { tool: 'cdk-nag', rule: 'NIST.800.53.R5-LambdaInsideVPC', resource: FUNCTION, reason: FUNCTIONS_OUTSIDE_VPC },
  { tool: 'checkov', rule: 'CKV_AWS_115', resource: FUNCTION, reason: NO_RESERVED_CONCURRENCY },
  { tool: 'checkov', rule: 'CKV_AWS_116', resource: SYNCHRONOUS_FUNCTION, reason: SYNCHRONOUS },
  { tool: 'checkov', rule: 'CKV_AWS_117', resource: FUNCTION, reason: FUNCTIONS_OUTSIDE_VPC },
  {
    tool: 'checkov',
    rule: 'CKV_AWS_18',
    resource: /^Data\/AccessLogs\/Resource$/,
    reason: 'This is the bucket that access logs go to; logging it into itself would never end.',
  },
  { tool: 'cfn-lint', rule: 'W3005', resource: FUNCTION, reason: CDK_DEPENDENCY },
  { tool: 'cfn-lint', rule: 'W3005', resource: /^Machines\/[^/]+\/Machine\/Resource$/, reason: CDK_DEPENDENCY },
  {
    tool: 'cfn-lint',
    rule: 'W3005',
    resource: /^CleanUp\/Default$/,
    reason:
      'It depends on the machines with their roles and policies as a whole: they must be there until it has stopped what runs. The references alone would keep the machines only.',
  },
];
