import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeExecutionCommand, ListExecutionsCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { RecordKind } from '../../../contracts/records.ts';
import { schemaHash } from '../../../core/intake/stored-columns.ts';
import { lineageRecord } from '../../../core/lineage/lineage-record.ts';
import { trainingRecipe } from '../../../core/retraining/training-recipe.ts';
import { dynamoLineage, type LineageTable } from '../../../lambdas/aws/lineage-table.ts';
import { dynamoTrainingSlot } from '../../../lambdas/aws/training-slot.ts';
import { bundleHandlers } from '../../../lib/lambda-assets.ts';
import { deployAssembly } from '../../../rehearsal/rig/deploy-assembly.ts';
import { type Emulator, startEmulator } from '../../../rehearsal/rig/start-emulator.ts';
import { type SmallAssembly, smallAssembly } from '../rig/small-assembly.ts';
import { arn } from './machine-resources.ts';
import { modelOf, NOON, named, PLATFORM, POLICIES, resources, TABLE } from './retraining-resources.ts';

/** The policy through its machine as it is deployed: the bundle that decides, over the table and the executions it asks, with its rights. */

let emulator: Emulator;
let assembly: SmallAssembly;
let lineage: LineageTable;

beforeAll(async () => {
  emulator = await startEmulator({ startsAt: NOON });
  const bundle = bundleHandlers(['decide-retraining']).get('decide-retraining') ?? '';
  const functions = {
    record: 'exports.handler = async ({ id }) => ({ recorded: id });',
    'decide-retraining': readFileSync(join(bundle, 'index.js'), 'utf8'),
  };
  assembly = smallAssembly({ name: 'policies', resources, functions });
  await deployAssembly(emulator, assembly.folder);
  lineage = dynamoLineage(TABLE, emulator.aws.dynamodb);
  for (const name of Object.keys(POLICIES)) await seed(name);
});

afterAll(async () => {
  await emulator?.stop();
  assembly?.remove();
});

const hoursAgo = (hours: number) => new Date(NOON.getTime() - hours * 3_600_000).toISOString();
const put = (model: string, kind: RecordKind, id: string, at: string, detail: object) =>
  lineage.put(lineageRecord({ model, kind, id, at, parents: [], detail }));

/** Two dataset versions, a run that was trained on the first of them and serves, and the decision it was made by. */
async function seed(name: string): Promise<void> {
  const hash = schemaHash(modelOf(name).data);
  for (const [version, at] of [
    ['v1', hoursAgo(100)],
    ['v2', hoursAgo(1)],
  ] as const)
    await put(name, 'dataset', version, at, { version, parts: [], rows: 5, schemaHash: hash, sources: [] });
  await put(name, 'run', 'r0', hoursAgo(name === 'cooling' ? 20 : 90), {
    datasetVersions: ['v1'],
    decision: { passed: true, reason: '', testRows: 1, gates: [] },
  });
  await put(name, 'decision', 'r0', hoursAgo(95), {
    decision: { decision: 'retrain', recipe: trainingRecipe(modelOf(name), 'other code') },
  });
  const live = { packageArn: 'p', modelName: 'n', endpointConfigName: 'c', runId: 'r0', since: hoursAgo(80) };
  await lineage.setLive(name, live, null);
  await put(name, 'window', hoursAgo(2), hoursAgo(1), {
    verdict: 'none',
    summary: 'worse above .7',
    window: { to: hoursAgo(2) },
    findings: name === 'worse' ? { quality: true } : { business: true },
  });
}

const DecisionSchema = z.object({
  decision: z.string(),
  reason: z.string(),
  datasetVersions: z.array(z.string()),
  review: z.string().nullable(),
});

/** Starts the machine of a model; says how to find out what came of it. */
async function ask(model: string, name: string, input: object) {
  const { executionArn } = await emulator.aws.sfn.send(
    new StartExecutionCommand({
      stateMachineArn: arn('states', `stateMachine:${named(model, 'retraining')}`),
      name,
      input: JSON.stringify(input),
    }),
  );
  return async () => {
    const { status, output } = await emulator.aws.sfn.send(new DescribeExecutionCommand({ executionArn }));
    return { status, decision: output === undefined ? undefined : DecisionSchema.parse(JSON.parse(output)) };
  };
}
const alarm = (model: string, trigger: string) => ({
  alarm: `${PLATFORM}-${model}-${trigger}`,
  prefix: `${PLATFORM}-${model}-`,
  cause: 'Threshold Crossed.',
});
async function trainings(model: string): Promise<readonly string[]> {
  const page = await emulator.aws.sfn.send(
    new ListExecutionsCommand({ stateMachineArn: arn('states', `stateMachine:${named(model, 'training')}`) }),
  );
  return (page.executions ?? []).map(({ name }) => name ?? '');
}
/** Long enough for a decision, and shorter than a run. */
const settle = () => emulator.control.advanceBy(60);

