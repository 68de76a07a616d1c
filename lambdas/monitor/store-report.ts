import { windowKeys, windowReportKey } from '../../contracts/keys.ts';
import type { Judgement } from '../../contracts/monitoring-steps.ts';
import type { Baseline } from '../../contracts/profile.ts';
import type { StoredQualityWindow } from '../../contracts/quality-window.ts';
import type { WindowReport } from '../../contracts/window.ts';
import { windowReportPage } from '../../core/report/window-report.ts';
import { putPacked } from '../aws/packed-json.ts';
import type { MonitorTools } from './monitor-tools.ts';

/** Windows drawn in the trend. */
const TREND_WINDOWS = 60;

/** Writes what later steps read again (ids, quality counts), then the page, then the report: who finds a report finds the rest. */
export async function storeReport(
  report: WindowReport,
  { ids, quality: counted }: { readonly ids: string | null; readonly quality: StoredQualityWindow | null },
  baseline: Baseline,
  past: readonly Judgement[],
  { lake, runbookUrl }: Pick<MonitorTools, 'lake' | 'runbookUrl'>,
): Promise<void> {
  const { model, window } = report;
  const keys = windowKeys(model, window.to);
  const trend = past
    .filter(({ verdict, quality }) => verdict === 'drift' || verdict === 'none' || quality?.value != null)
    .map(({ window: { to }, drifted, quality }) => ({ to, drifted: drifted.length, quality: quality?.value ?? null }))
    .slice(-TREND_WINDOWS);
  if (ids !== null) await lake.putBytes(keys.ids, Buffer.from(ids, 'base64'), 'application/octet-stream');
  if (counted !== null) await putPacked(lake, keys.quality, counted);
  const page = windowReportPage(report, baseline, trend, runbookUrl);
  await lake.putText(windowReportKey(model, window.to, 'html'), page, 'text/html; charset=utf-8');
  await lake.putText(windowReportKey(model, window.to, 'json'), JSON.stringify(report), 'application/json');
}
