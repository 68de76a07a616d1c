import { InvokeCommand } from '@aws-sdk/client-lambda';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DeployedStack, deployAssembly, destroyAssembly } from '../../../rehearsal/rig/deploy-assembly.ts';
import { type Emulator, startEmulator } from '../../../rehearsal/rig/start-emulator.ts';
import { allow, arnOf, lambda, role, type SmallAssembly, smallAssembly } from './small-assembly.ts';

const START = new Date('2001-02-01T00:00:00Z');
const REGION = 'us-east-1';

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
      Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'uploads' } },
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
      EchoRole: role('lambda.amazonaws.com', allow('s3:PutObject', 'arn:aws:s3:::small-lake/*')),
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

test('a fresh emulator answers within three seconds, as the account of the rehearsal', async () => {
  expect(startedIn).toBeLessThan(3000);
  const identity = await emulator.aws.sts.send(new GetCallerIdentityCommand({}));
  expect(identity.Account).toBe('123456789012');
});

test('a small stack deploys within a second and tells its outputs', () => {
  expect(deployed?.milliseconds).toBeLessThan(1000);
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

async function received(): Promise<unknown> {
  const url = deployed?.outputs.Queue;
  for (let attempt = 0; attempt < 100; attempt++) {
    const { Messages: messages } = await emulator.aws.sqs.send(new ReceiveMessageCommand({ QueueUrl: url }));
    if (messages?.[0]?.Body !== undefined) return JSON.parse(messages[0].Body);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('no message came');
}

test('nothing that should not happen has happened', async () => {
  expect(await emulator.control.problems()).toEqual([]);
});

test('destroying the assembly leaves no stack', async () => {
  await destroyAssembly(emulator, assembly.folder);
  expect(await emulator.control.problems()).toEqual([]);
});
