import { ManagedPolicy, type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { lakePrefix } from '../contracts/keys.ts';
import { type AlarmKind, alarmName, endpointName } from '../contracts/names.ts';
import type { SharedResources } from './shared-resources.ts';
import { allow, arnHere, listObjects, readObjects, writeObjects } from './statements.ts';
import type { Image } from './xgboost-image.ts';

export interface SageMakerRolesProps {
  readonly platform: string;
  readonly model: string;
  readonly shared: SharedResources;
  readonly image: Image;
}

/** Alarms that decide over a new fleet; SageMaker reads them with the endpoint's role. */
export const GREEN_ALARMS = ['green-errors', 'green-latency'] as const satisfies readonly AlarmKind[];

/** The roles SageMaker works with: one for training and batch jobs, one for the endpoint, one for jobs that read large uploads. */
export class SageMakerRoles extends Construct {
  readonly jobs: Role;
  readonly endpoint: Role;
  readonly intake: Role;

  constructor(scope: Construct, id: string, props: SageMakerRolesProps) {
    super(scope, id);
    const { model, platform, shared } = props;
    const lake = shared.lakeArn;
    this.jobs = this.role('Jobs', `${platform}-${model}: training and batch jobs`, [
      readObjects(lake, [lakePrefix.snapshots(model), lakePrefix.code(model), lakePrefix.training(model)]),
      listObjects(lake, [lakePrefix.snapshots(model), lakePrefix.code(model), lakePrefix.training(model)]),
      writeObjects(lake, [lakePrefix.training(model), lakePrefix.scores(model)]),
      ...ofEveryContainer(props),
      ...logsTo(['TrainingJobs', 'TransformJobs']),
    ]);
    // Serves and captures, and neither sees training data nor writes scores: the champion is scored by a Model of the other role.
    this.endpoint = this.role('Endpoint', `${platform}-${model}: serving`, [
      readObjects(lake, [lakePrefix.training(model)]),
      listObjects(lake, [lakePrefix.training(model)]),
      writeObjects(lake, [lakePrefix.capture(model)]),
      ...ofEveryContainer(props),
      ...logsTo([`Endpoints/${endpointName(platform, model)}`]),
      allow(
        ['cloudwatch:DescribeAlarms'],
        GREEN_ALARMS.map((kind) => arnHere('cloudwatch', `alarm:${alarmName(platform, model, kind)}`)),
      ),
    ]);
    this.intake = this.intakeRole(props);
  }

  /** Sees copies of the uploads it is given and its own program, and writes what it found beside them: it registers nothing. */
  private intakeRole(props: SageMakerRolesProps): Role {
    const { model, platform, shared } = props;
    const { bucket, runtimeKey, programKey } = shared.intakeProgram;
    const assets = `arn:aws:s3:::${bucket}`;
    return this.role('Intake', `${platform}-${model}: processing jobs that read large uploads`, [
      readObjects(shared.lakeArn, [lakePrefix.scratch(model)]),
      listObjects(shared.lakeArn, [lakePrefix.scratch(model)]),
      writeObjects(shared.lakeArn, [lakePrefix.scratch(model)]),
      allow(['s3:GetObject'], [`${assets}/${runtimeKey}`, `${assets}/${programKey}`]),
      listObjects(assets, [runtimeKey, programKey]),
      ...ofEveryContainer(props),
      ...logsTo(['ProcessingJobs']),
    ]);
  }

  private role(id: string, description: string, statements: PolicyStatement[]): Role {
    const role = new Role(this, `${id}Role`, {
      description,
      assumedBy: new ServicePrincipal('sagemaker.amazonaws.com'),
    });
    new ManagedPolicy(this, `${id}Policy`, { roles: [role], statements });
    return role;
  }
}

/** Pulling the image, the customer key, metrics, and network interfaces in the private subnets. */
function ofEveryContainer({ shared, image }: SageMakerRolesProps): readonly PolicyStatement[] {
  const key = [shared.dataKeyArn];
  return [
    allow(['kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'], key),
    allow(['kms:CreateGrant'], key, { Bool: { 'kms:GrantIsForAWSResource': 'true' } }),
    allow(
      ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      [image.repositoryArn],
    ),
    allow(['ecr:GetAuthorizationToken'], ['*']),
    allow(['cloudwatch:PutMetricData'], ['*'], {
      StringLike: { 'cloudwatch:namespace': ['/aws/sagemaker/*', 'AWS/SageMaker'] },
    }),
    allow(
      [
        'ec2:CreateNetworkInterface',
        'ec2:CreateNetworkInterfacePermission',
        'ec2:DeleteNetworkInterface',
        'ec2:DeleteNetworkInterfacePermission',
      ],
      [
        arnHere('ec2', 'network-interface/*'),
        arnHere('ec2', `security-group/${shared.securityGroupId}`),
        ...shared.subnetIds.map((subnetId) => arnHere('ec2', `subnet/${subnetId}`)),
      ],
    ),
    allow(
      [
        'ec2:DescribeDhcpOptions',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSubnets',
        'ec2:DescribeVpcs',
      ],
      ['*'],
    ),
  ];
}

const logsTo = (groups: readonly string[]): readonly PolicyStatement[] => [
  allow(
    ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
    groups.flatMap((group) => [
      arnHere('logs', `log-group:/aws/sagemaker/${group}`),
      arnHere('logs', `log-group:/aws/sagemaker/${group}:*`),
    ]),
  ),
];
