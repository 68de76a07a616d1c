import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeKey, scoresKey, snapshotKeys } from '../../contracts/keys.ts';
import { parseModel } from '../../contracts/model-config.ts';
import type { PredictionTolerance } from '../../contracts/prediction-tolerance.ts';
import type { RunDetail } from '../../contracts/reproduction.ts';
import { compareScores } from '../../lambdas/compare-predictions/compare-scores.ts';
import { compareWithRun } from '../../lambdas/compare-runs/compare-with-run.ts';
import { describeArtifact } from '../../lambdas/describe-artifact/describe-artifact.ts';
import { verifyInputs } from '../../lambdas/verify-inputs/verify-inputs.ts';
import { tarOf } from '../core/reproduction/tar-fixture.ts';
import { type MemoryLake, memoryLake } from '../lambdas/memory-lake.ts';
import { lineageRecord, memoryLineage } from '../lambdas/memory-lineage.ts';
import { fixtureModel } from '../lib/fixture-app.ts';

/**
 * The real training code, twice, in processes of their own, and the functions that say whether the two models are the same. What
 * the rehearsal adds to this is Step Functions, SageMaker and rights.
 */
const ROOT = resolve(import.meta.dirname, '..', '..');
const PYTHON = join(ROOT, '.venvs', 'container', 'bin', 'python');
const KEYS = snapshotKeys('late-trains', 's-1');
const BUNDLE = 'the source bundle';
const RECIPE = { imageUri: 'xgboost:3.0-5', hyperparameters: { num_round: '10' }, instanceType: 'ml.m5.large' };

let folder = '';
const lake = memoryLake();
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'modelway-reproduction-'));
  python(
    `from conftest import made_rows, training_environment; from pathlib import Path
training_environment(Path(${JSON.stringify(folder)}), made_rows(1500, 1), made_rows(500, 2))`,
    {},
  );
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('a model is built again byte for byte, and what changed is named before anything is trained', async () => {
  const inputs = { [KEYS.train]: 'train', [KEYS.validation]: 'validation', [KEYS.config]: 'config' };
  for (const [key, channel] of Object.entries(inputs)) lake.objects.set(key, readFileSync(fileOf(channel)));
  lake.objects.set(codeKey('late-trains', sha256(BUNDLE)), Buffer.from(BUNDLE));
  const lineage = memoryLineage([snapshot(Object.keys(inputs)), await firstRun()]);
  const tools = { platform: 'acme', bucket: 'lake', lake, lineage };
  const verify = () => verifyInputs({ model: 'late-trains', execution: 'e-1', run: 'r-1' }, tools);

  expect((await verify()).verdict).toBeNull();
  const request = { model: 'late-trains', run: 'r-1', artifact: trained('second'), recipe: RECIPE };
  const again = await compareWithRun(request, tools);
  expect(again.verdict.outcome, again.verdict.summary).toBe('reproduced');
  expect(again.verdict.filesCompared).toBeGreaterThan(15);
  expect(again.comparePredictions).toBe(false);

  const train = lake.objects.get(KEYS.train) ?? new Uint8Array();
  python(
    `import pyarrow.parquet as p, sys
t = p.read_table(sys.argv[1]); d = t.column("distance").to_pylist(); d[7] += 1
p.write_table(t.set_column(t.schema.get_field_index("distance"), "distance", [d]), sys.argv[1])`,
    {},
    fileOf('train'),
  );
  lake.objects.set(KEYS.train, readFileSync(fileOf('train')));
  expect(differed(await verify())).toEqual([['data', KEYS.train]]);

  lake.objects.set(KEYS.train, train);
  const config = lake.text(KEYS.config);
  lake.objects.set(KEYS.config, Buffer.from(config.replace('"seed": 7', '"seed": 8')));
  expect(differed(await verify())).toEqual([['parameters', KEYS.config]]);

  // Trained all the same, the other row makes another model, and nothing else is different.
  const { verdict: other } = await compareWithRun({ ...request, artifact: trained('third') }, tools);
  expect(other.summary).toContain('the model is another one');
  expect(new Set(other.differed.map(({ kind }) => kind))).toEqual(new Set(['model']));
});

