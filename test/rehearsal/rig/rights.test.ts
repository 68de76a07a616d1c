import { createRequire } from 'node:module';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { CreateTopicCommand, PublishCommand } from '@aws-sdk/client-sns';
import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { awsClients } from '../../../rehearsal/rig/aws-clients.ts';
import type { Fault } from '../../../rehearsal/rig/control.ts';
import { deployAssembly } from '../../../rehearsal/rig/deploy-assembly.ts';
import { type Emulator, startEmulator } from '../../../rehearsal/rig/start-emulator.ts';
import { BUCKET, RIGHTS_RESOURCES } from './rights-resources.ts';
import { type SmallAssembly, smallAssembly } from './small-assembly.ts';

/** A function of the templates brings its SDK in the bundle; this one takes ours. */
const SDK = createRequire(import.meta.url).resolve('@aws-sdk/client-s3');
/** Reads one object with the SDK and answers with what came of it. */
const READER = `
const { S3Client, GetObjectCommand } = require(${JSON.stringify(SDK)});
const s3 = new S3Client({ maxAttempts: 1 });
exports.handler = async ({ bucket, key }) => {
  try {
    return { text: await (await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }))).Body.transformToString() };
  } catch (error) {
    return { error: error.name, message: error.message };
  }
};`;

let emulator: Emulator;
let assembly: SmallAssembly;
let queueUrl: string;

beforeAll(async () => {
  emulator = await startEmulator({ startsAt: new Date('2001-02-01T00:00:00Z') });
  assembly = smallAssembly({
    name: 'rights',
    resources: RIGHTS_RESOURCES,
    outputs: { Queue: { Ref: 'Queue' } },
    functions: { reader: READER },
  });
  const [deployed] = await deployAssembly(emulator, assembly.folder);
  queueUrl = deployed?.outputs.Queue ?? '';
  await emulator.aws.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'open/a.txt', Body: 'hello' }));
  await emulator.aws.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'closed/a.txt', Body: 'secret' }));
});

afterAll(async () => {
  await emulator?.stop();
  assembly?.remove();
});

async function read(key: string): Promise<unknown> {
  const answer = await emulator.aws.lambda.send(
    new InvokeCommand({ FunctionName: 'reader', Payload: Buffer.from(JSON.stringify({ bucket: BUCKET, key })) }),
  );
  return JSON.parse(Buffer.from(answer.Payload ?? []).toString());
}

async function nextEvent(): Promise<unknown> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const { Messages: messages } = await emulator.aws.sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl }));
    if (messages?.[0]?.Body !== undefined) return JSON.parse(messages[0].Body);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('no message came');
}

test('a function reads over TLS from a bucket that demands it, with the rights of its role', async () => {
  expect(await read('open/a.txt')).toEqual({ text: 'hello' });
  expect(await emulator.control.problems()).toEqual([]);
});

test('a call that the role does not allow is refused, and named with role, action, resource and where the role is declared', async () => {
  expect(await read('closed/a.txt')).toMatchObject({ error: 'AccessDenied' });
  const problems = await emulator.control.problems();
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(/^role \S+ lacks s3:GetObject on arn:aws:s3:::rights-lake\/closed\/a\.txt/);
  expect(problems[0]).toContain('stack rights, resource ReaderRole');
});

test('a rule whose role may not start its target delivers nothing and is named', async () => {
  await emulator.aws.events.send(
    new PutEventsCommand({ Entries: [{ Source: 'test.denied', DetailType: 'any', Detail: '{}' }] }),
  );
  await emulator.control.advanceBy(1);
  const denials = await emulator.control.denials();
  expect(denials).toContainEqual({
    principal: 'events.amazonaws.com',
    action: 'states:StartExecution',
    resource: 'arn:aws:states:us-east-1:123456789012:stateMachine:idle',
  });
  const line = (await emulator.control.problems()).find((problem) => problem.includes('states:StartExecution'));
  expect(line).toContain('stack rights, resource PowerlessRole');
  expect(line).toContain('rule/denied');
  expect(await emulator.control.calls()).not.toHaveProperty('states:StartExecution');
});

