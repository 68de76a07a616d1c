import type { Window } from '../../contracts/window.ts';
import type { BadRecord, CapturedRequest } from '../capture/decode-record.ts';
import { isWithin } from '../drift/window.ts';

/** What capture files say about one window. */
export interface CaptureTally {
  /** Requests with a prediction in their answer. */
  readonly answered: number;
  /** Requests with an answer that no prediction could be read from, and lines that are no request. */
  readonly unreadable: number;
  /** Rows of the answered requests. */
  readonly rows: number;
  readonly explained: number;
  /** Answered requests within `EDGE_SECONDS` of the window's start or end, on either side. */
  readonly nearEdges: number;
}

/**
 * CloudWatch counts a request in the minute it was seen, the capture line carries the inference time in whole seconds; a request
 * that takes up to a few seconds at the full hour may fall on different sides. Longer would hide a steady loss.
 */
export const EDGE_SECONDS = 5;

export const EMPTY_TALLY: CaptureTally = { answered: 0, unreadable: 0, rows: 0, explained: 0, nearEdges: 0 };

/**
 * Adds one capture line. `ofWindow` says whether the file belongs to the window's own hours: a broken line has no time of its own.
 * A line with an input alone is a request that failed, which invocations leave out as well. Smoke tests count: they are invocations.
 */
export function tallied(
  tally: CaptureTally,
  decoded: CapturedRequest | BadRecord,
  window: Window,
  ofWindow: boolean,
): CaptureTally {
  if (decoded.kind === 'bad') return ofWindow ? { ...tally, unreadable: tally.unreadable + 1 } : tally;
  const predictions = decoded.rows.flatMap(({ prediction }) => prediction ?? []);
  const answered = predictions.length > 0;
  const nearEdges = tally.nearEdges + (answered && isNearEdge(window, decoded.at) ? 1 : 0);
  if (!isWithin(window, decoded.at)) return { ...tally, nearEdges };
  if (!answered) {
    const unreadable = decoded.problems.some((problem) => problem.startsWith('output'));
    return { ...tally, unreadable: tally.unreadable + (unreadable ? 1 : 0) };
  }
  return {
    answered: tally.answered + 1,
    unreadable: tally.unreadable,
    rows: tally.rows + decoded.rows.length,
    explained: tally.explained + predictions.filter(({ shap }) => shap !== null).length,
    nearEdges,
  };
}

function isNearEdge(window: Window, instant: string): boolean {
  const time = Date.parse(instant);
  return [window.from, window.to].some((edge) => Math.abs(time - Date.parse(edge)) <= EDGE_SECONDS * 1000);
}