describe('each trigger and each hold, through the machine', () => {
  test('what asks is judged by the model’s policy, one run of a model at a time', async () => {
    // All of one model: who comes second finds the first one’s run in flight.
    const first = await ask('plain', 'by-data', { trigger: 'new-data', cause: 'v2 came' });
    await settle();
    expect((await first()).decision).toMatchObject({
      decision: 'wait',
      reason: expect.stringContaining('no drift stands'),
    });
    const concept = await ask('plain', 'by-concept', alarm('plain', 'concept-drift'));
    await settle();
    expect((await concept()).decision).toMatchObject({
      decision: 'retrain',
      datasetVersions: ['v1', 'v2'],
      review: expect.stringContaining('worse above .7'),
    });
    const clock = await ask('plain', 'by-schedule', { trigger: 'schedule', cause: 'the schedule' });
    await settle();
    expect(await clock()).toEqual({ status: 'RUNNING', decision: undefined });
    expect(await trainings('plain')).toEqual(['by-concept']);
  });

  test('lost quality and the clock train, new data where every version does, and people past the budget', async () => {
    const [quality, byHand, data, clock] = [
      await ask('worse', 'q', alarm('worse', 'quality')),
      await ask('poor', 'h', { trigger: 'manual', cause: 'ann', datasetVersions: ['v1'] }),
      await ask('eager', 'n', { trigger: 'new-data', cause: 'v2 came' }),
      await ask('clocked', 's', { trigger: 'schedule', cause: 'the schedule' }),
    ];
    await settle();
    expect((await quality()).decision).toMatchObject({
      decision: 'retrain',
      reason: expect.stringContaining('Threshold'),
    });
    expect((await byHand()).decision).toMatchObject({ decision: 'retrain', datasetVersions: ['v1'] });
    expect((await data()).decision).toMatchObject({ decision: 'retrain', reason: 'new data: v2 came' });
    expect((await clock()).decision).toMatchObject({ decision: 'retrain', reason: 'the schedule' });
    expect([...(await trainings('eager')), ...(await trainings('clocked'))]).toEqual(['n', 's']);
  });

  test('changed code trains where the policy says so, a switched-off alarm does not, and a missed target does by the quality alarm', async () => {
    const [changed, unwanted, drift, business] = [
      await ask('changed', 'c', { trigger: 'change', cause: 'the stack was updated' }),
      await ask('cooling', 'c', { trigger: 'change', cause: 'the stack was updated' }),
      await ask('drift-off', 'd', alarm('drift-off', 'drift')),
      await ask('business', 'b', alarm('business', 'quality')),
    ];
    await settle();
    expect((await changed()).decision).toMatchObject({
      decision: 'retrain',
      reason: expect.stringContaining('are not those'),
    });
    expect((await unwanted()).decision).toMatchObject({
      decision: 'wait',
      reason: expect.stringContaining('onChange'),
    });
    expect((await drift()).decision).toMatchObject({ decision: 'wait', reason: expect.stringContaining('onDrift') });
    expect((await business()).decision).toMatchObject({
      decision: 'retrain',
      reason: expect.stringContaining('Threshold'),
    });
    expect(await trainings('business')).toEqual(['b']);
  });

  test('cooldown and blackout are slept through, and the budget holds until a person raises it', async () => {
    const [cooling, nightly, poor] = [
      await ask('cooling', 'drift', alarm('cooling', 'drift')),
      await ask('nightly', 'night', alarm('nightly', 'drift')),
      await ask('bounded', 'drift', alarm('bounded', 'drift')),
    ];
    await settle();
    expect((await poor()).decision).toMatchObject({
      decision: 'wait',
      reason: expect.stringContaining('no run at all'),
    });
    for (const asked of [cooling, nightly]) expect((await asked()).status).toBe('RUNNING');
    expect([...(await trainings('cooling')), ...(await trainings('nightly'))]).toEqual([]);
    await emulator.control.advanceTo(new Date('2001-02-01T14:01:00Z'));
    expect((await nightly()).decision).toMatchObject({ decision: 'retrain' });
    await emulator.control.advanceTo(new Date('2001-02-01T16:01:00Z'));
    expect((await cooling()).decision).toMatchObject({ decision: 'retrain' });
    expect([...(await trainings('cooling')), ...(await trainings('nightly'))]).toEqual(['drift', 'night']);
  });
});

test('of fifty who ask at the same instant one trains, one asks again, and the others say whose run is in flight', async () => {
  const asked = await Promise.all(
    Array.from({ length: 50 }, (_, index) => ask('crowded', `e${index}`, alarm('crowded', 'drift'))),
  );
  await settle();
  const answers = await Promise.all(asked.map((outcome) => outcome()));
  const [run, ...more] = await trainings('crowded');
  expect(more).toEqual([]);
  const decided = answers.flatMap(({ decision }) => decision ?? []);
  expect(decided.filter(({ decision }) => decision === 'retrain')).toHaveLength(1);
  const waits = decided.filter(({ decision }) => decision === 'wait');
  expect(answers.filter(({ status }) => status === 'RUNNING')).toHaveLength(1);
  expect(waits).toHaveLength(48);
  for (const { reason } of waits) expect(reason).toContain(`run ${run} is in flight`);
  const begun = await dynamoTrainingSlot(TABLE, emulator.aws.dynamodb).begun('crowded', hoursAgo(0), 100);
  expect(begun.map((one) => one.run)).toEqual([run]);
  expect(await emulator.control.problems()).toEqual([]);
});
