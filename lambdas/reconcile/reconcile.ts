import type { FunctionInput, FunctionOutput } from '../../contracts/functions.ts';
import { windowReportKey } from '../../contracts/keys.ts';
import type { MetricName } from '../../contracts/metrics.ts';
import { endpointName } from '../../contracts/names.ts';
import type { ReconciledWindow } from '../../contracts/reconciliation.ts';
import type { LivePointer } from '../../contracts/records.ts';
import type { Window } from '../../contracts/window.ts';
import { reconcileCounts } from '../../core/reconciliation/reconcile-counts.ts';
import { untoldLoss, withEdgeOf } from '../../core/reconciliation/untold-loss.ts';
import { dayOf, judgedWindowEnding, settledWindows } from '../../core/reconciliation/windows-to-count.ts';
import type { Lake } from '../aws/lake.ts';
import type { LineageTable } from '../aws/lineage-table.ts';
import { gapFact, lateFact } from './facts.ts';
import type { InvocationsWithin } from './invocation-counts.ts';
import { reconciledDays } from './reconciled-days.ts';
import { tallyWindow } from './tally-window.ts';

/** What the handler works with. */
export interface ReconcileTools {
  readonly platform: string;
  readonly lake: Pick<Lake, 'list' | 'stream' | 'exists' | 'getText' | 'putText'>;
  readonly lineage: Pick<LineageTable, 'live'>;
  /** Asks once for all hours of a stretch. */
  readonly invocations: (endpoint: string, stretch: Window) => Promise<InvocationsWithin>;
  /** Hands a fact to the platform's `record` function. */
  readonly record: (fact: FunctionInput<'record'>) => Promise<void>;
  readonly emit: (model: string, values: Readonly<Partial<Record<MetricName, number>>>, at: Date) => void;
  readonly now: () => Date;
}

type Request = FunctionInput<'reconcile'>;

/**
 * Counts over the window that has settled, and those before it that a missed run left out: requests answered, captured and explained,
 * and whether the judged window that ends there got its verdict. A window that was counted is not counted again; one whose counting
 * broke off is, and records the same facts under the same names.
 */
export async function reconcile(request: Request, tools: ReconcileTools): Promise<FunctionOutput<'reconcile'>> {
  const live = await tools.lineage.live(request.model);
  if (live === undefined) return { counted: [], late: [] };
  const due = new Date(Date.parse(request.scheduledAt) - request.delayMinutes * 60_000);
  const settled = settledWindows(due, request);
  const days = await reconciledDays(request.model, [...new Set(settled.map(dayOf))], tools.lake);
  const known = new Set(days.all().map(({ window }) => window.from));
  const missing = settled.filter(({ from }) => !known.has(from));
  const [first, last] = [missing[0], missing.at(-1)];
  if (first === undefined || last === undefined) return { counted: [], late: [] };

  const endpoint = endpointName(tools.platform, request.model);
  const invocations = await tools.invocations(endpoint, { from: first.from, to: last.to });
  const counted: ReconciledWindow[] = [];
  const late: Window[] = [];
  for (const window of missing) {
    late.push(...(await lateWindow(request, window, live, tools)));
    const captured = { model: request.model, endpoint, columns: request.columns };
    const one = judged(window, days.all(), {
      counts: invocations(window),
      tally: await tallyWindow(captured, window, tools.lake),
    });
    if (gapOf(one) > 0) await tools.record(gapFact(request.model, one));
    tools.emit(request.model, { CaptureGap: gapOf(one) }, tools.now());
    // Last: what breaks off before is done again, what is stored is not.
    await days.add(one);
    counted.push(one);
  }
  return { counted, late };
}

function judged(
  window: Window,
  before: readonly ReconciledWindow[],
  { counts, tally: own }: Pick<ReconciledWindow, 'counts' | 'tally'>,
): ReconciledWindow {
  const tally = withEdgeOf(
    before.find((earlier) => earlier.window.to === window.from),
    own,
  );
  const ofDay = before.filter(
    (earlier) => dayOf(earlier.window) === dayOf(window) && earlier.window.from < window.from,
  );
  const untold = untoldLoss(ofDay, { window, counts, tally });
  return { window, counts, tally, reconciliation: reconcileCounts(counts, tally), untold };
}

const gapOf = ({ reconciliation, untold }: ReconciledWindow) => Math.max(reconciliation.gap, untold);

/** The judged window that ends with a counted one, when it was due, a model served, and nobody judged it; it is recorded then. */
async function lateWindow(
  { model, every, lagMinutes, expectsVerdict }: Request,
  counted: Window,
  live: LivePointer,
  { lake, record }: ReconcileTools,
): Promise<readonly Window[]> {
  const window = expectsVerdict ? judgedWindowEnding(counted, { every }) : undefined;
  if (window === undefined) return [];
  const due = new Date(Date.parse(window.to) + lagMinutes * 60_000);
  const served = Date.parse(live.since) < due.getTime();
  if (!served || (await lake.exists(windowReportKey(model, window.to, 'json')))) return [];
  await record(lateFact(model, window, due));
  return [window];
}
