import { describe, expect, test } from 'vitest';
import { lineageRecord } from '../../../core/lineage/lineage-record.ts';
import { asksInstead, isStarting } from '../../../core/retraining/begun-runs.ts';
import { billedSeconds, decidedRecipe } from '../../../core/retraining/gather-facts.ts';
import { monthBegins, spentOn } from '../../../core/retraining/month-cost.ts';

const record = (kind: 'run' | 'decision', id: string, detail: unknown) =>
  lineageRecord({ model: 'm', kind, id, at: '2001-02-03T00:00:00Z', parents: [], detail });
const begun = (run: string, estimatedDollars: number | null = 7) => ({
  run,
  at: '2001-02-01T00:00:00Z',
  estimatedDollars,
});

test('a run that was let in is about to start for a quarter of an hour', () => {
  expect(isStarting(begun('x'), new Date('2001-02-01T00:14:59Z'))).toBe(true);
  expect(isStarting(begun('x'), new Date('2001-02-01T00:15:00Z'))).toBe(false);
});

test('who asks instead is another execution that still runs, with an instant ahead', () => {
  const waiting = { execution: 'x', until: '2001-02-02T00:00:00Z' };
  const now = new Date('2001-02-01T12:00:00Z');
  expect(asksInstead(waiting, 'y', ['x', 'y'], now)).toBe('x');
  expect(asksInstead(waiting, 'x', ['x'], now)).toBeUndefined();
  expect(asksInstead(waiting, 'y', ['y'], now)).toBeUndefined();
  expect(asksInstead(waiting, 'y', ['x'], new Date('2001-02-02T00:00:00Z'))).toBeUndefined();
  expect(asksInstead(undefined, 'y', [], now)).toBeUndefined();
});

describe('what a month has cost', () => {
  const perSecond = (seconds: number) => seconds / 100;

  test('begins with the first of the month, UTC', () => {
    expect(monthBegins(new Date('2001-02-28T23:59:59Z'))).toBe('2001-02-01T00:00:00.000Z');
  });

  test('is what runs were billed, and the estimate for those that are not known', () => {
    const billed = billedSeconds([
      record('run', 'billed', { billableSeconds: 300 }),
      record('run', 'unknown', { billableSeconds: null }),
    ]);
    expect(spentOn([begun('billed'), begun('unknown')], billed, perSecond)).toBe(3 + 7);
    expect(spentOn([], billed, perSecond)).toBe(0);
  });

  test('is unknown when a price was', () => {
    expect(spentOn([begun('x', null), begun('y')], new Map(), perSecond)).toBeNull();
    expect(spentOn([begun('x', null), begun('y')], new Map([['x', 100]]), perSecond)).toBe(8);
  });
});

test('the recipe is that of a decision to train; early decisions have none', () => {
  const decided = (decision: object) => decidedRecipe(record('decision', 'x', { decision }));
  expect(decided({ decision: 'retrain', recipe: 'r' })).toBe('r');
  expect(decided({ decision: 'wait', recipe: 'r' })).toBeUndefined();
  expect(decided({ decision: 'retrain', reason: 'early' })).toBeUndefined();
  expect(decidedRecipe(undefined)).toBeUndefined();
});
