import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { ListProcessingJobsCommand } from '@aws-sdk/client-sagemaker';
import { DescribeExecutionCommand, ListExecutionsCommand, ListMapRunsCommand } from '@aws-sdk/client-sfn';
import { App } from 'aws-cdk-lib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { IntakeResultSchema } from '../../contracts/intake-steps.ts';
import type { LargeUploadLimits } from '../../contracts/large-upload.ts';
import { definePlatform, type ModelConfigInput } from '../../contracts/model-config.ts';
import { machineName } from '../../contracts/names.ts';
import { sha256 } from '../../core/lineage/canonical-json.ts';
import { ModelwayPlatform } from '../../lib/platform.ts';
import { deployAssembly } from '../../rehearsal/rig/deploy-assembly.ts';
import { type Emulator, startEmulator } from '../../rehearsal/rig/start-emulator.ts';
import { fixtureModel } from '../lib/fixture-app.ts';
import { CHECKOUT } from './run-modelway.ts';

/**
 * The three ways an upload is read, on the templates as they would be deployed: one invocation, shards of a distributed map, a processing
 * job. Three models that differ in nothing but the sizes from which on an upload is large get the same uploads.
 */
const START = new Date('2001-02-03T00:00:00Z');
const PLATFORM = 'modelway';
const SIZES: Readonly<Record<string, Partial<LargeUploadLimits>>> = {
  one: {},
  map: { plainBytes: 1000, shardBytes: 300_000 },
  job: { plainBytes: 1000, mapBytes: 1 },
};

const model = (name: string): ModelConfigInput => ({
  ...fixtureModel,
  name: `late-${name}`,
  data: {
    ...fixtureModel.data,
    columns: [...fixtureModel.data.columns, { name: 'word', kind: 'text', nullable: true }],
    severities: { 'duplicate-row': 'quarantine' },
  },
  maxQuarantinedShare: 0.5,
  training: { ...fixtureModel.training, source: 'examples/flight-delay/training' },
  // Nothing is trained here.
  retraining: { onNewData: 'never' },
  ...(SIZES[name] === undefined ? {} : { largeUploads: SIZES[name] }),
});

/** Rows of which one in forty is wrong, and the first five come twice. */
const rows = (count: number, last = ''): string => {
  const lines = Array.from({ length: count }, (_, index) => {
    const day = String(1 + (index % 28)).padStart(2, '0');
    return `2001-01-${day}T00:00:00Z,${index % 40 === 39 ? 'far' : index % 997},${index % 3 === 0},w${index % 7}`;
  });
  return ['at,distance,late,word', ...lines, ...lines.slice(0, 5), last].join('\n');
};

let emulator: Emulator;
let folder = '';
let bucket = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'modelway-large-'));
  const app = new App({ analyticsReporting: false, outdir: join(folder, 'cdk.out') });
  const config = definePlatform({ models: Object.keys(SIZES).map(model) });
  new ModelwayPlatform(app, 'Modelway', { config, folder: CHECKOUT });
  app.synth();
  emulator = await startEmulator({ startsAt: START });
  const stacks = await deployAssembly(emulator, join(folder, 'cdk.out'));
  bucket = stacks[0]?.outputs.LakeBucket ?? '';
}, 120_000);
afterAll(async () => {
  await emulator?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const machineArn = (way: string) =>
  `arn:aws:states:us-east-1:123456789012:stateMachine:${machineName(PLATFORM, `late-${way}`, 'intake')}`;

/** Uploads the same file to models and lets their machines end. */
async function uploaded(name: string, content: string, ways: readonly string[]): Promise<void> {
  for (const way of ways)
    await emulator.aws.s3.send(
      new PutObjectCommand({ Bucket: bucket, Key: `inbox/late-${way}/${name}`, Body: content }),
    );
  await emulator.control.advanceBy(3600);
}

/** What the newest intake of a model came to, and which way it went. */
async function taken(way: string) {
  const { executions } = await emulator.aws.sfn.send(new ListExecutionsCommand({ stateMachineArn: machineArn(way) }));
  const [newest] = (executions ?? []).sort((a, b) => Number(b.startDate) - Number(a.startDate));
  const executionArn = newest?.executionArn ?? '';
  const { output, cause, status } = await emulator.aws.sfn.send(new DescribeExecutionCommand({ executionArn }));
  expect(/"FailureReason": "[^"]*/.exec(cause ?? '')?.[0] ?? cause ?? status).toBe('SUCCEEDED');
  const result = IntakeResultSchema.parse(JSON.parse(output ?? ''));
  if (result.outcome !== 'taken') throw new Error(result.outcome);
  const { mapRuns = [] } = await emulator.aws.sfn.send(new ListMapRunsCommand({ executionArn }));
  const { reportKey, ...said } = result;
  const execution = executionArn.split(':').at(-1) ?? '';
  return {
    said,
    report: JSON.parse(await object(reportKey)),
    // A difference of thousands of rows is told by one line.
    quarantine: sha256(await object(`quarantine/late-${way}/${execution}.jsonl`)),
    cut: mapRuns.length === 1,
  };
}

async function object(key: string): Promise<string> {
  const found = await emulator.aws.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return (await found.Body?.transformToString()) ?? '';
}

async function jobs(): Promise<readonly (string | undefined)[]> {
  const { ProcessingJobSummaries = [] } = await emulator.aws.sagemaker.send(new ListProcessingJobsCommand({}));
  return ProcessingJobSummaries.map(({ ProcessingJobStatus }) => ProcessingJobStatus);
}

test('one upload, read three ways, is one dataset version with one report', async () => {
  await uploaded('plain.csv', rows(15_000), ['one', 'map', 'job']);
  const [one, map, job] = [await taken('one'), await taken('map'), await taken('job')];
  expect(one.said).toMatchObject({
    verdict: 'quarantined',
    rows: { read: 15_005, accepted: 14_625, quarantined: 380 },
  });
  expect(one.said.datasetVersion).not.toBeNull();
  expect([one.cut, map.cut, job.cut]).toEqual([false, true, false]);
  expect({ ...map, cut: false }).toEqual(one);
  expect(job).toEqual(one);
  expect(await jobs()).toEqual(['Completed']);
});

test('a quote far behind the first megabyte turns shards into a job, and nothing else changes', async () => {
  const content = rows(40_000, '2001-01-09T00:00:00Z,7,true,"two\nlines"\n');
  expect(content.length).toBeGreaterThan(1.2 * 2 ** 20);
  await uploaded('quoted.csv', content, ['one', 'map']);
  const [one, map] = [await taken('one'), await taken('map')];
  expect(one.said.rows).toMatchObject({ read: 40_006 });
  expect(map).toEqual({ ...one, cut: true });
  expect(await jobs()).toEqual(['Completed', 'Completed']);
});

test('every call had its right, and nothing went wrong on the way', async () => {
  expect(await emulator.control.denials()).toEqual([]);
  expect(await emulator.control.problems()).toEqual([]);
});
