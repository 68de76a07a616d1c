import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Io } from '../../cli/io.ts';
import { follow } from '../../cli/reproduce/follow.ts';
import { onceMore } from '../../cli/reproduce/once-more.ts';
import type { Progress, ReproductionService } from '../../cli/reproduce/reproduction-service.ts';
import type { LineageRecord } from '../../contracts/records.ts';
import { type ReproductionDetail, ReproductionDetailSchema } from '../../contracts/reproduction.ts';
import { MODEL, RECORDS } from '../core/lineage/lineage-fixture.ts';
import { lineageRecord } from '../lambdas/memory-lineage.ts';
import { runCli } from './run-cli.ts';

const SAME: ReproductionDetail = {
  run: 'e-1',
  outcome: 'reproduced',
  summary: 'reproduced: all 3 files of the model are the same, byte for byte',
  differed: [],
  filesCompared: 3,
  predictions: null,
};
const NEAR: ReproductionDetail = {
  ...SAME,
  outcome: 'reproduced-within-tolerance',
  summary: 'reproduced within tolerance: files of the model differ (model.json), and predictions differ',
};
const OTHER: ReproductionDetail = {
  ...SAME,
  outcome: 'not-reproduced',
  summary: 'not reproduced: the data is not what it was (train); nothing was trained',
  differed: [{ kind: 'data', what: 'train', original: 'aa', again: null }],
  filesCompared: 0,
};
const reproduction = (id: string, day: number, detail: ReproductionDetail): LineageRecord =>
  lineageRecord(MODEL, { kind: 'reproduction', id, at: `2001-02-0${day}T10:00:00Z`, parents: ['run#e-1'], detail });

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'modelway-reproduce-'));
  const left = (name: string, records: readonly LineageRecord[]) =>
    writeFileSync(
      join(folder, name),
      JSON.stringify({ platform: 'modelway', model: MODEL, records: [...RECORDS, ...records], audit: [] }),
    );
  left('none.json', []);
  left('same.json', [reproduction('x-2', 9, SAME), reproduction('x-1', 8, OTHER)]);
  left('near.json', [reproduction('x-1', 8, NEAR)]);
  left('other.json', [reproduction('x-1', 8, SAME), reproduction('x-2', 9, OTHER)]);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('modelway reproduce, of what is on record', () => {
  const told = (...typed: readonly string[]) => runCli(['reproduce', ...typed], folder);

  test.each(['live', '3', 'e-1', 'p-1'])('tells the newest verdict on the run behind %s', async (wanted) => {
    const { code, out } = await told(wanted, '--records', 'same.json');
    expect(code).toBe(0);
    expect(out).toBe('run e-1 was reproduced: all 3 files of the model are the same, byte for byte\n');
  });

  test('ends 1 when the model was not reproduced, and names every difference', async () => {
    const { code, out } = await told('live', '--records', 'other.json');
    expect(code).toBe(1);
    expect(out).toContain('run e-1 was not reproduced: the data is not what it was');
    expect(out).toContain('  data        train: aa, now not there\n');
  });

  test('ends 0 when the model was reproduced within the tolerance', async () => {
    const { code, out } = await told('live', '--records', 'near.json');
    expect([code, out]).toEqual([0, `run e-1 was ${NEAR.summary}\n`]);
  });

  test('reads verdicts from before predictions were compared', async () => {
    const { predictions: _later, ...before } = SAME;
    const records = [...RECORDS, lineageRecord(MODEL, { kind: 'reproduction', id: 'x', at: 'x', detail: before })];
    writeFileSync(join(folder, 'old.json'), JSON.stringify({ platform: 'modelway', model: MODEL, records, audit: [] }));
    expect(JSON.parse((await told('live', '--records', 'old.json', '--json')).out)).toEqual(SAME);
  });

  test('prints one JSON document', async () => {
    const { out } = await told('live', '--records', 'other.json', '--json');
    expect(ReproductionDetailSchema.parse(JSON.parse(out))).toEqual(OTHER);
  });

  test.each([
    [['live', '--records', 'none.json'], /no reproduction of this run of flights is on record.*none was played/],
    [['e-2', '--records', 'same.json'], /no reproduction of this run .*on record are: e-1/],
    [['d-1', '--records', 'same.json'], /was not made by a training run/],
    [['nobody', '--records', 'same.json'], /no record of flights is named so/],
    [[], /V: is missing; use it as: modelway reproduce V/],
    [['live', 'e-1'], /is one model, these are several/],
  ])('%j ends 2', async (typed, problem) => {
    const { code, err } = await told(...typed);
    expect(code).toBe(2);
    expect(err).toMatch(problem);
  });
});

