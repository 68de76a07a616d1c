import {
  FlowLog,
  FlowLogDestination,
  FlowLogResourceType,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  IpAddresses,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Encryption } from './encryption.ts';
import { encryptedLogGroup } from './logs.ts';

/**
 * Where jobs and endpoints run: isolated subnets that reach S3 and DynamoDB through the free gateway endpoints, and nothing else.
 * No NAT, no internet gateway, nothing that costs by the hour.
 */
export class Network extends Construct {
  readonly vpc: Vpc;
  readonly jobs: SecurityGroup;

  constructor(scope: Construct, id: string, props: { readonly platform: string; readonly keys: Encryption }) {
    super(scope, id);
    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr('10.83.0.0/20'),
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'jobs', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 22 }],
      restrictDefaultSecurityGroup: false,
      gatewayEndpoints: {
        S3: { service: GatewayVpcEndpointAwsService.S3 },
        DynamoDb: { service: GatewayVpcEndpointAwsService.DYNAMODB },
      },
    });
    this.jobs = new SecurityGroup(this, 'Jobs', {
      vpc: this.vpc,
      description: 'SageMaker jobs and endpoints: HTTPS to the gateway endpoints, nothing in',
      allowAllOutbound: false,
    });
    this.jobs.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'S3 and DynamoDB through gateway endpoints');
    this.logFlows(props);
  }

  private logFlows({ platform, keys }: { readonly platform: string; readonly keys: Encryption }): void {
    const group = encryptedLogGroup(this, 'Flows', `/modelway/${platform}/network-flows`, keys.operations);
    const role = new Role(this, 'FlowsRole', { assumedBy: new ServicePrincipal('vpc-flow-logs.amazonaws.com') });
    new ManagedPolicy(this, 'FlowsPolicy', {
      roles: [role],
      statements: [
        new PolicyStatement({
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
          resources: [group.logGroupArn],
        }),
      ],
    });
    new FlowLog(this, 'FlowLog', {
      resourceType: FlowLogResourceType.fromVpc(this.vpc),
      trafficType: FlowLogTrafficType.ALL,
      destination: FlowLogDestination.toCloudWatchLogs(group, role.withoutPolicyUpdates()),
    });
  }
}
