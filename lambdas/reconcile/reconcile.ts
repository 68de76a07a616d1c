import type { FunctionInput, FunctionOutput } from '../../contracts/functions.ts';
import { captureHourPrefix, windowReportKey } from '../../contracts/keys.ts';
import type { MetricName } from '../../contracts/metrics.ts';
import { endpointName, VARIANT_NAME } from '../../contracts/names.ts';
import type { Reconciliation } from '../../contracts/reconciliation.ts';
import type { RunbookArticle } from '../../contracts/runbook.ts';
import type { Window } from '../../contracts/window.ts';
import { decodeRecord } from '../../core/capture/decode-record.ts';
import { linesOf } from '../../core/capture/lines.ts';
import { windowBefore } from '../../core/drift/window.ts';
import { HOUR } from '../../core/profile/instant.ts';
import { EMPTY_TALLY, tallied } from '../../core/reconciliation/capture-tally.ts';
import { type InvocationCounts, reconcileCounts } from '../../core/reconciliation/reconcile-counts.ts';
import type { Lake } from '../aws/lake.ts';
import type { LineageTable } from '../aws/lineage-table.ts';
import { readAhead } from '../aws/read-ahead.ts';

/** What the handler works with. */
export interface ReconcileTools {
  readonly platform: string;
  readonly lake: Pick<Lake, 'list' | 'stream' | 'exists'>;
  readonly lineage: Pick<LineageTable, 'live'>;
  readonly invocations: (endpoint: string, window: Window) => Promise<InvocationCounts>;
  /** Hands a fact to the platform's `record` function. */
  readonly record: (fact: FunctionInput<'record'>) => Promise<void>;
  readonly emit: (model: string, values: Readonly<Partial<Record<MetricName, number>>>, at: Date) => void;
  readonly now: () => Date;
}

type Request = FunctionInput<'reconcile'>;

/**
 * Counts one settled window over: requests answered, captured and explained, and whether the window got its verdict. Nothing is recorded
 * while all is well; the metric says so. Doing it again records the same facts under the same names.
 */
export async function reconcile(request: Request, tools: ReconcileTools): Promise<FunctionOutput<'reconcile'>> {
  const due = new Date(Date.parse(request.scheduledAt) - request.delayMinutes * 60_000);
  const window = windowBefore(due, request);
  const live = await tools.lineage.live(request.model);
  if (live === undefined) return { window, reconciliation: null, late: false };

  const served = Date.parse(live.since) < due.getTime();
  const late = request.expectsVerdict && served && !(await hasVerdict(request.model, window, tools));
  if (late) await tools.record(lateFact(request.model, window, due));
  const endpoint = endpointName(tools.platform, request.model);
  const [invocations, tally] = await Promise.all([
    tools.invocations(endpoint, window),
    tallyOf(request, endpoint, window, tools.lake),
  ]);
  const reconciliation = reconcileCounts(invocations, tally);
  if (reconciliation.gap > 0) await tools.record(gapFact(request.model, window, reconciliation));
  tools.emit(request.model, { CaptureGap: reconciliation.gap }, tools.now());
  return { window, reconciliation, late };
}

const hasVerdict = (model: string, window: Window, { lake }: ReconcileTools) =>
  lake.exists(windowReportKey(model, window.to, 'json'));

/** Reads the window's hours and the one after it, where requests of the last seconds may have been written. One listing a day. */
async function tallyOf({ model, columns }: Request, endpoint: string, window: Window, lake: ReconcileTools['lake']) {
  const [from, to] = [Date.parse(window.from), Date.parse(window.to)];
  const ofWindow = new Map<string, boolean>();
  for (let hour = from; hour <= to; hour += HOUR)
    ofWindow.set(captureHourPrefix(model, endpoint, VARIANT_NAME, new Date(hour)), hour < to);
  const days = [...new Set([...ofWindow.keys()].map((hour) => folderOf(hour.slice(0, -1))))];
  const listed = await Promise.all(days.map((day) => lake.list(day)));
  const keys = listed.flat().flatMap(({ key }) => (ofWindow.has(folderOf(key)) ? [key] : []));
  let tally = EMPTY_TALLY;
  for await (const { key, content } of readAhead(keys, lake)) {
    const within = ofWindow.get(folderOf(key)) === true;
    for await (const line of linesOf(content)) tally = tallied(tally, decodeRecord(line, columns), window, within);
  }
  return tally;
}

const folderOf = (key: string) => key.slice(0, key.lastIndexOf('/') + 1);

const gapFact = (model: string, window: Window, reconciliation: Reconciliation): FunctionInput<'record'> => ({
  model,
  kind: 'failure',
  id: `capture-${window.from}`,
  parents: [],
  detail: { window, reconciliation },
  // The alarm on the metric announces it, once for as long as it lasts.
  announce: null,
  failed: false,
});

function lateFact(model: string, window: Window, due: Date): FunctionInput<'record'> {
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