test('a model whose training is not seeded is held to the first one by what both predict', async () => {
  const parents = ['snapshot#s-1'];
  const first = await runOf(trained('luck', UNSEEDED));
  const lineage = memoryLineage([
    lineageRecord('late-trains', { kind: 'run', id: 'r-2', at: 'x', parents, detail: first }),
  ]);
  const artifact = trained('other-luck', UNSEEDED);
  const request = { model: 'late-trains', run: 'r-2', artifact, recipe: RECIPE };
  const { verdict, comparePredictions } = await compareWithRun(request, { bucket: 'lake', lake, lineage });
  expect([verdict.outcome, comparePredictions]).toEqual(['not-reproduced', true]);

  for (const [who, job] of [['original', 'luck'] as const, ['rebuilt', 'other-luck'] as const])
    lake.objects.set(scoresKey('late-trains', 'e-2', who), scored(job));
  const judged = (tolerance: PredictionTolerance) => {
    const model = parseModel({
      ...fixtureModel,
      name: 'late-trains',
      training: { ...fixtureModel.training, tolerance },
    });
    return compareScores(
      { model, execution: 'e-2', instanceType: 'ml.m5.large', verdict: { predictions: null, ...verdict } },
      lake,
    );
  };
  // Ten rounds on other halves of the rows: far from bit-equal, and far from another model.
  const within = await judged({ maxDifference: 0.5, meanDifference: 0.1, flippedShare: 0.5 });
  expect(within.outcome, within.summary).toBe('reproduced-within-tolerance');
  expect(within.predictions).toMatchObject({ rows: 500, within: true });
  expect(within.differed.map(({ what }) => what)).toContain('model.json');
  const beyond = await judged({ maxDifference: 1e-6, meanDifference: 1e-6, flippedShare: 0 });
  expect(beyond.outcome).toBe('not-reproduced');
  expect(beyond.summary).toMatch(/the model is another one .* differ by at most 0\.\d+ \(0\.000001 is allowed\)/);
});

/** A training script of somebody who forgot the seed of the boosting. */
const UNSEEDED = `import os; from modelway_container import training
boost = training._boost
training._boost = lambda settings, train, validation, seed: boost(settings, train, validation, int.from_bytes(os.urandom(3)))
`;

/** What a trained model answers to the validation rows, in the lines of a batch job, by the code that serves it. */
function scored(job: string): Buffer {
  const out = join(folder, `${job}.jsonl`);
  python(
    `import json, sys; import pyarrow.parquet as p; from modelway_container.serving import model_fn, transform_fn
rows = [{k: (v if v is None or isinstance(v, (int, float, str, bool)) else str(v)) for k, v in row.items() if k != "late"} for row in p.read_table(sys.argv[2]).to_pylist()]
body, _ = transform_fn(model_fn(sys.argv[1]), "\\n".join(map(json.dumps, rows)), "application/jsonlines", "application/jsonlines")
open(sys.argv[3], "w").write(body if isinstance(body, str) else body.decode())`,
    {},
    join(folder, job, 'model'),
    fileOf('validation'),
    out,
  );
  return readFileSync(out);
}

const differed = ({ verdict }: Awaited<ReturnType<typeof verifyInputs>>) =>
  verdict?.differed.map(({ kind, what }) => [kind, what]);

/** Trains in a process of its own and uploads the model as a job would; returns where it lies. */
function trained(job: string, before = ''): string {
  const work = join(folder, job);
  mkdirSync(join(work, 'source'), { recursive: true });
  cpSync(join(ROOT, 'examples', 'flight-delay', 'training'), join(work, 'source'), { recursive: true });
  const channel = (name: string) => join(folder, name);
  python(
    `${before}from pathlib import Path; from modelway_container.training import train
train(Path(${JSON.stringify(join(work, 'source'))}), ["--num_round", "10", "--subsample", "0.5"])`,
    {
      SM_CHANNEL_TRAIN: channel('train'),
      SM_CHANNEL_VALIDATION: channel('validation'),
      SM_CHANNEL_CONFIG: channel('config'),
      SM_MODEL_DIR: join(work, 'model'),
      SM_OUTPUT_DIR: join(work, 'output'),
      SM_NUM_CPUS: '2',
    },
  );
  const key = `training/late-trains/${job}/output/model.tar.gz`;
  put(lake, key, tarOf(join(work, 'model'), ['.'], [`--mtime=2001-01-0${job.length}`]));
  return `s3://lake/${key}`;
}

async function firstRun() {
  const detail = await runOf(trained('first'));
  return lineageRecord('late-trains', { kind: 'run', id: 'r-1', at: 'x', parents: ['snapshot#s-1'], detail });
}

async function runOf(artifact: string): Promise<RunDetail> {
  const { filesHash } = await describeArtifact({ model: 'late-trains', artifact }, { bucket: 'lake', lake });
  const codeHash = sha256(BUNDLE);
  const codeUri = `s3://lake/${codeKey('late-trains', codeHash)}`;
  return { ...RECIPE, codeUri, codeHash, artifact, filesHash, billableSeconds: 60 };
}

function snapshot(keys: readonly string[]) {
  const files = keys.map((key) => ({ key, sha256: sha256(lake.objects.get(key) ?? ''), bytes: 1 }));
  return lineageRecord('late-trains', { kind: 'snapshot', id: 's-1', at: 'x', detail: { files } });
}

const fileOf = (channel: string) => join(folder, channel, channel === 'config' ? 'model.json' : 'part-00000.parquet');

const put = ({ objects }: MemoryLake, key: string, bytes: Uint8Array) => objects.set(key, bytes);

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function python(script: string, variables: Readonly<Record<string, string>>, ...args: readonly string[]): void {
  const paths = [join(ROOT, 'container'), join(ROOT, 'test', 'container')];
  const env = { PYTHONPATH: paths.join(':'), PYTHONDONTWRITEBYTECODE: '1', ...variables };
  writeFileSync(join(folder, 'script.py'), script);
  const done = spawnSync(PYTHON, [join(folder, 'script.py'), ...args], { env, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
}
