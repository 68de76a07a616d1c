import type { CaptureTally } from '../../contracts/reconciliation.ts';
import type { Window } from '../../contracts/window.ts';
import type { BadRecord, CapturedRequest } from '../capture/decode-record.ts';
import { isWithin } from '../drift/window.ts';

/**
 * CloudWatch counts a request in the minute it was seen, the capture line carries the inference time in whole seconds; a request
 * that takes up to a few seconds at the full hour may fall on different sides. Longer would hide a steady loss.
 */
export const EDGE_SECONDS = 5;

export const EMPTY_TALLY: CaptureTally = {
  answered: 0,
  unreadable: 0,
  rows: 0,
  explained: 0,
  nearStart: 0,
  nearEnd: 0,
};

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
  const nearStart = tally.nearStart + (answered && isNear(window.from, decoded.at) ? 1 : 0);
  const nearEnd = tally.nearEnd + (answered && isNear(window.to, decoded.at) ? 1 : 0);
  if (!isWithin(window, decoded.at)) return { ...tally, nearStart, nearEnd };
  if (!answered) {
    const unreadable = decoded.problems.some((problem) => problem.startsWith('output'));
    return { ...tally, unreadable: tally.unreadable + (unreadable ? 1 : 0) };
  }
  return {
    answered: tally.answered + 1,
    unreadable: tally.unreadable,
    rows: tally.rows + decoded.rows.length,
    explained: tally.explained + predictions.filter(({ shap }) => shap !== null).length,
    nearStart,
    nearEnd,
  };
}

/** Tallies of windows that follow each other, as one: what is near an edge between two of them is within both. */
export function joinedTally(tallies: readonly CaptureTally[]): CaptureTally {
  const sum = (of: (tally: CaptureTally) => number) => tallies.reduce((total, tally) => total + of(tally), 0);
  return {
    answered: sum(({ answered }) => answered),
    unreadable: sum(({ unreadable }) => unreadable),
    rows: sum(({ rows }) => rows),
    explained: sum(({ explained }) => explained),
    nearStart: tallies[0]?.nearStart ?? 0,
    nearEnd: tallies.at(-1)?.nearEnd ?? 0,
  };
}

const isNear = (edge: string, instant: string) =>
  Math.abs(Date.parse(instant) - Date.parse(edge)) <= EDGE_SECONDS * 1000;
