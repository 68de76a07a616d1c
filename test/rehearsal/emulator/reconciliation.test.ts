import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';
import { captureHourPrefix, reconciledDayKey, windowReportKey } from '../../../contracts/keys.ts';
import { METRIC_NAMESPACE, type MetricName } from '../../../contracts/metrics.ts';
import { endpointName, functionName, tableName, VARIANT_NAME } from '../../../contracts/names.ts';
import { ReconciledDaySchema, type ReconcileRequestSchema } from '../../../contracts/reconciliation.ts';
import { LIVE_POINTER, modelPartition } from '../../../contracts/records.ts';
import { bundleHandlers } from '../../../lib/lambda-assets.ts';
import { deployAssembly } from '../../../rehearsal/rig/deploy-assembly.ts';
import { type Emulator, startEmulator } from '../../../rehearsal/rig/start-emulator.ts';
import { captureLine } from '../../core/capture/capture-line.ts';
import { allow, arnOf, codeOf, role, type SmallAssembly, smallAssembly } from '../rig/small-assembly.ts';
import { arn } from './machine-resources.ts';

/**
 * The bundle of `reconcile`, started by a schedule, over the services it asks, with its rights. Nobody but SageMaker may put metrics of an
 * endpoint, so there are no invocations here.
 */

const PLATFORM = 'modelway';
const LAKE = 'reconciled-lake';
const ENDPOINT = endpointName(PLATFORM, 'late');
const NOON = new Date('2001-02-01T12:00:00Z');
const input: z.input<typeof ReconcileRequestSchema> = {
  model: 'late',
  every: 'hour',
  countEvery: 'hour',
  lagMinutes: 15,
  columns: ['x'],
  delayMinutes: 30,
  expectsVerdict: true,
  scheduledAt: '<aws.scheduler.scheduled-time>',
};

const lambda = (name: string, asset: string, roleId: string) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    FunctionName: functionName(PLATFORM, name),
    Code: codeOf(asset),
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Timeout: 60,
    Role: arnOf(roleId),
    Environment: {
      Variables: {
        MODELWAY_PLATFORM: PLATFORM,
        MODELWAY_LAKE_BUCKET: LAKE,
        MODELWAY_AUDIT_BUCKET: 'audit',
        MODELWAY_TABLE: tableName(PLATFORM),
        MODELWAY_TOPIC_ARN: arn('sns', 'alerts'),
        MODELWAY_RUNBOOK_URL: 'https://docs.example/runbook',
      },
    },
  },
});

const LOGS = allow(['logs:CreateLogStream', 'logs:PutLogEvents'], arn('logs', 'log-group:/aws/lambda/*'));

/** Counts what it is asked to record, by kind of fact, and does nothing else. */
const RECORDER = `exports.handler = async ({ model, id }) => {
  const [what] = id.split('-');
  console.log(JSON.stringify({
    _aws: { Timestamp: Date.now(), CloudWatchMetrics: [
      { Namespace: 'Recorded', Dimensions: [['Model']], Metrics: [{ Name: what, Unit: 'Count' }] } ] },
    Model: model, [what]: 1,
  }));
  return { recorded: id };
}`;

const resources = {
  Lake: { Type: 'AWS::S3::Bucket', Properties: { BucketName: LAKE } },
  Table: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      TableName: tableName(PLATFORM),
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
    },
  },
  RecordRole: role('lambda.amazonaws.com', LOGS),
  Record: lambda('record', 'recorder', 'RecordRole'),
  ReconcileRole: role(
    'lambda.amazonaws.com',
    LOGS,
    allow('s3:GetObject', [`arn:aws:s3:::${LAKE}/capture/*`, `arn:aws:s3:::${LAKE}/reconciliation/*`]),
    allow('s3:PutObject', `arn:aws:s3:::${LAKE}/reconciliation/*`),
    allow('s3:ListBucket', `arn:aws:s3:::${LAKE}`),
    allow('dynamodb:GetItem', arn('dynamodb', `table/${tableName(PLATFORM)}`)),
    allow('cloudwatch:GetMetricData', '*'),
    allow('lambda:InvokeFunction', arn('lambda', `function:${functionName(PLATFORM, 'record')}`)),
  ),
  Reconcile: lambda('reconcile', 'reconcile', 'ReconcileRole'),
  ScheduleRole: role(
    'scheduler.amazonaws.com',
    allow('lambda:InvokeFunction', arn('lambda', `function:${functionName(PLATFORM, 'reconcile')}`)),
  ),
  Schedule: {
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      Name: 'reconciliation',
      ScheduleExpression: 'cron(45 * * * ? *)',
      ScheduleExpressionTimezone: 'UTC',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: arnOf('Reconcile'), RoleArn: arnOf('ScheduleRole'), Input: JSON.stringify(input) },
    },
  },
};

