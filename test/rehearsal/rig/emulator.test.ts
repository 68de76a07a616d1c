import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DeployedStack, deployAssembly, destroyAssembly } from '../../../rehearsal/rig/deploy-assembly.ts';
import { type Emulator, startEmulator } from '../../../rehearsal/rig/start-emulator.ts';
import { allow, arnOf, lambda, role, type SmallAssembly, smallAssembly } from './small-assembly.ts';

const START = new Date('2001-02-01T00:00:00Z');
const REGION = 'us-east-1';

/** A custom resource that answers its stack with a failure. */
const REFUSER = `
exports.handler = (event) => new Promise((resolve, reject) => {
  const answer = JSON.stringify({ ...event, PhysicalResourceId: 'none', Status: 'FAILED', Reason: 'no room left' });
  require('node:https').request(event.ResponseURL, { method: 'PUT' }, resolve).on('error', reject).end(answer);
}).then(() => ({}));`;

let emulator: Emulator;
let assembly: SmallAssembly;
let deployed: DeployedStack | undefined;
let startedIn = 0;

beforeAll(async () => {
  const began = performance.now();
  emulator = await startEmulator({ startsAt: START });
  startedIn = performance.now() - began;
  assembly = smallAssembly({
    resources: {
      Lake: {
        Type: 'AWS::S3::Bucket',
        Properties: {
          BucketName: 'small-lake',
          VersioningConfiguration: { Status: 'Enabled' },
          NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
        },
      },
      Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'uploads', MessageRetentionPeriod: 1_209_600 } },
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
      Uploaded: {
        Type: 'AWS::Events::Rule',
        Properties: {
          EventPattern: { source: ['aws.s3'], 'detail-type': ['Object Created'] },
          State: 'ENABLED',
          Targets: [{ Id: 'queue', Arn: arnOf('Queue') }],
        },
      },
      Daily: {
        Type: 'AWS::Scheduler::Schedule',
        Properties: {
          ScheduleExpression: 'cron(0 6 * * ? *)',
          FlexibleTimeWindow: { Mode: 'OFF' },
          Target: { Arn: arnOf('Queue'), RoleArn: arnOf('SenderRole'), Input: 'due <aws.scheduler.scheduled-time>' },
        },
      },
      SenderRole: role('scheduler.amazonaws.com', allow('sqs:SendMessage', arnOf('Queue'))),
      Hourly: {
        Type: 'AWS::Events::Rule',
        Properties: {
          ScheduleExpression: 'rate(1 hour)',
          State: 'ENABLED',
          Targets: [{ Id: 'queue', Arn: arnOf('Queue'), Input: 'hourly' }],
        },
      },
      Table: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          TableName: 'small-table',
          BillingMode: 'PAY_PER_REQUEST',
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
          AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
          TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
        },
      },
      EchoRole: role('lambda.amazonaws.com', allow(['logs:CreateLogStream', 'logs:PutLogEvents'], '*')),
      Echo: lambda('echo', 'EchoRole', { COLOUR: 'green' }),
    },
    outputs: { Queue: { Ref: 'Queue' } },
    functions: {
      echo: `exports.handler = async (event) => ({ event, colour: process.env.COLOUR, at: new Date().toISOString() });`,
    },
  });
  [deployed] = await deployAssembly(emulator, assembly.folder);
});

afterAll(async () => {
  await emulator?.stop();
  assembly?.remove();
});

test('a fresh emulator answers within seconds, as the account of the rehearsal', async () => {
  // About one second on an idle machine; the other tests of the suite compete for the processors.
  expect(startedIn).toBeLessThan(8000);
  const identity = await emulator.aws.sts.send(new GetCallerIdentityCommand({}));
  expect(identity.Account).toBe('123456789012');
});

test('a small stack deploys within seconds and tells its outputs', () => {
  expect(deployed?.milliseconds).toBeLessThan(4000);
  expect(deployed?.outputs.Queue).toContain('/uploads');
});

test('a deployed function runs its bundle in virtual time', async () => {
  const answer = await emulator.aws.lambda.send(
    new InvokeCommand({ FunctionName: 'echo', Payload: Buffer.from(JSON.stringify({ n: 1 })) }),
  );
  const body: unknown = JSON.parse(Buffer.from(answer.Payload ?? []).toString());
  expect(body).toMatchObject({ event: { n: 1 }, colour: 'green', at: expect.stringMatching(/^2001-02-01T/) });
});