/** A service whose machine passes through these steps. */
function serviceOf(steps: readonly Progress[]): ReproductionService & { readonly started: string[] } {
  const started: string[] = [];
  const left = [...steps];
  return {
    started,
    start: async (run) => {
      started.push(run);
      return 'arn:execution';
    },
    look: async () => left.shift() ?? { kind: 'failed', reason: 'looked too often' },
    pause: async () => undefined,
  };
}

const running = (state: string): Progress => ({ kind: 'running', state });
const ended = (detail: ReproductionDetail): Progress => ({ kind: 'succeeded', output: JSON.stringify(detail) });

describe('following a reproduction', () => {
  test('tells each step once, and gives the verdict', async () => {
    const said: string[] = [];
    const steps = [
      running('Begin'),
      running('VerifyInputs'),
      running('TrainAgain'),
      running('TrainAgain'),
      ended(SAME),
    ];
    expect(await follow(serviceOf(steps), 'e-1', (line) => said.push(line))).toEqual(SAME);
    expect(said).toEqual([
      'started arn:execution; it goes on if you stop waiting',
      'verifying that data and code are as they were',
      'training again',
    ]);
  });

  test('fails with the machine’s reason when there is no verdict', async () => {
    const service = serviceOf([{ kind: 'failed', reason: 'FAILED: not-reproducible: no such run' }]);
    await expect(follow(service, 'e-1', () => undefined)).rejects.toThrow(/ended without a verdict: FAILED: not-repro/);
  });
});

describe('starting a reproduction', () => {
  const run = lineageRecord(MODEL, {
    kind: 'run',
    id: 'r-1',
    at: '2001-02-04T10:00:00Z',
    detail: {
      imageUri: 'xgboost:3.0-5',
      hyperparameters: {},
      instanceType: 'ml.m5.2xlarge',
      codeUri: 'u',
      codeHash: 'h',
      artifact: 'a',
      filesHash: 'f',
      billableSeconds: 7809,
    },
  });
  const source = { platform: 'modelway', model: MODEL, records: [...RECORDS, run], audit: [] };
  const attempt = async (agreed: boolean, confirm?: Io['confirm'], id = 'r-1') => {
    const service = serviceOf([ended(SAME)]);
    const said: string[] = [];
    const io = { out: () => undefined, err: (text: string) => said.push(text), cwd: '', ...(confirm && { confirm }) };
    const verdict = await onceMore(source, id, agreed, io, async () => service);
    return { verdict, started: service.started, said: said.join('') };
  };

  test('says the price and asks first', async () => {
    const questions: string[] = [];
    const { verdict, started, said } = await attempt(false, async (question) => questions.push(question) > 0);
    expect(said).toContain('a training job on ml.m5.2xlarge, the first of which was billed for 7809 s: about $1.00');
    expect(questions).toEqual(['start it?']);
    expect([verdict, started]).toEqual([SAME, ['r-1']]);
  });

  test('starts nothing when the answer is no', async () => {
    expect(await attempt(false, async () => false)).toMatchObject({ verdict: undefined, started: [] });
  });

  test('does not ask when told to go ahead', async () => {
    const confirm = () => Promise.reject(new Error('asked'));
    expect((await attempt(true, confirm)).started).toEqual(['r-1']);
  });

  test('refuses with the price where nobody sits at a terminal', async () => {
    await expect(attempt(false)).rejects.toThrow(/not-confirmed.*no terminal.*about \$1\.00.*add --yes/);
  });

  test('refuses a run whose record does not say how it was made', async () => {
    await expect(attempt(true, undefined, 'e-1')).rejects.toThrow(/not-reproducible.*recorded without.*e-1/);
  });
});
