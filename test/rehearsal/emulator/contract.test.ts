import { DescribeAlarmsCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { deployAssembly, destroyAssembly } from '../../../rehearsal/rig/deploy-assembly.ts';
import { type Emulator, startEmulator } from '../../../rehearsal/rig/start-emulator.ts';
import { type SmallAssembly, smallAssembly } from '../rig/small-assembly.ts';
import { contractResources, NAMESPACE } from './contract-resources.ts';
import { arn } from './machine-resources.ts';

/** The deviations of MiniStack that ours replace, each seen over the wire of a running emulator. */

let emulator: Emulator;
let assembly: SmallAssembly;

beforeAll(async () => {
  emulator = await startEmulator({ startsAt: new Date('2001-02-01T00:00:00Z') });
  assembly = smallAssembly({
    name: 'contract',
    resources: contractResources,
    functions: {
      flaky: `let calls = 0;
        exports.handler = async ({ fails }) => {
          const kind = fails[calls++];
          if (kind) throw Object.assign(new Error('no'), { name: kind });
          return { calls };
        };`,
    },
  });
  await deployAssembly(emulator, assembly.folder);
});

afterAll(async () => {
  await emulator?.stop();
  assembly?.remove();
});

async function run(name: string, input: object, seconds = 20_000) {
  const stateMachineArn = arn('states', `stateMachine:${name}`);
  const { executionArn } = await emulator.aws.sfn.send(
    new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
  );
  await emulator.control.advanceBy(seconds);
  const ended = await emulator.aws.sfn.send(new DescribeExecutionCommand({ executionArn }));
  const took = ((ended.stopDate?.getTime() ?? Number.NaN) - (ended.startDate?.getTime() ?? Number.NaN)) / 1000;
  const output: unknown = ended.output === undefined ? undefined : JSON.parse(ended.output);
  return { status: ended.status, error: ended.error, cause: ended.cause, output, took };
}

test('the error a function throws is retried and caught by its own name', async () => {
  const ended = await run('retries', { fails: ['Flaky', 'Flaky', undefined] });
  expect(ended).toMatchObject({ status: 'SUCCEEDED', output: { StatusCode: 200, Payload: { calls: 3 } } });
  expect(ended.took).toBeGreaterThan(299);
  expect(ended.took).toBeLessThan(305);
  const other = await run('retries', { fails: [null, null, null, 'Other'] });
  expect(other).toMatchObject({ status: 'FAILED', error: 'Other' });
});

test('a failed condition of DynamoDB is caught by name', async () => {
  await run('conditions', { key: 'k' });
  expect(await run('conditions', { key: 'k' })).toMatchObject({
    output: { Error: 'DynamoDb.ConditionalCheckFailedException' },
  });
});

test('a machine may do only what its role allows, and what it lacks is said in one line', async () => {
  const { output } = await run('denied', { key: 'denied' });
  expect(output).toMatchObject({ Error: 'DynamoDb.DynamoDbException' });
  const kept = await emulator.aws.dynamodb.send(
    new GetItemCommand({ TableName: 'contract', Key: { pk: { S: 'denied' } } }),
  );
  expect(kept.Item).toBeUndefined();
  await expectOneMore('dynamodb:PutItem', 'table/contract', 'stack contract', 'deniedRole');
});

test('an encrypted object is read only by a role that may use its key', async () => {
  await emulator.aws.s3.send(new PutObjectCommand({ Bucket: 'contract-vault', Key: 'secret', Body: 'plain' }));
  expect(await run('reader', {})).toMatchObject({ output: { Body: 'plain' } });
  expect(await run('keyless', {})).toMatchObject({ output: { Error: 'S3.S3Exception' } });
  await expectOneMore('kms:Decrypt', 'arn:aws:kms:', 's3:GetObject', 'stack contract', 'keylessRole');
});

let known: readonly string[] = [];

/** The emulator has noted one problem since the last look, in one line with these parts. */
async function expectOneMore(...parts: readonly string[]): Promise<void> {
  const problems = await emulator.control.problems();
  const [problem, ...others] = problems.filter((line) => !known.includes(line));
  expect(others).toEqual([]);
  for (const part of parts) expect(problem).toContain(part);
  known = problems;
}

test('Parallel gives its branches arguments, and its output and variables see their results', async () => {
  const ended = await run('parallel', {});
  expect(ended.output).toEqual({ results: [21, 'waited'], first: 21 });
  expect(ended.took).toBeCloseTo(90, 0);
});

test('a token nobody answers times out to the second, and so does a machine', async () => {
  const asked = await run('slow', {});
  expect(asked.output).toMatchObject({ Error: 'States.Timeout' });
  expect(asked.took).toBeGreaterThanOrEqual(1800);
  expect(asked.took).toBeLessThan(1802);
  const limited = await run('limited', {});
  expect(limited.status).toBe('TIMED_OUT');
  expect(limited.took).toBeCloseTo(3600, 0);
});

test('a distributed map reads, batches and writes over the wire', async () => {
  const { s3 } = emulator.aws;
  await s3.send(new PutObjectCommand({ Bucket: 'contract-lake', Key: 'rows.csv', Body: 'n\n1\n2\n3\n4\n5\n' }));
  const { output } = await run('shards', {});
  const { Bucket, Key } = WrittenSchema.parse(output).ResultWriterDetails;
  const manifest = ManifestSchema.parse(await readJson(Bucket, Key));
  const [file] = manifest.ResultFiles.SUCCEEDED;
  const children = z.array(z.object({ Output: z.string() })).parse(await readJson(Bucket, file?.Key ?? ''));
  expect(children.map((child) => JSON.parse(child.Output))).toEqual([3, 7, 5]);
});

const WrittenSchema = z.object({ ResultWriterDetails: z.object({ Bucket: z.string(), Key: z.string() }) });
const ManifestSchema = z.object({ ResultFiles: z.object({ SUCCEEDED: z.array(z.object({ Key: z.string() })) }) });

async function readJson(bucket: string, key: string): Promise<unknown> {
  const { Body: body } = await emulator.aws.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return JSON.parse((await body?.transformToString()) ?? 'null');
}

test('an alarm counts its own dimension set over two whole periods, and its composite notifies the topic once', async () => {
  await nextMinute();
  expect(await states()).toEqual({
    blue: 'OK',
    green: 'OK',
    any: 'OK',
    late: 'ALARM',
    unknown: 'INSUFFICIENT_DATA',
    share: 'OK',
  });
  for (let minute = 0; minute < 2; minute++) {
    await put('green', 6);
    await put('blue', 4);
    expect((await states()).green).toBe('OK');
    await nextMinute();
  }
  expect(await states()).toMatchObject({ blue: 'OK', green: 'ALARM', any: 'ALARM', share: 'ALARM' });
  const messages = await emulator.control.notifications();
  expect(messages).toHaveLength(1);
  expect(messages[0]).toMatchObject({
    topic: arn('sns', 'contract-alerts'),
    subject: expect.stringContaining('"any"'),
  });
  await expectOneMore('share', 'contract-deaf', 'cloudwatch.amazonaws.com lacks kms:GenerateDataKey');
  await emulator.control.advanceBy(3600);
  expect(await states()).toMatchObject({ green: 'OK', any: 'OK', share: 'OK' });
});

async function states(): Promise<Readonly<Record<string, string | undefined>>> {
  const { MetricAlarms: metric = [], CompositeAlarms: composite = [] } = await emulator.aws.cloudwatch.send(
    new DescribeAlarmsCommand({ AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }),
  );
  return Object.fromEntries([...metric, ...composite].map((one) => [String(one.AlarmName), one.StateValue]));
}

async function put(fleet: string, value: number): Promise<void> {
  await emulator.aws.cloudwatch.send(
    new PutMetricDataCommand({
      Namespace: NAMESPACE,
      MetricData: [{ MetricName: 'Errors', Dimensions: [{ Name: 'Fleet', Value: fleet }], Value: value }],
    }),
  );
}

async function nextMinute(): Promise<void> {
  const { now } = await emulator.control.clock();
  await emulator.control.advanceTo(new Date((Math.floor(now / 60) + 1) * 60_000 + 1000));
}

test('five months without anything to do pass in seconds', async () => {
  const began = performance.now();
  await emulator.control.advanceBy(150 * 86_400);
  expect(performance.now() - began).toBeLessThan(5000);
});

test('destroying the stack leaves no alarm', async () => {
  await destroyAssembly(emulator, assembly.folder);
  expect(await states()).toEqual({});
});
