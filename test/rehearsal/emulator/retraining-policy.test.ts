import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeExecutionCommand, ListExecutionsCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type ModelConfigInput, parseModel } from '../../../contracts/model-config.ts';
import { functionName, machineName, tableName } from '../../../contracts/names.ts';
import { BY_TIME, type RecordKind, TIME_ATTRIBUTE } from '../../../contracts/records.ts';
import { schemaHash } from '../../../core/intake/stored-columns.ts';
import { lineageRecord } from '../../../core/lineage/lineage-record.ts';
import { trainingRecipe } from '../../../core/retraining/training-recipe.ts';
import { dynamoLineage, type LineageTable } from '../../../lambdas/aws/lineage-table.ts';
import { dynamoTrainingSlot } from '../../../lambdas/aws/training-slot.ts';
import { retrainingMachine } from '../../../lib/asl/retraining.ts';
import { bundleHandlers } from '../../../lib/lambda-assets.ts';
import { deployAssembly } from '../../../rehearsal/rig/deploy-assembly.ts';
import { type Emulator, startEmulator } from '../../../rehearsal/rig/start-emulator.ts';
import { fixtureModel } from '../../lib/fixture-app.ts';
import { allow, arnOf, codeOf, role, type SmallAssembly, smallAssembly } from '../rig/small-assembly.ts';
import { arn } from './machine-resources.ts';

/** The policy through its machine as it is deployed: the bundle that decides, over the table and the executions it asks, with its rights. */

const PLATFORM = 'modelway';
const TABLE = tableName(PLATFORM);
const CODE = 'code of today';
/** A Thursday. */
const NOON = new Date('2001-02-01T12:00:00Z');

type Retraining = NonNullable<ModelConfigInput['retraining']>;
/** Each case has a model of its own, named for it. */
const POLICIES: Readonly<Record<string, Retraining>> = {
  plain: {},
  changed: { onChange: true },
  business: { onBusinessMetric: true },
  'drift-off': { onDrift: false },
  cooling: { cooldownHours: 24 },
  poor: { budgetPerMonthDollars: 0.1 },
  nightly: { blackout: [{ fromHour: 12, toHour: 14 }] },
  crowded: { cooldownHours: 1 },
};
const modelOf = (name: string) => parseModel({ ...fixtureModel, name, retraining: POLICIES[name] });
const named = (name: string, kind: 'training' | 'retraining') => machineName(PLATFORM, name, kind);

const machine = (name: string, definition: unknown) => ({
  Type: 'AWS::StepFunctions::StateMachine',
  Properties: { StateMachineName: name, RoleArn: arnOf('MachineRole'), DefinitionString: JSON.stringify(definition) },
});
/** A run takes two hours, and says nothing. */
const TRAINING = {
  QueryLanguage: 'JSONata',
  StartAt: 'Train',
  States: { Train: { Type: 'Wait', Seconds: 7200, End: true } },
};
const machines = Object.fromEntries(
  Object.keys(POLICIES).flatMap((name, index) => [
    [`Training${index}`, machine(named(name, 'training'), TRAINING)],
    [
      `Retraining${index}`,
      machine(
        named(name, 'retraining'),
        retrainingMachine(
          { model: modelOf(name), functionArn: (fn) => arn('lambda', `function:${functionName(PLATFORM, fn)}`) },
          arn('states', `stateMachine:${named(name, 'training')}`),
          CODE,
        ),
      ),
    ],
  ]),
);

const lambda = (name: string, roleId: string) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    FunctionName: functionName(PLATFORM, name),
    Code: codeOf(name),
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Timeout: 60,
    Role: arnOf(roleId),
    Environment: {
      Variables: {
        MODELWAY_PLATFORM: PLATFORM,
        MODELWAY_LAKE_BUCKET: 'lake',
        MODELWAY_AUDIT_BUCKET: 'audit',
        MODELWAY_TABLE: TABLE,
        MODELWAY_TOPIC_ARN: arn('sns', 'alerts'),
        MODELWAY_RUNBOOK_URL: 'https://docs.example/runbook',
      },
    },
  },
});
const LOGS = allow(['logs:CreateLogStream', 'logs:PutLogEvents'], arn('logs', 'log-group:/aws/lambda/*'));
const key = (AttributeName: string, KeyType: string) => ({ AttributeName, KeyType });

const resources = {
  Table: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      TableName: TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [key('pk', 'HASH'), key('sk', 'RANGE')],
      AttributeDefinitions: ['pk', 'sk', TIME_ATTRIBUTE].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
      LocalSecondaryIndexes: [
        {
          IndexName: BY_TIME,
          KeySchema: [key('pk', 'HASH'), key(TIME_ATTRIBUTE, 'RANGE')],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    },
  },
  RecordRole: role('lambda.amazonaws.com', LOGS),
  Record: lambda('record', 'RecordRole'),
  DecideRole: role(
    'lambda.amazonaws.com',
    LOGS,
    allow(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'], arn('dynamodb', `table/${TABLE}`)),
    allow('dynamodb:Query', arn('dynamodb', `table/${TABLE}/index/${BY_TIME}`)),
    allow('states:ListExecutions', arn('states', 'stateMachine:*')),
  ),
  Decide: lambda('decide-retraining', 'DecideRole'),
  MachineRole: role(
    'states.amazonaws.com',
    allow('lambda:InvokeFunction', arn('lambda', 'function:*')),
    allow('states:StartExecution', arn('states', 'stateMachine:*')),
  ),
  ...machines,
};

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
    findings: { business: true },
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
      await ask('poor', 'drift', alarm('poor', 'drift')),
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
