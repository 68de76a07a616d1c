import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { z } from 'zod';
import { FUNCTIONS, type FunctionOutput } from '../../../contracts/functions.ts';
import { IntakeJobRequestSchema } from '../../../contracts/intake-job.ts';
import type { IntakeWorkSchema, TakenIntake } from '../../../contracts/intake-steps.ts';
import { quarantineKey, scratchKeys } from '../../../contracts/keys.ts';
import { DEFAULT_LARGE_UPLOADS } from '../../../contracts/large-upload.ts';
import type { ModelConfig } from '../../../contracts/model-config.ts';
import { intake } from '../../../lambdas/intake/intake.ts';
import { runIntakeJob } from '../../../lambdas/intake/run-job.ts';
import { flightsModel } from '../flights-model.ts';
import { type MemoryLake, memoryLake } from '../memory-lake.ts';
import { memoryLineage } from '../memory-lineage.ts';
import { intakeTools, put, request, wholeVersions } from './intake-stage.ts';

const KEY = 'inbox/flights/january.csv';
const EXECUTION = 'e-v1';
const row = (index: number) =>
  `2001-01-${String(1 + (index % 28)).padStart(2, '0')}T05:30:00Z,${index % 50 === 7 ? -1 : index % 97},${index % 3 === 0 ? '' : index % 11},${index % 2 === 0 ? 'SFO' : 'LAX'},${index % 2 === 0}`;
const lines = Array.from({ length: 600 }, (_, index) => row(index));
const CSV = ['departs,distance,earlier,origin,late', ...lines, ...lines.slice(0, 5), ''].join('\n');

/** Sizes at which uploads of some kilobytes are large. */
const limits = (changed: Partial<typeof DEFAULT_LARGE_UPLOADS>) => ({ ...DEFAULT_LARGE_UPLOADS, ...changed });
const CUT = limits({ plainBytes: 1000, shardBytes: 4000 });
const JOB = limits({ plainBytes: 1000, packedBytes: 100, mapBytes: 1 });

function stage(content: string | Uint8Array, largeUploads: typeof DEFAULT_LARGE_UPLOADS, key = KEY) {
  const [lake, lineage] = [memoryLake(), memoryLineage()];
  put(lake, key, content);
  const model: ModelConfig = {
    ...flightsModel(),
    maxQuarantinedShare: 1,
    largeUploads,
  };
  model.data.severities = { 'duplicate-row': 'quarantine' };
  const asked = request(model, key);
  const upload = { ...asked.upload, size: Buffer.from(content).length };
  const tools = intakeTools(lake, lineage);
  const step = async (work: z.output<typeof IntakeWorkSchema>) =>
    FUNCTIONS.intake.output.parse(await intake({ ...asked, upload, work }, tools));
  return { lake, lineage, step };
}
type Stage = ReturnType<typeof stage>;

/** What the machine does with an answer, until the upload is taken in; `ways` tells which it went. */
async function played({ lake, step }: Stage, twice = false) {
  const ways: string[] = [];
  let answer: FunctionOutput<'intake'> = await step({ step: 'take' });
  for (;;) {
    if (answer.outcome === 'taken') return { taken: answer, ways };
    if (answer.outcome === 'judged') throw new Error('a shard ends no intake');
    ways.push(answer.outcome);
    if (answer.outcome === 'cut') {
      for (const shard of [...answer.shards, ...(twice ? answer.shards : [])]) await step({ step: 'shard', shard });
      answer = await step({ step: 'merge' });
    } else {
      await processingJob(lake);
      if (twice) await step({ step: 'register' });
      answer = await step({ step: 'register' });
    }
  }
}

/** A processing job, as SageMaker brings its inputs and takes its output. */
async function processingJob(lake: MemoryLake): Promise<void> {
  const keys = scratchKeys('flights', EXECUTION);
  const root = mkdtempSync(join(tmpdir(), 'modelway-job-'));
  const folders = { upload: join(root, 'upload'), work: join(root, 'work'), output: join(root, 'output') };
  rmSync(root, { recursive: true });
  for (const [key, bytes] of lake.objects)
    if (key.startsWith(keys.jobUpload)) write(join(folders.upload, key.slice(keys.jobUpload.length)), bytes);
  const asked = IntakeJobRequestSchema.parse(JSON.parse(lake.text(`${keys.jobRequest}request.json`)));
  const result = await runIntakeJob(asked, folders);
  await lake.putText(`${keys.jobOutput}result.json`, JSON.stringify(result), 'application/json');
  for (const file of readdirSync(folders.output))
    await lake.putFile(`${keys.jobOutput}${file}`, join(folders.output, file), '');
  rmSync(root, { recursive: true });
}

function write(path: string, bytes: Uint8Array): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, bytes);
}

/**
 * What is left of an intake, but for what may differ from way to way: how rows are divided into parts, and so the last digits of sums in
 * their profile.
 */
