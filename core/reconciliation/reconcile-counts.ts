import type { Reconciliation } from '../../contracts/reconciliation.ts';
import type { CaptureTally } from './capture-tally.ts';

/** What CloudWatch counted of an endpoint's variant in a window. */
export interface InvocationCounts {
  readonly invocations: number;
  /** Answered 4XX or 5XX. */
  readonly failed: number;
}

/**
 * Holds invocations against captured requests, and captured rows against explained ones. An answer that no prediction can be read from
 * is excused as long as there are failed invocations it may be the error text of; beyond that it is one row without explanation.
 * More captured than invoked is no gap: what monitoring sees is complete then.
 */
export function reconcileCounts({ invocations, failed }: InvocationCounts, tally: CaptureTally): Reconciliation {
  const unexcused = Math.max(0, tally.unreadable - failed);
  const answered = Math.max(0, invocations - failed);
  const captured = tally.answered + unexcused;
  const notCaptured = Math.max(0, answered - captured - tally.nearEdges);
  const notExplained = tally.rows - tally.explained + unexcused;
  return {
    invocations: answered,
    failed,
    captured,
    rows: tally.rows + unexcused,
    explained: tally.explained,
    nearEdges: tally.nearEdges,
    notCaptured,
    notExplained,
    gap: Math.max(notCaptured, notExplained),
  };
}