test('the event of an upload names the version of the object', async () => {
  const put = await emulator.aws.s3.send(new PutObjectCommand({ Bucket: 'small-lake', Key: 'inbox/a.csv', Body: 'x' }));
  const message = await received();
  expect(message).toMatchObject({
    region: REGION,
    detail: { object: { key: 'inbox/a.csv', 'version-id': put.VersionId } },
  });
});

/** Takes one message off the queue; undefined when there is none. */
async function receivedText(): Promise<string | undefined> {
  const { sqs } = emulator.aws;
  const url = deployed?.outputs.Queue;
  const { Messages: messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: url }));
  const message = messages?.[0];
  if (message === undefined) return undefined;
  await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message.ReceiptHandle }));
  return message.Body;
}

async function received(): Promise<unknown> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const text = await receivedText();
    if (text !== undefined) return JSON.parse(text);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('no message came');
}

test('ten days pass in seconds, and every schedule fires at its moment, which it tells its target', async () => {
  const days = 10;
  const began = performance.now();
  // The hours are counted from the deployment, which took some seconds of the first minutes.
  await emulator.control.advanceTo(new Date(START.getTime() + days * 86_400_000 + 600_000));
  expect(performance.now() - began).toBeLessThan(20_000);
  expect(emulator.clock.now().toISOString()).toMatch(/^2001-02-11T00:10:/);
  const texts: string[] = [];
  for (let text = await receivedText(); text !== undefined; text = await receivedText()) texts.push(text);
  const times = texts.flatMap((text) => /^due (.+)$/.exec(text)?.[1] ?? []).sort();
  const mornings = Array.from({ length: days }, (_, day) => new Date(Date.UTC(2001, 1, 1 + day, 6)));
  expect(times).toEqual(mornings.map((moment) => moment.toISOString().replace('.000Z', 'Z')));
  expect(texts.filter((text) => text === 'hourly')).toHaveLength(days * 24);
});

test('an item whose time to live is over is gone', async () => {
  const { dynamodb } = emulator.aws;
  const item = (pk: string, expires: number) => ({ pk: { S: pk }, expires: { N: String(expires) } });
  const seconds = Math.floor(emulator.clock.now().getTime() / 1000);
  await dynamodb.send(new PutItemCommand({ TableName: 'small-table', Item: item('short', seconds + 60) }));
  await dynamodb.send(new PutItemCommand({ TableName: 'small-table', Item: item('long', seconds + 86_400) }));
  await emulator.control.advanceBy(3 * 3600);
  const { Items: items = [] } = await dynamodb.send(new ScanCommand({ TableName: 'small-table' }));
  expect(items.map((found) => found.pk?.S)).toEqual(['long']);
});

test('a custom resource that never answers ends the deployment at its deadline, with the log of its function', async () => {
  const silent = smallAssembly({
    name: 'silent',
    resources: {
      SilentRole: role('lambda.amazonaws.com', allow(['logs:CreateLogStream', 'logs:PutLogEvents'], '*')),
      Silent: lambda('silent', 'SilentRole'),
      Waiting: { Type: 'Custom::Waiting', Properties: { ServiceToken: arnOf('Silent') } },
    },
    functions: { silent: `exports.handler = async () => { console.log('I never answer'); };` },
  });
  const deploying = deployAssembly(emulator, silent.folder, { deadlineSeconds: 2 });
  await expect(deploying).rejects.toThrow(/Waiting \(Custom::Waiting\) does not finish[\s\S]+I never answer/);
  silent.remove();
});

test('a resource that fails is named with its reason', async () => {
  const broken = smallAssembly({
    name: 'broken',
    resources: {
      RefuserRole: role('lambda.amazonaws.com', allow(['logs:CreateLogStream', 'logs:PutLogEvents'], '*')),
      Refuser: lambda('refuser', 'RefuserRole'),
      Broken: { Type: 'Custom::Broken', Properties: { ServiceToken: arnOf('Refuser') } },
    },
    functions: { refuser: REFUSER },
  });
  await expect(deployAssembly(emulator, broken.folder)).rejects.toThrow(
    /ended ROLLBACK_COMPLETE[\s\S]+Broken \(Custom::Broken\): no room left/,
  );
  broken.remove();
});

test('deploying the same again changes nothing', async () => {
  const [again] = await deployAssembly(emulator, assembly.folder);
  expect(again?.outputs).toEqual(deployed?.outputs);
});

test('nothing that should not happen has happened', async () => {
  expect(await emulator.control.problems()).toEqual([]);
});

test('destroying the assembly leaves no stack', async () => {
  await destroyAssembly(emulator, assembly.folder);
  expect(await emulator.control.problems()).toEqual([]);
});