function left({ lake, lineage }: Stage, { summary, ...taken }: TakenIntake) {
  const [version] = wholeVersions(lake, lineage);
  const { parts: _, files: __, profile: ___, ...detail } = version ?? { parts: [], files: [], profile: '' };
  return {
    taken,
    summary,
    detail,
    report: JSON.parse(lake.text(taken.reportKey)),
    quarantine: lake.objects.has(quarantineKey('flights', EXECUTION))
      ? lake.text(quarantineKey('flights', EXECUTION))
      : '',
  };
}

test('the same upload becomes the same dataset version, whichever way it is read', async () => {
  const whole = stage(CSV, DEFAULT_LARGE_UPLOADS);
  const { taken, ways } = await played(whole);
  expect(ways).toEqual([]);
  expect(taken).toMatchObject({ verdict: 'quarantined', rows: { read: 605, quarantined: 17 } });
  for (const [way, sizes] of [
    ['cut', CUT],
    ['job', JOB],
  ] as const) {
    const large = stage(CSV, sizes);
    const other = await played(large, true);
    expect(other.ways).toEqual([way]);
    expect(left(large, other.taken)).toEqual(left(whole, taken));
  }
});

test('a quote that only a later shard holds sends the upload to the job', async () => {
  const quoted = CSV.replace(/\nLAX|LAX/g, 'LAX').replace(/SFO,true\n$/, '"S\nFO",true\n');
  const whole = stage(quoted, DEFAULT_LARGE_UPLOADS);
  const { taken } = await played(whole);
  const large = stage(quoted, CUT);
  // The first bytes, by which the way is chosen, hold the quote too in an upload this small.
  const other = await played(large);
  expect(other.ways).toEqual(['job']);
  expect(left(large, other.taken)).toEqual(left(whole, taken));
});

test('compressed content that turns out too large for one invocation is read by a job', async () => {
  const packed = gzipSync(CSV);
  const whole = stage(packed, DEFAULT_LARGE_UPLOADS, `${KEY}.gz`);
  const large = stage(packed, JOB, `${KEY}.gz`);
  const [first, second] = [await played(whole), await played(large)];
  expect(second.ways).toEqual(['job']);
  expect(left(large, second.taken)).toEqual(left(whole, first.taken));
});

test('nothing is registered before everything was judged', async () => {
  const large = stage(CSV, CUT);
  const cut = await large.step({ step: 'take' });
  if (cut.outcome !== 'cut') throw new Error(cut.outcome);
  for (const shard of cut.shards.slice(1)) await large.step({ step: 'shard', shard });
  await expect(large.step({ step: 'merge' })).rejects.toThrow('no object');
  expect(large.lineage.records.size).toBe(0);
  expect([...large.lake.objects.keys()].filter((key) => key.startsWith('datasets/'))).toEqual([]);
});

test('an upload that is gone before it is cut or copied is refused, and told', async () => {
  for (const sizes of [CUT, JOB]) {
    const large = stage(CSV, sizes);
    const frozen = await large.step({ step: 'job', reason: 'none' });
    expect(frozen.outcome).toBe('job');
    large.lake.objects.delete(`${KEY}?v1`);
    const { taken } = await played(large);
    expect(taken).toMatchObject({ verdict: 'rejected', datasetVersion: null });
    expect(taken.summary).toContain('was deleted before it was taken in');
  }
});

test('a folder that is too large goes to the job, with its manifest and every name as it was', async () => {
  const folder = 'inbox/flights/week 1/';
  const build = (sizes: typeof DEFAULT_LARGE_UPLOADS) => {
    const made = stage('', sizes, `${folder}_SUCCESS`);
    for (const [name, part] of [
      ['a.csv', lines.slice(0, 300)],
      ['b ü.csv', [...lines.slice(300), ...lines.slice(0, 5)]],
    ] as const)
      put(made.lake, `${folder}${name}`, ['departs,distance,earlier,origin,late', ...part, ''].join('\n'));
    return made;
  };
  const [whole, large] = [build(DEFAULT_LARGE_UPLOADS), build(JOB)];
  const [first, second] = [await played(whole), await played(large)];
  expect([first.ways, second.ways]).toEqual([[], ['job']]);
  expect(first.taken.rows).toEqual({ read: 605, accepted: 588, quarantined: 17 });
  expect(left(large, second.taken)).toEqual(left(whole, first.taken));
});

test('shards that the merge has no disk for are read by the job, all of them again', async () => {
  const large = stage(CSV, CUT);
  const cut = await large.step({ step: 'take' });
  if (cut.outcome !== 'cut') throw new Error(cut.outcome);
  for (const shard of cut.shards) await large.step({ step: 'shard', shard });
  const { download } = large.lake;
  large.lake.download = async () => {
    throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  };
  const merged = await large.step({ step: 'merge' });
  expect(merged).toMatchObject({ outcome: 'job', job: { reason: expect.stringContaining('do not fit') } });
  large.lake.download = download;
  expect(large.lineage.records.size).toBe(0);
});
