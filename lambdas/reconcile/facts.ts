import type { FunctionInput } from '../../contracts/functions.ts';
import type { ReconciledWindow } from '../../contracts/reconciliation.ts';
import type { RunbookArticle } from '../../contracts/runbook.ts';
import type { Window } from '../../contracts/window.ts';

/** Requests that are not captured, or rows not explained. The alarm on the metric announces it, once for as long as it lasts. */
export const gapFact = (model: string, counted: ReconciledWindow): FunctionInput<'record'> => ({
  model,
  kind: 'failure',
  id: `capture-${counted.window.from}`,
  parents: [],
  detail: { window: counted.window, reconciliation: counted.reconciliation, untold: counted.untold },
  announce: null,
  failed: false,
});

/** A window that was due and has no verdict: announced, and a failure. */
export function lateFact(model: string, window: Window, due: Date): FunctionInput<'record'> {
  const runbook: RunbookArticle = 'alarm-monitor-late';
  return {
    model,
    kind: 'failure',
    id: `late-${window.to}`,
    parents: [],
    detail: { window, due: due.toISOString() },
    announce: {
      subject: `${model}: a window has no verdict`,
      message: `the window ${window.from} to ${window.to} was due at ${due.toISOString()} and was not judged`,
      runbook,
    },
    failed: true,
  };
}
