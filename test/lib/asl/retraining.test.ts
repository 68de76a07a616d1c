import { describe, expect, test } from 'vitest';
import { parseModel } from '../../../contracts/model-config.ts';
import { RETRAINING_WAIT_DAYS } from '../../../contracts/retraining-config.ts';
import { retrainingMachine } from '../../../lib/asl/retraining.ts';
import type { Json } from '../../../lib/asl/states.ts';
import { fixtureModel } from '../fixture-app.ts';
import { choose, evaluate, stateOf } from './evaluate.ts';

const machine = retrainingMachine(
  { model: parseModel(fixtureModel), functionArn: (name) => `arn:${name}` },
  'arn:training',
  'hash of the code',
);
const wait = { decision: 'wait', reason: 'cooling', askAgainAt: '2001-02-02T00:00:00.000Z', review: null };
const end = { ...wait, askAgainAt: null };
const train = { ...end, decision: 'retrain', reason: 'drift' };

/** A field of what the decision is recorded with. */
function recorded(field: string): Json {
  const state = stateOf(machine, 'RecordDecision');
  if (state.Type !== 'Task') throw new Error('the decision is recorded by a task');
  const { Payload } = state.Arguments;
  const fields = Object.entries(typeof Payload === 'object' && Payload !== null ? Payload : {});
  const found = fields.find(([name]) => name === field);
  if (found === undefined) throw new Error(`nothing recorded as ${field}`);
  return found[1];
}

describe('the retraining machine', () => {
  test.each([
    ['modelway-late-', 'drift'],
    ['modelway-concept-', 'drift'],
    ['late-late-', 'concept-drift'],
  ])('takes the trigger from the name of an alarm of %s%s', async (prefix, trigger) => {
    const state = stateOf(machine, 'Begin');
    if (state.Type !== 'Pass') throw new Error('begins by passing on');
    const input = { alarm: `${prefix}${trigger}`, prefix, cause: 'Threshold Crossed' };
    const request = state.Assign?.request ?? null;
    expect(await evaluate(request, { states: { input } })).toEqual({ trigger, cause: 'Threshold Crossed' });
    const said = { trigger: 'manual', cause: 'ann', datasetVersions: ['v1'] };
    expect(await evaluate(request, { states: { input: said } })).toEqual(said);
  });

  test('trains, waits to ask again, or ends', async () => {
    expect(await choose(machine, 'Train?', { decision: train })).toBe('StartTraining');
    expect(await choose(machine, 'Train?', { decision: wait })).toBe('WaitToAsk');
    expect(await choose(machine, 'Train?', { decision: end })).toBe('Done');
  });

  test('asks again at the instant that was decided, and counts', async () => {
    const state = stateOf(machine, 'WaitToAsk');
    if (state.Type !== 'Wait' || !('Timestamp' in state)) throw new Error('waits until an instant');
    expect(await evaluate(state.Timestamp, { decision: wait })).toBe(wait.askAgainAt);
    expect(state.Next).toBe('Decide');
    expect(await evaluate(state.Assign ?? {}, { asked: 1 })).toEqual({ asked: 2 });
  });

  test('records a decision as made from its data and from the windows it looked at', async () => {
    const parents = (decision: object) => evaluate(recorded('parents'), { decision });
    const datasetVersions = ['v1', 'v2'];
    expect(await parents({ ...train, datasetVersions, windows: ['w1'] })).toEqual([
      'dataset#v1',
      'dataset#v2',
      'window#w1',
    ]);
    expect(await parents({ ...train, datasetVersions })).toEqual(['dataset#v1', 'dataset#v2']);
    expect(await parents({ ...wait, datasetVersions: [], windows: ['w1'] })).toEqual(['window#w1']);
    expect(await parents({ ...wait, datasetVersions: [] })).toEqual([]);
  });

  test('has more time than the policy may wait', () => {
    expect(machine.TimeoutSeconds).toBeGreaterThan(RETRAINING_WAIT_DAYS * 24 * 3600);
  });

  test('records the last decision under the run’s own name, and each wait before it under another', async () => {
    const id = recorded('id');
    expect(await evaluate(id, { decision: train, execution: 'x', asked: 2 })).toBe('x');
    expect(await evaluate(id, { decision: wait, execution: 'x', asked: 0 })).toBe('x-wait-0');
    expect(await evaluate(id, { decision: wait, execution: 'x', asked: 1 })).toBe('x-wait-1');
  });

  test('announces every decision with its reason, and a review under its own article', async () => {
    const announce = recorded('announce');
    expect(await evaluate(announce, { decision: train })).toEqual({
      subject: 'late: training',
      message: 'drift',
      runbook: 'retraining-decided',
    });
    expect(await evaluate(announce, { decision: { ...end, review: 'somebody should look' } })).toEqual({
      subject: 'late: no training yet',
      message: 'cooling. Besides, somebody should look',
      runbook: 'alarm-concept-drift',
    });
  });
});
