import { allow, arnOf, lambda, role } from '../rig/small-assembly.ts';
import { arn, catching, caught, invoke, key, machine, task } from './machine-resources.ts';

/** Namespace of the metrics under test. */
export const NAMESPACE = 'Contract';
const flaky = task('lambda:invoke', { FunctionName: 'flaky', Payload: '{% $states.input %}' });
const putItem = task('aws-sdk:dynamodb:putItem', {
  TableName: 'contract',
  Item: { pk: { S: '{% $states.input.key %}' } },
  ConditionExpression: 'attribute_not_exists(pk)',
});
const readVault = task('aws-sdk:s3:getObject', { Bucket: 'contract-vault', Key: 'secret' });
const branch = (state: object) => ({ StartAt: 'One', States: { One: state } });

const alarm = (name: string, fleet: string, properties: object = {}) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    AlarmName: name,
    Namespace: NAMESPACE,
    MetricName: 'Errors',
    Dimensions: [{ Name: 'Fleet', Value: fleet }],
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 2,
    Threshold: 5,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'notBreaching',
    ...properties,
  },
});

const sumOf = (fleet: string) => ({
  Id: fleet,
  ReturnData: false,
  MetricStat: {
    Metric: { Namespace: NAMESPACE, MetricName: 'Errors', Dimensions: [{ Name: 'Fleet', Value: fleet }] },
    Period: 60,
    Stat: 'Sum',
  },
});

/** A table, machines, alarms and a topic, in the form a template has them. */
export const contractResources = {
  Table: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      TableName: 'contract',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    },
  },
  Lake: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'contract-lake' } },
  FunctionRole: role(
    'lambda.amazonaws.com',
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], arn('logs', 'log-group:/aws/lambda/*')),
  ),
  Flaky: lambda('flaky', 'FunctionRole'),
  ...machine(
    'retries',
    {
      Try: {
        ...flaky,
        Retry: [{ ErrorEquals: ['Flaky'], IntervalSeconds: 100, BackoffRate: 2, MaxAttempts: 2 }],
        ...catching('Flaky'),
      },
      Caught: caught,
    },
    [invoke('flaky')],
  ),
  ...machine(
    'conditions',
    { Put: { ...putItem, ...catching('DynamoDb.ConditionalCheckFailedException') }, Caught: caught },
    [allow('dynamodb:PutItem', arnOf('Table'))],
  ),
  ...machine('denied', { Put: { ...putItem, ...catching('DynamoDb.DynamoDbException') }, Caught: caught }, [
    allow('dynamodb:GetItem', arnOf('Table')),
  ]),
  ...machine(
    'parallel',
    {
      Both: {
        Type: 'Parallel',
        Arguments: { n: 20 },
        Branches: [
          branch({ Type: 'Pass', Output: '{% $states.input.n + 1 %}', End: true }),
          branch({ Type: 'Wait', Seconds: 90, Output: 'waited', End: true }),
        ],
        Assign: { first: '{% $states.result[0] %}' },
        Output: { results: '{% $states.result %}' },
        Next: 'End',
      },
      End: { Type: 'Succeed', Output: '{% $merge([$states.input, {"first": $first}]) %}' },
    },
    [],
  ),
  ...machine(
    'slow',
    {
      Ask: {
        ...task('lambda:invoke.waitForTaskToken', { FunctionName: 'flaky', Payload: { fails: [] } }),
        TimeoutSeconds: 1800,
        ...catching('States.Timeout'),
      },
      Caught: caught,
    },
    [invoke('flaky')],
  ),
  ...machine('limited', { Wait: { Type: 'Wait', Seconds: 9000, End: true } }, [], { TimeoutSeconds: 3600 }),
  ...machine(
    'shards',
    {
      Map: {
        Type: 'Map',
        ItemReader: {
          Resource: 'arn:aws:states:::s3:getObject',
          ReaderConfig: { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' },
          Arguments: { Bucket: 'contract-lake', Key: 'rows.csv' },
        },
        ItemBatcher: { MaxItemsPerBatch: 2 },
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          ...branch({ Type: 'Pass', Output: '{% $sum($states.input.Items.$number(n)) %}', End: true }),
        },
        ResultWriter: {
          Resource: 'arn:aws:states:::s3:putObject',
          Arguments: { Bucket: 'contract-lake', Prefix: 'results' },
        },
        End: true,
      },
    },
    [
      allow(['s3:GetObject', 's3:PutObject'], 'arn:aws:s3:::contract-lake/*'),
      allow('states:StartExecution', arn('states', 'stateMachine:shards')),
    ],
  ),
  Key: key('cloudwatch.amazonaws.com'),
  DeafKey: key(),
  Vault: {
    Type: 'AWS::S3::Bucket',
    Properties: {
      BucketName: 'contract-vault',
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: arnOf('Key') } },
        ],
      },
    },
  },
  ...machine('reader', { Read: { ...readVault, ...catching('S3.S3Exception') }, Caught: caught }, [
    allow('s3:GetObject', 'arn:aws:s3:::contract-vault/*'),
    allow('kms:Decrypt', arnOf('Key')),
  ]),
  ...machine('keyless', { Read: { ...readVault, ...catching('S3.S3Exception') }, Caught: caught }, [
    allow('s3:GetObject', 'arn:aws:s3:::contract-vault/*'),
  ]),
  Alerts: {
    Type: 'AWS::SNS::Topic',
    Properties: { TopicName: 'contract-alerts', KmsMasterKeyId: arnOf('Key') },
  },
  Deaf: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'contract-deaf', KmsMasterKeyId: arnOf('DeafKey') } },
  Blue: alarm('blue', 'blue'),
  Green: alarm('green', 'green'),
  Late: alarm('late', 'nobody', { TreatMissingData: 'breaching', EvaluationPeriods: 1 }),
  Unknown: alarm('unknown', 'nobody', { TreatMissingData: 'missing' }),
  Share: {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: 'share',
      AlarmActions: [{ Ref: 'Deaf' }],
      Metrics: [
        sumOf('blue'),
        sumOf('green'),
        { Id: 'share', ReturnData: true, Expression: 'FILL(green, 0) / (FILL(green, 0) + FILL(blue, 1))' },
      ],
      EvaluationPeriods: 1,
      Threshold: 0.5,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
    },
  },
  Any: {
    Type: 'AWS::CloudWatch::CompositeAlarm',
    DependsOn: ['Blue', 'Green'],
    Properties: { AlarmName: 'any', AlarmRule: 'ALARM(blue) OR ALARM(green)', AlarmActions: [{ Ref: 'Alerts' }] },
  },
};