let emulator: Emulator;
let assembly: SmallAssembly;

beforeAll(async () => {
  emulator = await startEmulator({ startsAt: NOON });
  const bundle = bundleHandlers(['reconcile']).get('reconcile') ?? '';
  const functions = { recorder: RECORDER, reconcile: readFileSync(join(bundle, 'index.js'), 'utf8') };
  assembly = smallAssembly({ name: 'reconciled', resources, functions });
  await deployAssembly(emulator, assembly.folder);
  // Young enough that nobody misses a verdict on the hour before noon, when the schedule first fires.
  const live = { packageArn: 'p', modelName: 'n', endpointConfigName: 'c', runId: 'r', since: '2001-02-01T12:30:00Z' };
  const Item = Object.fromEntries(
    Object.entries({ pk: modelPartition('late'), sk: LIVE_POINTER, ...live }).map(([name, S]) => [name, { S }]),
  );
  await emulator.aws.dynamodb.send(new PutItemCommand({ TableName: tableName(PLATFORM), Item }));
});

afterAll(async () => {
  await emulator?.stop();
  assembly?.remove();
});

const put = (Key: string, Body: string) =>
  emulator.aws.s3.send(new PutObjectCommand({ Bucket: LAKE, Key, Body, ContentType: 'application/json' }));

const captured = (inferenceTime: string, shap: string) =>
  captureLine(
    {
      input: { type: 'application/json', data: '{"x":1}' },
      output: { type: 'application/json', data: `{"predictions":[{"score":0.1,"shap":${shap}}]}` },
    },
    { inferenceTime },
  );

/** Sum of a metric of the model over the whole afternoon; undefined when it has no value. */
async function sumOf(Namespace: string, MetricName: string): Promise<number | undefined> {
  const answer = await emulator.aws.cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: NOON,
      EndTime: new Date(NOON.getTime() + 12 * 3_600_000),
      MetricDataQueries: [
        {
          Id: 'sum',
          MetricStat: {
            Metric: { Namespace, MetricName, Dimensions: [{ Name: 'Model', Value: 'late' }] },
            Period: 43_200,
            Stat: 'Sum',
          },
        },
      ],
    }),
  );
  return answer.MetricDataResults?.[0]?.Values?.[0];
}
const gap: MetricName = 'CaptureGap';

test('an hour in which two of three captured rows are not explained, and that nobody judged, is told', async () => {
  const prefix = captureHourPrefix('late', ENDPOINT, VARIANT_NAME, NOON);
  const lines = [
    captured('2001-02-01T12:10:00Z', '[1]'),
    ...['12:20', '12:30'].map((at) => captured(`2001-02-01T${at}:00Z`, 'null')),
  ];
  await put(`${prefix}a.jsonl`, lines.join('\n'));
  // At 13:45 the window from 12 to 13 was due half an hour ago.
  await emulator.control.advanceTo(new Date('2001-02-01T13:46:00Z'));
  expect(await sumOf(METRIC_NAMESPACE, gap)).toBe(2);
  expect([await sumOf('Recorded', 'capture'), await sumOf('Recorded', 'late')]).toEqual([1, 1]);
});

test('an hour without requests that was judged is no news', async () => {
  await put(windowReportKey('late', '2001-02-01T14:00:00.000Z', 'json'), '{}');
  await emulator.control.advanceTo(new Date('2001-02-01T14:46:00Z'));
  expect(await sumOf(METRIC_NAMESPACE, gap)).toBe(2);
  expect([await sumOf('Recorded', 'capture'), await sumOf('Recorded', 'late')]).toEqual([1, 1]);
  expect(await emulator.control.problems()).toEqual([]);
});

test('every hour of the day so far stands in the day’s document, those before the first run too', async () => {
  const day = await emulator.aws.s3.send(
    new GetObjectCommand({ Bucket: LAKE, Key: reconciledDayKey('late', '2001-02-01') }),
  );
  const { counted } = ReconciledDaySchema.parse(JSON.parse((await day.Body?.transformToString()) ?? ''));
  expect(counted.map(({ window }) => Number(window.from.slice(11, 13)))).toEqual(
    Array.from({ length: 14 }, (_, at) => at),
  );
  expect(counted.filter(({ reconciliation }) => reconciliation.gap > 0)).toHaveLength(1);
});
