import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CaptureTally, ReconciledWindow } from '../../../contracts/reconciliation.ts';
import { EMPTY_TALLY } from '../../../core/reconciliation/capture-tally.ts';
import { reconcileCounts } from '../../../core/reconciliation/reconcile-counts.ts';
import { untoldLoss, withEdgeOf } from '../../../core/reconciliation/untold-loss.ts';

const HOUR = 3_600_000;
const hour = (index: number) => {
  const at = (hours: number) => new Date(Date.parse('2001-05-01T00:00:00Z') + hours * HOUR).toISOString();
  return { from: at(index), to: at(index + 1) };
};
const tallyOf = (answered: number, near = 0): CaptureTally => ({
  ...EMPTY_TALLY,
  answered,
  rows: answered,
  explained: answered,
  nearStart: near,
  nearEnd: near,
});

interface Seen {
  readonly invocations: number;
  readonly captured: number;
  readonly near?: number;
  /** Hour of the day; left out: the one after the last. */
  readonly at?: number;
}

/** Counts hours over one after another, as the function does. */
function day(seen: readonly Seen[]): readonly ReconciledWindow[] {
  const counted: ReconciledWindow[] = [];
  for (const { invocations, captured, near = 0, at } of seen) {
    const window = hour(at ?? counted.length);
    const [counts, tally] = [{ invocations, failed: 0 }, tallyOf(captured, near)];
    const untold = untoldLoss(counted, { window, counts, tally });
    counted.push({ window, counts, tally, reconciliation: reconcileCounts(counts, tally), untold });
  }
  return counted;
}
const told = (counted: readonly ReconciledWindow[]) =>
  counted.map(({ reconciliation, untold }) => Math.max(reconciliation.gap, untold));

describe('the sum of a day', () => {
  test('finds a steady loss of .3 % that no hour of a thousand requests can see: inner edges cancel', () => {
    // 3 of 1,000 are lost each hour, and 3 requests lie near each end: an hour forgives 6.
    const counted = day(Array.from({ length: 24 }, () => ({ invocations: 1000, captured: 997, near: 3 })));
    expect(counted.map(({ reconciliation }) => reconciliation.gap)).toEqual(Array(24).fill(0));
    // Lost so far 3, 6, 9, …; the sum forgives the 6 of its two ends: it is told from the third hour on, 3 more each hour.
    expect(told(counted)).toEqual([0, 0, ...Array(22).fill(3)]);
  });

  test('finds no loss where the edges between hours take from one and give to the next', () => {
    const captured = [1004, 997, 1003, 996, 1000];
    const counted = day(captured.map((answered) => ({ invocations: 1000, captured: answered, near: 4 })));
    expect(told(counted)).toEqual([0, 0, 0, 0, 0]);
  });

  test('tells a loss once: an hour that told its own gap is not told again', () => {
    const seen = [
      { invocations: 100, captured: 100 },
      { invocations: 100, captured: 60 },
      { invocations: 100, captured: 100 },
    ];
    expect(told(day(seen))).toEqual([0, 40, 0]);
  });

  test('forgives the ends of each stretch where hours in between were not counted', () => {
    const seen = [
      { invocations: 100, captured: 96, near: 2, at: 0 },
      { invocations: 100, captured: 96, near: 2, at: 5 },
      { invocations: 100, captured: 96, near: 2, at: 6 },
    ];
    // Two stretches: 4 lost and 4 forgiven, then 8 lost and 4 forgiven.
    expect(told(day(seen))).toEqual([0, 0, 4]);
  });

  test('never tells more than was lost, and all of it but what lies near the ends', () => {
    const lossy = fc.record({ invocations: fc.integer({ min: 50, max: 500 }), lost: fc.nat(50), near: fc.nat(8) });
    fc.assert(
      fc.property(fc.array(lossy, { minLength: 1, maxLength: 24 }), (hours) => {
        const counted = day(
          hours.map(({ invocations, lost, near }) => ({ invocations, captured: invocations - lost, near })),
        );
        const lost = hours.reduce((sum, one) => sum + one.lost, 0);
        const total = told(counted).reduce((sum, one) => sum + one, 0);
        expect(total).toBeLessThanOrEqual(lost);
        const ends = (hours[0]?.near ?? 0) + (hours.at(-1)?.near ?? 0);
        expect(total).toBeGreaterThanOrEqual(Math.max(0, lost - ends));
      }),
    );
  });
});

test('a window takes over what the one before saw on the other side of their edge', () => {
  const [before] = day([{ invocations: 10, captured: 10, near: 3 }]);
  expect(withEdgeOf(before, tallyOf(10, 1))).toMatchObject({ nearStart: 3, nearEnd: 1 });
  expect(withEdgeOf(undefined, tallyOf(10, 1))).toMatchObject({ nearStart: 1, nearEnd: 1 });
});
