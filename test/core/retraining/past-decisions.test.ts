import { describe, expect, test } from 'vitest';
import { lineageRecord } from '../../../core/lineage/lineage-record.ts';
import { spentThisMonth } from '../../../core/retraining/month-cost.ts';
import { decisionsOf, startingRun, waitingExecution } from '../../../core/retraining/past-decisions.ts';

const record = (kind: 'run' | 'decision', id: string, at: string, detail: unknown) =>
  lineageRecord({ model: 'm', kind, id, at, parents: [], detail });
const decided = (id: string, at: string, decision: object, execution = id) =>
  record('decision', id, at, { execution, request: { trigger: 'drift', cause: 'c' }, decision });

test('decisions of an earlier time, which have less, are read as well', () => {
  const early = record('decision', 'x', '2001-02-01T00:00:00Z', { decision: { decision: 'wait', reason: 'r' } });
  expect(decisionsOf([early])).toEqual([
    {
      execution: 'x',
      at: '2001-02-01T00:00:00Z',
      trigger: undefined,
      decision: 'wait',
      askAgainAt: null,
      estimatedDollars: null,
      recipe: undefined,
    },
  ]);
});

describe('a run that is about to start', () => {
  const now = new Date('2001-02-01T00:10:00Z');
  const decisions = decisionsOf([
    decided('y', '2001-02-01T00:09:00Z', { decision: 'wait' }),
    decided('x', '2001-02-01T00:00:00Z', { decision: 'retrain' }),
  ]);

  test('is a fresh decision to train', () => {
    expect(startingRun(decisions, new Set(), now)).toBe('x');
    expect(startingRun(decisions.slice(0, 1), new Set(), now)).toBeUndefined();
  });

  test('is no more when it ended, failed or grew old', () => {
    expect(startingRun(decisions, new Set(['run#x']), now)).toBeUndefined();
    expect(startingRun(decisions, new Set(['failure#training-x']), now)).toBeUndefined();
    expect(startingRun(decisions, new Set(), new Date('2001-02-01T00:15:00Z'))).toBeUndefined();
  });
});

test('who waits is a running execution with an instant ahead, for the same trigger', () => {
  const wait = { decision: 'wait', askAgainAt: '2001-02-02T00:00:00Z' };
  const decisions = decisionsOf([decided('x-wait-0', '2001-02-01T00:00:00Z', wait, 'x')]);
  const now = new Date('2001-02-01T12:00:00Z');
  expect(waitingExecution(decisions, 'drift', ['x'], now)).toBe('x');
  expect(waitingExecution(decisions, 'quality', ['x'], now)).toBeUndefined();
  expect(waitingExecution(decisions, 'drift', ['other'], now)).toBeUndefined();
  expect(waitingExecution(decisions, 'drift', ['x'], new Date('2001-02-02T00:00:00Z'))).toBeUndefined();
});

describe('what a month has cost', () => {
  const now = new Date('2001-02-20T00:00:00Z');
  const perSecond = (seconds: number) => seconds / 100;
  const retrain = (id: string, at: string, estimatedDollars: number | null = 7) =>
    decided(id, at, { decision: 'retrain', estimatedDollars });
  const run = (id: string, detail: object) => record('run', id, '2001-02-03T00:00:00Z', detail);

  test('is what runs were billed, and the estimate for those that are not known', () => {
    const decisions = decisionsOf([
      retrain('billed', '2001-02-01T00:00:00Z'),
      retrain('unknown', '2001-02-28T23:00:00Z'),
      retrain('last month', '2001-01-31T23:59:59Z'),
      decided('waited', '2001-02-05T00:00:00Z', { decision: 'wait', estimatedDollars: 7 }),
    ]);
    const runs = [run('billed', { billableSeconds: 300 }), run('unknown', { billableSeconds: null })];
    expect(spentThisMonth(decisions, runs, now, perSecond)).toBe(3 + 7);
    expect(spentThisMonth([], [], now, perSecond)).toBe(0);
  });

  test('is unknown when a price was', () => {
    const decisions = decisionsOf([retrain('x', '2001-02-01T00:00:00Z', null), retrain('y', '2001-02-01T00:00:00Z')]);
    expect(spentThisMonth(decisions, [], now, perSecond)).toBeNull();
    expect(spentThisMonth(decisions, [run('x', { billableSeconds: 100 })], now, perSecond)).toBe(8);
  });
});
