import { setTimeout } from 'node:timers/promises';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { QueuedUploadSchema } from '../../../contracts/functions.ts';
import { DatasetDetailSchema } from '../../../contracts/records.ts';
import { s3Lake } from '../../../lambdas/aws/lake.ts';
import { dynamoLineage } from '../../../lambdas/aws/lineage-table.ts';
import { listVersions } from '../../../lambdas/aws/object-versions.ts';
import { writeOnce } from '../../../lambdas/aws/write-once.ts';
import type { IntakeTools } from '../../../lambdas/intake/intake-tools.ts';
import { registerVersion } from '../../../lambdas/intake/register-version.ts';
import { localContent } from '../../../lambdas/intake/storable-content.ts';
import { takeIn } from '../../../lambdas/intake/take-in.ts';
import { startUploads } from '../../../lambdas/start-intake/start-uploads.ts';
import { type Emulator, startEmulator } from '../../../rehearsal/rig/start-emulator.ts';
import { intakeForTests } from '../../core/intake/take-file.ts';
import { flightsModel } from '../flights-model.ts';
import { lineageTableDefinition } from '../lineage-table-definition.ts';

/** Intake against S3, DynamoDB and EventBridge as the emulator serves them. */

const intake = intakeForTests();
const model = flightsModel();
const csv = (...distances: readonly number[]) =>
  `departs,distance,earlier,origin,late\n${distances.map((distance) => `2001-01-01T00:00:00Z,${distance},,SFO,${distance % 2 === 0}\n`).join('')}`;

let emulator: Emulator;
let tools: IntakeTools;
let queueUrl = '';

beforeAll(async () => {
  emulator = await startEmulator();
  const { s3, dynamodb, sqs, events } = emulator.aws;
  await s3.send(new CreateBucketCommand({ Bucket: 'lake' }));
  await s3.send(new PutBucketVersioningCommand({ Bucket: 'lake', VersioningConfiguration: { Status: 'Enabled' } }));
  const NotificationConfiguration = { EventBridgeConfiguration: {} };
  await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: 'lake', NotificationConfiguration }));
  const Arn = 'arn:aws:sqs:us-east-1:123456789012:uploads';
  const Statement = {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: Arn,
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [Statement] });
  queueUrl = (await sqs.send(new CreateQueueCommand({ QueueName: 'uploads', Attributes: { Policy } }))).QueueUrl ?? '';
  const EventPattern = JSON.stringify({ source: ['aws.s3'], 'detail-type': ['Object Created'] });
  await events.send(new PutRuleCommand({ Name: 'uploads', EventPattern }));
  await events.send(new PutTargetsCommand({ Rule: 'uploads', Targets: [{ Id: 'queue', Arn }] }));
  await dynamodb.send(new CreateTableCommand(lineageTableDefinition('lineage')));
  tools = {
    platform: 'modelway',
    lake: s3Lake('lake', s3),
    writeOnce: writeOnce('lake', s3),
    versions: (prefix) => listVersions('lake', prefix, s3),
    lineage: dynamoLineage('lineage', dynamodb),
    now: () => new Date('2001-02-03T04:05:06Z'),
  };
});
afterAll(() => emulator.stop());

const put = (Key: string, Body: string) => emulator.aws.s3.send(new PutObjectCommand({ Bucket: 'lake', Key, Body }));
const KEYS = [
  'january 2001.csv',
  'a+b.csv',
  '50%.csv',
  '%41.csv',
  'ü-日本.csv',
  'a&b<c>"d\'.csv',
  'a\u0001b.csv',
  '../../up.csv',
  'q?versionId=x#y.csv',
].map((name) => `inbox/odd/${name}`);

async function received(most: number) {
  const events: unknown[] = [];
  for (let tries = 0; tries < 100 && events.length < most; tries++) {
    const { Messages = [] } = await emulator.aws.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }),
    );
    events.push(...Messages.map(({ Body }) => JSON.parse(Body ?? '')));
    await setTimeout(20);
  }
  return events;
}

describe('objects of any key', () => {
  const written = new Map<string, string>();
  beforeAll(async () => {
    for (const key of KEYS) written.set(key, (await put(key, 'x')).VersionId ?? '');
  });

  test('are listed by that key, with their versions', async () => {
    const found = [];
    for await (const { key, versionId, latest } of tools.versions('inbox/odd/')) found.push([key, versionId, latest]);
    expect(new Map(found.map(([key, version]) => [key, version]))).toEqual(written);
    expect(found.every(([, , latest]) => latest)).toBe(true);
  });

  test('are told by that key in events, and can be read by it', async () => {
    const told = (await received(KEYS.length)).map((event) => QueuedUploadSchema.parse(event).detail.object);
    expect(new Map(told.map((object) => [object.key, object['version-id']]))).toEqual(written);
  });
});