test('the events of multipart uploads and copies name the version too', async () => {
  const { s3 } = emulator.aws;
  const where = { Bucket: BUCKET, Key: 'parts/a' };
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(where));
  const part = await s3.send(new UploadPartCommand({ ...where, UploadId, PartNumber: 1, Body: 'x' }));
  const whole = await s3.send(
    new CompleteMultipartUploadCommand({
      ...where,
      UploadId,
      MultipartUpload: { Parts: [{ ETag: part.ETag, PartNumber: 1 }] },
    }),
  );
  expect(await nextEvent()).toMatchObject({ detail: { object: { key: 'parts/a', 'version-id': whole.VersionId } } });
  const copy = await s3.send(
    new CopyObjectCommand({ Bucket: BUCKET, Key: 'parts/b', CopySource: `${BUCKET}/open/a.txt` }),
  );
  expect(await nextEvent()).toMatchObject({ detail: { object: { key: 'parts/b', 'version-id': copy.VersionId } } });
});

test('a session ends after its virtual hour', async () => {
  const session = await emulator.aws.sts.send(
    new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::123456789012:role/person', RoleSessionName: 'p' }),
  );
  const {
    AccessKeyId: accessKeyId = '',
    SecretAccessKey: secretAccessKey = '',
    SessionToken: sessionToken = '',
  } = session.Credentials ?? {};
  const person = awsClients(emulator.gatewayUrl, emulator.agent, emulator.clock, {
    accessKeyId,
    secretAccessKey,
    sessionToken,
  });
  const get = () => person.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'open/a.txt' }));
  await expect(get()).resolves.toMatchObject({ ContentLength: 5 });
  await emulator.control.advanceBy(3599 - 5);
  await expect(get()).resolves.toMatchObject({ ContentLength: 5 });
  await emulator.control.advanceBy(10);
  await expect(get()).rejects.toMatchObject({ name: 'ExpiredToken' });
});

test('a function that may not read its queue, or that no policy lets the rule call, is never invoked', async () => {
  const { sqs, events } = emulator.aws;
  await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl.replace('/events', '/unreadable'), MessageBody: '{}' }));
  await events.send(new PutEventsCommand({ Entries: [{ Source: 'test.function', DetailType: 'any', Detail: '{}' }] }));
  await emulator.control.advanceBy(5);
  const problems = await emulator.control.problems();
  expect(problems.find((line) => line.includes('lacks sqs:ReceiveMessage'))).toContain('resource ReaderRole');
  expect(problems.find((line) => line.includes('events.amazonaws.com lacks lambda:InvokeFunction'))).toContain(
    'stack rights, resource Reader',
  );
});

test('messages to a topic are kept with their virtual time', async () => {
  const { sns } = emulator.aws;
  const { TopicArn: topic } = await sns.send(new CreateTopicCommand({ Name: 'news' }));
  await sns.send(new PublishCommand({ TopicArn: topic, Subject: 'hello', Message: 'world' }));
  const [message] = await emulator.control.notifications();
  expect(message).toMatchObject({
    topic,
    subject: 'hello',
    message: 'world',
    at: expect.stringMatching(/^2001-02-01T/),
  });
});

const faults: readonly (readonly [Fault['kind'], string])[] = [
  ['throttle', 'SlowDown'],
  ['error', 'InternalFailure'],
  ['timeout-before', 'RequestTimeout'],
  ['timeout-after', 'RequestTimeout'],
  ['access-denied', 'AccessDenied'],
];

test.each(faults)('an injected %s fault is met once, as %s, and is no problem of the template', async (kind, name) => {
  const before = await emulator.control.problems();
  await emulator.control.addFault({ service: 's3', operation: 'GetObject', kind, caller: 'reader' });
  expect(await read('open/a.txt')).toMatchObject({ error: name });
  expect(await read('open/a.txt')).toEqual({ text: 'hello' });
  expect((await emulator.control.faults()).at(-1)).toMatchObject({ kind, hits: 1 });
  expect(await emulator.control.problems()).toEqual(before);
});

test('a crash fault kills the process that made the call, and the next invocation gets a new one', async () => {
  await emulator.control.addFault({ service: 's3', operation: 'GetObject', kind: 'crash-after', caller: 'reader' });
  expect(await read('open/a.txt')).toMatchObject({ errorType: 'Runtime.ExitError' });
  expect(await read('open/a.txt')).toEqual({ text: 'hello' });
});
