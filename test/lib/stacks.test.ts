import { Match, Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { FUNCTION_NAMES, FUNCTIONS } from '../../contracts/functions.ts';
import { ALARMS } from '../../contracts/names.ts';
import { fixtureApp, inNewFolder } from './fixture-app.ts';

const { folder, remove } = inNewFolder();
let platform: Template;
let model: Template;

beforeAll(() => {
  const fixture = fixtureApp(folder);
  platform = Template.fromStack(fixture.platform);
  const [first] = fixture.models;
  if (first === undefined) throw new Error('the fixture has a model');
  model = Template.fromStack(first);
});
afterAll(remove);

describe('platform stack', () => {
  test('keeps what remembers when it is deleted, and refuses to delete the lineage', () => {
    for (const type of ['AWS::S3::Bucket', 'AWS::DynamoDB::Table', 'AWS::KMS::Key'])
      platform.allResources(type, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    platform.hasResourceProperties('AWS::DynamoDB::Table', {
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
    });
  });

  test('reads records by time in the model’s own partition, which can be done consistently', () => {
    platform.hasResourceProperties('AWS::DynamoDB::Table', {
      LocalSecondaryIndexes: [
        {
          IndexName: 'by-time',
          KeySchema: [
            { AttributeName: 'pk', KeyType: 'HASH' },
            { AttributeName: 'byTime', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    });
  });

  test('has two customer keys in all, rotated', () => {
    platform.resourceCountIs('AWS::KMS::Key', 2);
    platform.allResourcesProperties('AWS::KMS::Key', { EnableKeyRotation: true });
  });

  test('sends events of the lake by the bucket’s own switch, without a custom resource', () => {
    platform.hasResourceProperties('AWS::S3::Bucket', {
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    });
    expect(Object.values(platform.toJSON().Resources).filter((resource) => /^Custom::/.test(typeOf(resource)))).toEqual(
      [],
    );
  });

  test('locks audit records by default, so that nobody overwrites one in passing', () => {
    platform.hasResourceProperties('AWS::S3::Bucket', {
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 365 } } },
    });
  });

  test('lets nothing expire in the lake or among audit records but what steps of an intake leave for each other', () => {
    const buckets = Object.entries(platform.findResources('AWS::S3::Bucket')).filter(
      ([id]) => !id.includes('AccessLogs'),
    );
    expect(buckets).toHaveLength(2);
    const rules = buckets.flatMap(([, { Properties }]) => Properties?.LifecycleConfiguration?.Rules ?? []);
    const expiring = rules.filter((rule: object) => JSON.stringify(rule).includes('Expiration'));
    expect(expiring).toMatchObject([{ Prefix: 'scratch/', ExpirationInDays: 7 }]);
  });

  test('has nothing that costs by the hour: no NAT, no interface endpoint, no instance', () => {
    platform.resourceCountIs('AWS::EC2::NatGateway', 0);
    platform.resourceCountIs('AWS::EC2::InternetGateway', 0);
    platform.allResourcesProperties('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Gateway' });
    platform.resourceCountIs('AWS::EC2::VPCEndpoint', 2);
  });

  test('has every function of the table once, with a log group made before it', () => {
    platform.resourceCountIs('AWS::Lambda::Function', FUNCTION_NAMES.length);
    for (const name of FUNCTION_NAMES) {
      const { duckdb, memoryMegabytes, timeoutSeconds } = FUNCTIONS[name];
      platform.hasResourceProperties('AWS::Lambda::Function', {
        FunctionName: `modelway-${name}`,
        Architectures: [duckdb ? 'x86_64' : 'arm64'],
        Layers: duckdb ? Match.anyValue() : Match.absent(),
        MemorySize: memoryMegabytes,
        Timeout: timeoutSeconds,
        TracingConfig: { Mode: 'Active' },
        LoggingConfig: { LogGroup: Match.anyValue() },
      });
      platform.hasResourceProperties('AWS::Logs::LogGroup', {
        LogGroupName: `/aws/lambda/modelway-${name}`,
        KmsKeyId: Match.anyValue(),
        RetentionInDays: 365,
      });
    }
  });

  test('an object below the inbox goes to the upload queue, which hands it out again when the starter fails', () => {
    platform.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: { object: { key: [{ prefix: 'inbox/' }] } },
      },
    });
    platform.hasResourceProperties('AWS::SQS::Queue', {
      VisibilityTimeout: 6 * FUNCTIONS['start-intake'].timeoutSeconds,
      RedrivePolicy: { maxReceiveCount: 5 },
    });
    platform.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  test('services may use the keys of what they write to', () => {
    for (const service of ['events.amazonaws.com', 'cloudwatch.amazonaws.com'])
      platform.hasResourceProperties('AWS::KMS::Key', {
        KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({ Principal: { Service: service } })]) },
      });
  });
});

