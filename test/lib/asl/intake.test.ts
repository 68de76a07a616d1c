import { describe, expect, test } from 'vitest';
import { parseModel } from '../../../contracts/model-config.ts';
import { intakeMachine } from '../../../lib/asl/intake.ts';
import { fixtureModel } from '../fixture-app.ts';
import { choose, evaluate, stateOf } from './evaluate.ts';

const machine = intakeMachine(
  { model: parseModel(fixtureModel), functionArn: (name: string) => `arn:${name}` },
  'arn:retraining',
  {
    imageUri: 'image',
    roleArn: 'role',
    keyArn: 'key',
    vpc: { SecurityGroupIds: [], Subnets: [] },
    program: { bucket: 'assets', runtimeKey: 'runtime.tar.gz', programKey: 'program.js' },
  },
);
const result = (verdict: string, datasetVersion: string | null) => ({
  result: { verdict, datasetVersion, summary: 'row 17, column distance', reportKey: 'report.json' },
  upload: { key: 'inbox/late/a.csv' },
  crash: null,
});

function recorded(field: 'announce' | 'failed' | 'vouchFor') {
  const state = stateOf(machine, 'RecordIntake');
  const payload = state.Type === 'Task' ? state.Arguments.Payload : undefined;
  const given = payload instanceof Object && !Array.isArray(payload) ? Reflect.get(payload, field) : undefined;
  return given ?? null;
}

test('training is asked for only when a dataset version was registered', async () => {
  expect(await choose(machine, 'Registered?', result('accepted', 'v1'))).toBe('AskForTraining');
  expect(await choose(machine, 'Registered?', result('rejected', null))).toBe('Done');
});

test('what was set aside is announced, with the first finding and the report', async () => {
  expect(await evaluate(recorded('announce'), result('accepted', 'v1'))).toBe(null);
  expect(await evaluate(recorded('announce'), result('quarantined', null))).toEqual({
    subject: 'late: upload quarantined',
    message: 'inbox/late/a.csv: row 17, column distance (report: report.json)',
    runbook: 'upload-quarantined',
  });
});

test('the chain vouches for a registered version', async () => {
  expect(await evaluate(recorded('vouchFor'), result('accepted', 'v1'))).toEqual(['dataset#v1']);
  expect(await evaluate(recorded('vouchFor'), result('rejected', null))).toEqual([]);
});

describe('the first step', () => {
  const state = stateOf(machine, 'Validate');
  const retries = state.Type === 'Task' ? state.Retry : [];

  test('waits for files that a manifest names for longer than the function does', () => {
    const waiting = retries.find(({ ErrorEquals }) => ErrorEquals.includes('IncompleteUpload'));
    // The function waits a quarter of an hour from the upload; an event may be late.
    expect((waiting?.IntervalSeconds ?? 0) * (waiting?.MaxAttempts ?? 0)).toBeGreaterThan(15 * 60);
    expect(waiting?.BackoffRate).toBe(1);
  });

  test('is tried once more when the process ended, and then the upload is refused and counted', async () => {
    const again = retries.find(({ ErrorEquals }) => ErrorEquals.includes('Runtime.ExitError'));
    expect(again?.MaxAttempts).toBe(1);
    const caught = state.Type === 'Task' ? state.Catch : [];
    expect(caught.find(({ ErrorEquals }) => ErrorEquals.includes('Runtime.OutOfMemory'))?.Next).toBe('Refuse');
    expect(await evaluate(recorded('failed'), result('accepted', 'v1'))).toBe(false);
    const crash = { Error: 'Runtime.OutOfMemory', Cause: 'killed' };
    expect(await evaluate(recorded('failed'), { ...result('rejected', null), crash })).toBe(true);
    const refuse = stateOf(machine, 'Refuse');
    expect(await evaluate(refuse.Type === 'Pass' ? (refuse.Assign?.result ?? null) : null, { crash })).toMatchObject({
      verdict: 'rejected',
      datasetVersion: null,
      summary: 'rejected, twice the function that read it ended without an answer: Runtime.OutOfMemory killed',
    });
  });
});
