import { describe, expect, test } from 'vitest';
import { parseModel } from '../../../contracts/model-config.ts';
import { MonitorRequestSchema } from '../../../contracts/monitoring-steps.ts';
import { monitoringMachine } from '../../../lib/asl/monitoring.ts';
import type { Json } from '../../../lib/asl/states.ts';
import { fixtureModel } from '../fixture-app.ts';
import { choose, evaluate, stateOf } from './evaluate.ts';

const machine = monitoringMachine({ model: parseModel(fixtureModel), functionArn: (name) => name });
const task = (day: string) => ({ from: `2001-02-0${day}`, to: `2001-02-0${Number(day) + 1}`, because: 'by-hand' });
const judged = (id: string, todo?: Json) => ({
  outcome: 'judged',
  recordId: id,
  judgement: { summary: id },
  announce: null,
  ...(todo === undefined ? {} : { todo }),
});

/** Walks the machine as Step Functions would, with answers for its functions; gives every call and the states passed. */
async function walk(input: Json, answers: readonly unknown[]) {
  const calls: { readonly fn: unknown; readonly payload: unknown }[] = [];
  const left = [...answers];
  const context = { Execution: { Name: 'e-1', StartTime: '2001-02-09T00:00:00Z' } };
  let variables: Record<string, unknown> = {};
  const passed: string[] = [];
  let at = machine.StartAt;
  for (let steps = 0; steps < 100; steps += 1) {
    passed.push(at);
    const state = stateOf(machine, at);
    if (state.Type === 'Succeed') return { calls, passed, output: await evaluate(state.Output, variables) };
    if (state.Type === 'Choice') {
      at = await choose(machine, at, { ...variables, states: { input } });
      continue;
    }
    if (state.Type !== 'Pass' && state.Type !== 'Task' && state.Type !== 'Map')
      throw new Error(`${at} is ${state.Type}`);
    let result: unknown;
    const sees = { ...variables, states: { input, context } };
    if (state.Type === 'Task') {
      calls.push({ fn: state.Arguments.FunctionName, payload: await evaluate(state.Arguments.Payload ?? null, sees) });
      result = { Payload: state.Arguments.FunctionName === 'record' ? { recorded: 'x' } : left.shift() };
    } else if (state.Type === 'Map') {
      const items = await evaluate(state.Items, sees);
      if (!Array.isArray(items)) throw new Error('items must be an array');
      for (const item of items) {
        const child = { ...sees, states: { ...sees.states, context: { ...context, Map: { Item: { Value: item } } } } };
        calls.push({ fn: 'child', payload: await evaluate(state.ItemSelector ?? null, child) });
      }
      result = items.map(() => ({ rows: 1 }));
    }
    const assigned = await evaluate(state.Assign ?? {}, { ...sees, states: { ...sees.states, result } });
    variables = { ...variables, ...Object(assigned) };
    at = state.Next;
  }
  throw new Error('the machine does not end');
}

const works = (calls: readonly { fn: unknown; payload: unknown }[]) =>
  calls
    .filter(({ fn }) => fn === 'monitor' || fn === 'child')
    .map(({ payload }) => MonitorRequestSchema.parse(payload).work);
const recorded = (calls: readonly { fn: unknown; payload: unknown }[]) =>
  calls.filter(({ fn }) => fn === 'record').map(({ payload }) => Object(payload));

describe('monitoring machine', () => {
  test('judges the window that closed with one invocation and records it under the id it was given', async () => {
    const request = { windowEnd: '2001-02-03T00:30:00Z' };
    const { calls, output } = await walk(request, [judged('2001-02-03', [])]);
    expect(works(calls)).toEqual([{ step: 'begin', request }]);
    expect(recorded(calls)).toMatchObject([
      { kind: 'window', id: '2001-02-03', detail: { summary: '2001-02-03' }, announce: null },
    ]);
    expect(output).toMatchObject({ recordId: '2001-02-03' });
  });

  test.each([1, 2, 5])('judges %i further windows one after another, each recorded before the next', async (count) => {
    const todo = Array.from({ length: count }, (_, index) => task(String(index + 1)));
    const answers = [judged('first', todo), ...todo.map(({ to }) => judged(to))];
    const { calls } = await walk({ from: '2001-02-01T00:00:00Z', to: '2001-02-07T00:00:00Z' }, answers);
    expect(works(calls).slice(1)).toEqual(todo.map((window) => ({ step: 'judge', task: window })));
    expect(recorded(calls).map(({ id }) => id)).toEqual(['first', ...todo.map(({ to }) => to)]);
    expect(calls.map(({ fn }) => fn)).toEqual(
      Array(count + 1)
        .fill(['monitor', 'record'])
        .flat(),
    );
  });

  test.each([1, 3])(
    'counts %i shards of a large window in child executions, merges them, and goes on with the rest',
    async (count) => {
      const shards = Array.from({ length: count }, (_, index) => index);
      const [large, next] = [task('1'), task('2')];
      const planned = { outcome: 'planned', task: large, plan: 'p-1', shards, todo: [next] };
      const { calls } = await walk({ windowEnd: '2001-02-03T00:30:00Z' }, [planned, judged('large'), judged('next')]);
      expect(works(calls).slice(1)).toEqual([
        ...shards.map((shard) => ({ step: 'count', task: large, plan: 'p-1', shard })),
        { step: 'merge', task: large, plan: 'p-1' },
        { step: 'judge', task: next },
      ]);
      expect(recorded(calls).map(({ id }) => id)).toEqual(['large', 'next']);
    },
  );

  test('takes labels in, records what became of them, and judges the windows they change', async () => {
    const labels = {
      bucket: 'lake',
      key: 'inbox/late/labels/x.csv',
      versionId: 'v',
      uploadedAt: '2001-02-08T00:00:00Z',
    };
    const taken = { verdict: 'taken', labels: 3 };
    const { calls } = await walk({ labels }, [{ taken, announce: null, todo: [task('1')] }, judged('2001-02-02')]);
    expect(calls[0]).toMatchObject({ fn: 'labels', payload: { labels, startedAt: '2001-02-09T00:00:00Z' } });
    expect(recorded(calls)).toMatchObject([
      { kind: 'labels', id: 'e-1', detail: taken },
      { kind: 'window', id: '2001-02-02' },
    ]);
    expect(works(calls)).toEqual([{ step: 'judge', task: task('1') }]);
  });

  test('ends after the labels when they change no window that was judged', async () => {
    const { calls, output } = await walk({ labels: [{ inferenceId: 'a', label: 1 }] }, [
      { taken: { labels: 1 }, announce: null, todo: [] },
    ]);
    expect(works(calls)).toEqual([]);
    expect(output).toMatchObject({ taken: { labels: 1 } });
  });

  test('runs shards as child executions with a bound on how many at once', () => {
    const map = stateOf(machine, 'CountShards');
    expect(map).toMatchObject({
      Type: 'Map',
      MaxConcurrency: 25,
      ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } },
    });
  });
});