describe('model stack', () => {
  test('stays small, so that a hundred models stay under the quotas', () => {
    expect(Object.keys(model.toJSON().Resources).length).toBeLessThanOrEqual(80);
  });

  test('names no model version and no endpoint: those belong to the deployment machine', () => {
    for (const type of ['AWS::SageMaker::Model', 'AWS::SageMaker::EndpointConfig', 'AWS::SageMaker::Endpoint'])
      model.resourceCountIs(type, 0);
  });

  test('shows how the model is served', () => {
    const parameters = Object.values(model.findResources('AWS::SSM::Parameter'));
    expect(JSON.stringify(parameters)).toMatch(/ml\.m5\.large.*CANARY/s);
  });

  test('has six alarms on monitoring, three on serving and one of them all, each with an action and an article', () => {
    model.resourceCountIs('AWS::CloudWatch::Alarm', ALARMS.length);
    for (const kind of ALARMS)
      model.hasResourceProperties('AWS::CloudWatch::Alarm', {
        AlarmName: `modelway-late-${kind}`,
        AlarmDescription: Match.stringLikeRegexp(`runbook.*#alarm-${kind}$`),
        AlarmActions: [Match.anyValue()],
      });
    model.hasResourceProperties('AWS::CloudWatch::CompositeAlarm', { AlarmActions: [Match.anyValue()] });
  });

  test('the share of failed requests is compared with a share: "average above 1" could never fire', () => {
    const alarms = Object.values(model.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
    const shares = alarms.filter(({ MetricName }) => MetricName === 'Invocation5XXErrors');
    expect(shares.map(({ Threshold, Statistic }) => [Threshold, Statistic])).toEqual([
      [0.05, 'Average'],
      [0.05, 'Average'],
    ]);
  });

  test('an approved package and a drift alarm start their machines', () => {
    model.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { detail: { ModelPackageGroupName: ['modelway-late'], ModelApprovalStatus: ['Approved'] } },
    });
    model.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        detail: { alarmName: Match.arrayWith(['modelway-late-drift']), state: { value: ['ALARM'] } },
      },
    });
  });

  test('is deleted triggers first, then what the machines made, then machines and roles', () => {
    const resources = z
      .record(z.string(), z.object({ Type: z.string(), DependsOn: z.array(z.string()).optional() }))
      .parse(model.toJSON().Resources);
    const cleanUp = Object.entries(resources).find(([, { Type }]) => Type === 'Custom::ModelwayCleanUp');
    const idsOf = (type: string) => Object.entries(resources).flatMap(([id, { Type }]) => (Type === type ? [id] : []));
    expect(cleanUp?.[1].DependsOn).toEqual(
      expect.arrayContaining([
        ...idsOf('AWS::StepFunctions::StateMachine'),
        ...idsOf('AWS::SageMaker::ModelPackageGroup'),
      ]),
    );
    for (const trigger of [...idsOf('AWS::Events::Rule'), ...idsOf('AWS::Scheduler::Schedule')])
      expect(resources[trigger]?.DependsOn).toContain(cleanUp?.[0]);
  });
});

const typeOf = (resource: unknown): string => z.object({ Type: z.string() }).parse(resource).Type;
