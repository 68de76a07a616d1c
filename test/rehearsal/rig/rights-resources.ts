import { allow, arnOf, lambda, role } from './small-assembly.ts';

/** The bucket of the template. */
export const BUCKET = 'rights-lake';

const STORAGE = {
  Lake: {
    Type: 'AWS::S3::Bucket',
    Properties: {
      BucketName: BUCKET,
      VersioningConfiguration: { Status: 'Enabled' },
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    },
  },
  LakePolicy: {
    Type: 'AWS::S3::BucketPolicy',
    Properties: {
      Bucket: { Ref: 'Lake' },
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 's3:*',
            Resource: [`arn:aws:s3:::${BUCKET}`, `arn:aws:s3:::${BUCKET}/*`],
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    },
  },
  Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'events' } },
  QueuePolicy: {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [{ Ref: 'Queue' }],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Resource: arnOf('Queue'),
          },
        ],
      },
    },
  },
};

const LOGS = allow(['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], '*');
const ROLES = {
  ReaderRole: role('lambda.amazonaws.com', LOGS, allow('s3:GetObject', `arn:aws:s3:::${BUCKET}/open/*`)),
  Reader: lambda('reader', 'ReaderRole'),
  PowerlessRole: role('events.amazonaws.com'),
  PersonRole: {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: 'person',
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 'sts:AssumeRole' }],
      },
      Policies: [
        { PolicyName: 'read', PolicyDocument: { Version: '2012-10-17', Statement: [allow('s3:GetObject', '*')] } },
      ],
    },
  },
};

const DELIVERIES = {
  Machine: {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: {
      StateMachineName: 'idle',
      RoleArn: arnOf('PowerlessRole'),
      DefinitionString: JSON.stringify({ StartAt: 'Done', States: { Done: { Type: 'Succeed' } } }),
    },
  },
  Created: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: { object: { key: [{ prefix: 'parts/' }] } },
      },
      State: 'ENABLED',
      Targets: [{ Id: 'queue', Arn: arnOf('Queue') }],
    },
  },
  Unreadable: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'unreadable' } },
  Mapping: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: { FunctionName: { Ref: 'Reader' }, EventSourceArn: arnOf('Unreadable') },
  },
  Uninvited: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: { source: ['test.function'] },
      State: 'ENABLED',
      Targets: [{ Id: 'function', Arn: arnOf('Reader') }],
    },
  },
  Denied: {
    Type: 'AWS::Events::Rule',
    Properties: {
      Name: 'denied',
      EventPattern: { source: ['test.denied'] },
      State: 'ENABLED',
      Targets: [{ Id: 'machine', Arn: { Ref: 'Machine' }, RoleArn: arnOf('PowerlessRole') }],
    },
  },
};

/** A template of a bucket, a function that may read part of it, and deliveries that lack a right each. */
export const RIGHTS_RESOURCES = { ...STORAGE, ...ROLES, ...DELIVERIES };
