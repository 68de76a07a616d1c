import type { CaptureTally, InvocationCounts, Reconciliation } from '../../contracts/reconciliation.ts';

/**
 * Holds invocations against captured requests, and captured rows against explained ones. An answer that no prediction can be read from
 * is excused as long as there are failed invocations it may be the error text of; beyond that it is one row without explanation.
 * More captured than invoked is no gap: what monitoring sees is complete then.
 */
export function reconcileCounts({ invocations, failed }: InvocationCounts, tally: CaptureTally): Reconciliation {
  const unexcused = Math.max(0, tally.unreadable - failed);
  const answered = Math.max(0, invocations - failed);
  const captured = tally.answered + unexcused;
  const nearEdges = tally.nearStart + tally.nearEnd;
  const notCaptured = Math.max(0, answered - captured - nearEdges);
  const notExplained = tally.rows - tally.explained + unexcused;
  return {
    invocations: answered,
    failed,
    captured,
    rows: tally.rows + unexcused,
    explained: tally.explained,
    nearEdges,
    notCaptured,
    notExplained,
    gap: Math.max(notCaptured, notExplained),
  };
}