test('objects made by copying and in parts are told with their versions, and start once each', async () => {
  const { s3 } = emulator.aws;
  const Key = 'inbox/flights/parts.csv';
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket: 'lake', Key }));
  const part = { Bucket: 'lake', Key, UploadId, PartNumber: 1 };
  const { ETag } = await s3.send(new UploadPartCommand({ ...part, Body: csv(1, 2) }));
  await s3.send(
    new CompleteMultipartUploadCommand({
      Bucket: 'lake',
      Key,
      UploadId,
      MultipartUpload: { Parts: [{ ETag, PartNumber: 1 }] },
    }),
  );
  await s3.send(new CopyObjectCommand({ Bucket: 'lake', Key: 'inbox/flights/copy.csv', CopySource: `lake/${Key}` }));
  const events = await received(2);
  const started: string[] = [];
  const Records = [...events, ...events].map((event, index) => ({
    messageId: `${index}`,
    body: JSON.stringify(event),
  }));
  await startUploads(
    { Records },
    async (_, name) => (started.includes(name) ? 'exists' : started.push(name) > 0 ? 'started' : 'exists'),
    () => undefined,
  );
  const told = events.map((event) => QueuedUploadSchema.parse(event).detail.object.key);
  expect(new Set(told)).toEqual(new Set([Key, 'inbox/flights/copy.csv']));
  expect(started.length).toBe(2);
});

test('of many who write an object once, one does', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, index) => tools.writeOnce('once', Buffer.from(`${index}`), 'text/plain')),
  );
  const winner = outcomes.indexOf('written');
  expect(outcomes.filter((outcome) => outcome === 'written').length).toBe(1);
  expect(await tools.lake.getText('once')).toBe(`${winner}`);
});

test('a folder is taken in by its versions; what was deleted is no part of it, and an upload that is gone is told', async () => {
  const folder = 'inbox/flights/2001/';
  await put(`${folder}a.csv`, csv(1, 2, 3));
  await put(`${folder}b c+d.csv`, csv(4));
  await put(`${folder}deleted.csv`, 'nonsense');
  await emulator.aws.s3.send(new DeleteObjectCommand({ Bucket: 'lake', Key: `${folder}deleted.csv` }));
  const { VersionId: versionId = '' } = await put(`${folder}_SUCCESS`, '');
  const upload = {
    bucket: 'lake',
    key: `${folder}_SUCCESS`,
    versionId,
    size: 0,
    etag: 'x',
    uploadedAt: '2001-02-03T04:05:00Z',
  };
  const result = await takeIn({ model, execution: 'e1', upload }, tools);
  expect(result).toMatchObject({ verdict: 'accepted', rows: { read: 4 } });
  expect(await takeIn({ model, execution: 'e1', upload }, tools)).toEqual(result);
  const record = await tools.lineage.get('flights', `dataset#${result.datasetVersion}`);
  const detail = DatasetDetailSchema.parse(JSON.parse(record?.detail ?? ''));
  expect(detail.sources.map(({ key }) => key)).toEqual([`${folder}a.csv`, `${folder}b c+d.csv`]);

  const gone = { ...upload, key: 'inbox/flights/gone.csv', versionId: 'no-such-version' };
  expect(await takeIn({ model, execution: 'e2', upload: gone }, tools)).toMatchObject({
    verdict: 'rejected',
    summary: expect.stringContaining('was deleted before it was taken in'),
  });
});

test('of fifty registrations of the same rows one wins, and all get the same answer', async () => {
  const { accepted } = await intake.take(model.data, 'f.csv', csv(7, 8, 9));
  if (accepted === null) throw new Error('three good rows');
  let written = 0;
  const counting = {
    ...tools,
    lineage: {
      ...tools.lineage,
      put: async (record: Parameters<typeof tools.lineage.put>[0]) => {
        const outcome = await tools.lineage.put(record);
        if (outcome === 'written') written++;
        return outcome;
      },
    },
  };
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      registerVersion(
        {
          model,
          execution: `e${index}`,
          content: localContent(model, accepted, intake.duck(), tools.lake),
          sources: [{ bucket: 'lake', key: `k${index}`, versionId: 'v', sha256: 'x', rows: 3 }],
          comparedWith: null,
        },
        counting,
      ),
    ),
  );
  expect([new Set(answers).size, written]).toEqual([1, 1]);
});
