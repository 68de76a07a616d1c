import { describe, expect, test } from 'vitest';
import { IntakeInputSchema, MonitoringInputSchema } from '../../../contracts/machines.ts';
import { executionName, type StartMachine } from '../../../lambdas/aws/upload-starts.ts';
import { startUploads } from '../../../lambdas/start-intake/start-uploads.ts';

/** An S3 event as EventBridge delivers it to the queue. */
function objectCreated(key: string, versionId = 'v1'): string {
  return JSON.stringify({
    version: '0',
    id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
    'detail-type': 'Object Created',
    source: 'aws.s3',
    account: '111122223333',
    time: '2001-02-03T04:05:06Z',
    region: 'us-east-1',
    resources: ['arn:aws:s3:::lake'],
    detail: {
      version: '0',
      bucket: { name: 'lake' },
      object: { key, size: 5, etag: 'b1946ac92492d2347c6235b4d2611184', 'version-id': versionId, sequencer: '00' },
      'request-id': 'N4N7GDK58NMKJ12R',
      requester: '111122223333',
      reason: 'PutObject',
    },
  });
}

/** Starts kept in memory, as Step Functions does: a name is used once. */
function machines(known: readonly string[]) {
  const started = new Map<string, unknown>();
  const kinds: string[] = [];
  const start: StartMachine = async (model, name, { kind, input }) => {
    if (!known.includes(model)) return 'no-machine';
    if (model === 'busy') throw new Error('ThrottlingException');
    if (started.has(name)) return 'exists';
    started.set(name, input);
    kinds.push(kind);
    return 'started';
  };
  const notes: [string, string][] = [];
  const send = (...bodies: readonly string[]) =>
    startUploads(
      { Records: bodies.map((body, index) => ({ messageId: `m${index}`, body, eventSource: 'aws:sqs' })) },
      start,
      (problem, about) => notes.push([problem, about]),
    );
  return { started, kinds, notes, send };
}

test('an upload starts the intake machine of its model with the frozen object', async () => {
  const { started, send } = machines(['flights']);
  expect(await send(objectCreated('inbox/flights/january 2001 +50%.csv'))).toEqual({ batchItemFailures: [] });
  const [input] = started.values();
  expect(IntakeInputSchema.parse(input)).toEqual({
    bucket: 'lake',
    key: 'inbox/flights/january 2001 +50%.csv',
    versionId: 'v1',
    size: 5,
    etag: 'b1946ac92492d2347c6235b4d2611184',
    uploadedAt: '2001-02-03T04:05:06Z',
  });
});

test('a file of labels starts the monitoring machine, however often its event comes', async () => {
  const { started, kinds, send } = machines(['flights']);
  const event = objectCreated('inbox/flights/labels/2001-02-02.jsonl', 'v7');
  await send(event, event);
  await send(event);
  expect(kinds).toEqual(['monitoring']);
  const [input] = started.values();
  expect(MonitoringInputSchema.parse(input)).toEqual({
    labels: {
      bucket: 'lake',
      key: 'inbox/flights/labels/2001-02-02.jsonl',
      versionId: 'v7',
      uploadedAt: '2001-02-03T04:05:06Z',
    },
  });
});

test('only the folder labels/ is for labels: a file or another folder of that name is data', async () => {
  const { kinds, send } = machines(['flights']);
  await send(objectCreated('inbox/flights/labels'), objectCreated('inbox/flights/2001/labels/_SUCCESS'));
  expect(kinds).toEqual(['intake', 'intake']);
});

test('a file in a folder waits for the marker of its folder, which starts one intake for all of them', async () => {
  const { started, notes, send } = machines(['flights']);
  const folder = 'inbox/flights/2001/january/';
  await send(objectCreated(`${folder}part-0.csv`), objectCreated(`${folder}a/part-1.csv`));
  expect([started.size, notes]).toEqual([0, []]);
  await send(objectCreated(`${folder}manifest.json`));
  expect([...started.values()]).toMatchObject([{ key: `${folder}manifest.json`, versionId: 'v1' }]);
});

test.each(['PutObject', 'POST Object', 'CopyObject', 'CompleteMultipartUpload'])(
  'an object that %s made counts',
  async (reason) => {
    const { started, send } = machines(['flights']);
    const event = objectCreated('inbox/flights/a.csv').replace('PutObject', reason);
    expect(event).toContain(`"reason":"${reason}"`);
    await send(event, event);
    expect(started.size).toBe(1);
  },
);

test('events that come again, late and out of order start one execution for each object version', async () => {
  const { started, send } = machines(['flights']);
  const keys = Array.from({ length: 20 }, (_, index) => `inbox/flights/f${index % 10}.csv`);
  const events = keys.flatMap((key, index) =>
    Array(1 + (index % 4)).fill(objectCreated(key, `v${Math.floor(index / 10)}`)),
  );
  for (const event of events.toReversed()) await send(event);
  expect(started.size).toBe(20);
});

test('an execution’s name is allowed by Step Functions and differs by bucket, key and version', () => {
  const name = executionName({ bucket: 'b', key: 'k', versionId: 'v' });
  expect(name).toMatch(/^[0-9a-f]{64}$/);
  const others = [
    { bucket: 'b2', key: 'k', versionId: 'v' },
    { bucket: 'b', key: 'k2', versionId: 'v' },
    { bucket: 'b', key: 'k', versionId: 'v2' },
    { bucket: 'bk', key: '', versionId: 'v' },
  ];
  expect(new Set([name, ...others.map(executionName)]).size).toBe(5);
});

describe('messages', () => {
  test('only those that may go better next time come again', async () => {
    const { started, notes, send } = machines(['flights', 'busy']);
    const answer = await send(
      objectCreated('inbox/flights/a.csv'),
      objectCreated('inbox/busy/a.csv'),
      objectCreated('inbox/stranger/a.csv'),
      'no json',
      '{"detail":{}}',
      objectCreated('elsewhere/a.csv'),
      objectCreated('inbox/a.csv'),
      objectCreated('inbox/flights/b.csv'),
    );
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(started.size).toBe(2);
    expect(notes.map(([, about]) => about)).toEqual(
      expect.arrayContaining([
        'inbox/stranger/a.csv',
        'no json',
        '{"detail":{}}',
        'elsewhere/a.csv',
        'inbox/a.csv',
        'm1',
      ]),
    );
  });

  test('folder markers are no uploads and no problems', async () => {
    const { started, notes, send } = machines(['flights']);
    expect(await send(objectCreated('inbox/flights/'), objectCreated('inbox/flights/2001/'))).toEqual({
      batchItemFailures: [],
    });
    expect([started.size, notes]).toEqual([0, []]);
  });
});
