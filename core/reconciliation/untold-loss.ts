import type { CaptureTally, InvocationCounts, ReconciledWindow } from '../../contracts/reconciliation.ts';
import { joinedTally } from './capture-tally.ts';
import { reconcileCounts } from './reconcile-counts.ts';

/** A window's two countings, before they are judged. */
type Counted = Pick<ReconciledWindow, 'window' | 'counts' | 'tally'>;

/**
 * Requests lost in all these windows that no count of them has told yet. Where two windows follow each other the edge between them
 * cancels out in the sum, so that a loss too small for one window is found in several: of an even stream only 20 seconds' worth is
 * forgiven, however long they are together. 0: nothing is missing, or nothing new.
 * @param earlier windows counted before on the same day, in order
 */
export function untoldLoss(earlier: readonly ReconciledWindow[], newest: Counted): number {
  const lost = stretches([...earlier, newest]).reduce((sum, stretch) => sum + lossOf(stretch), 0);
  const told = earlier.reduce(
    (sum, { reconciliation, untold }) => sum + Math.max(reconciliation.notCaptured, untold),
    0,
  );
  return Math.max(0, lost - told);
}

function lossOf(stretch: readonly Counted[]): number {
  const counts = stretch.reduce<InvocationCounts>(
    (sum, { counts: { invocations, failed } }) => ({
      invocations: sum.invocations + invocations,
      failed: sum.failed + failed,
    }),
    { invocations: 0, failed: 0 },
  );
  return reconcileCounts(counts, joinedTally(stretch.map(({ tally }) => tally))).notCaptured;
}

/** Windows that follow each other without a hole. */
function stretches(windows: readonly Counted[]): readonly (readonly Counted[])[] {
  const found: Counted[][] = [];
  for (const counted of windows) {
    const last = found.at(-1);
    if (last?.at(-1)?.window.to === counted.window.from) last.push(counted);
    else found.push([counted]);
  }
  return found;
}

/**
 * The window before, when it was counted, has seen both sides of the edge between the two; the window itself reads no file of the hour
 * before its own.
 */
export function withEdgeOf(before: ReconciledWindow | undefined, tally: CaptureTally): CaptureTally {
  return before === undefined ? tally : { ...tally, nearStart: Math.max(tally.nearStart, before.tally.nearEnd) };
}
