import type { ReconcileRequest } from '../../contracts/reconciliation.ts';
import type { Window } from '../../contracts/window.ts';
import { previousWindow, windowBefore, windowEnding } from '../drift/window.ts';

/** Windows that are looked back at for one that a missed run left out, the newest among them. */
export const LOOK_BACK = { hour: 24, day: 3, week: 2 } as const;

/** The last windows that were settled at `due`, oldest first: as many as are looked back at. */
export function settledWindows(
  due: Date,
  { countEvery, lagMinutes }: Pick<ReconcileRequest, 'countEvery' | 'lagMinutes'>,
): readonly Window[] {
  const windows: Window[] = [];
  let window = windowBefore(due, { every: countEvery, lagMinutes });
  while (windows.length < LOOK_BACK[countEvery]) {
    windows.unshift(window);
    window = previousWindow(window, { every: countEvery });
  }
  return windows;
}

/** The window that is judged and ends with a counted one, if one does: its verdict was due at the same instant. */
export function judgedWindowEnding(counted: Window, { every }: Pick<ReconcileRequest, 'every'>): Window | undefined {
  const judged = windowEnding(counted.to, { every });
  return judged.to === counted.to ? judged : undefined;
}

/** The UTC day, `YYYY-MM-DD`, under which a window is counted: that of its beginning. */
export const dayOf = ({ from }: Window): string => from.slice(0, 10);
