import { windowKeys, windowReportKey } from '../../contracts/keys.ts';
import type { MetricName } from '../../contracts/metrics.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import type { JudgedWindow, Judgement, WindowFindings, WindowTask } from '../../contracts/monitoring-steps.ts';
import type { Baseline } from '../../contracts/profile.ts';
import type { CaptureFiles, WatchedModel, WindowCounts, WindowReport } from '../../contracts/window.ts';
import { compareProfiles, summarise } from '../../core/drift/compare-profiles.ts';
import { driftSettings } from '../../core/drift/settings.ts';
import { canonicalJson, sha256 } from '../../core/lineage/canonical-json.ts';
import { appearedFindings, findingsNotice } from '../../core/monitoring/findings-notice.ts';
import { type StandingDrift, standingDrift } from '../../core/monitoring/standing-drift.ts';
import { windowReportPage } from '../../core/report/window-report.ts';
import { namedSeed } from '../../core/statistics/random.ts';
import type { MonitorTools } from './monitor-tools.ts';
import { type PastJudgement, pastWindows } from './past-windows.ts';

/** A window's counts, and what they are held against. */
export interface CountedWindow {
  readonly model: ModelConfig;
  readonly task: WindowTask;
  readonly live: WatchedModel;
  readonly files: CaptureFiles;
  readonly baseline: Baseline;
  readonly counts: WindowCounts;
}

/**
 * Judges a counted window, stores its report and emits its metrics. The same counts again give the same verdict under the same key
 * and the same record; other counts amend what was reported before, and say so.
 */
export async function judgeWindow(counted: CountedWindow, tools: MonitorTools): Promise<JudgedWindow> {
  const { model, task, baseline, counts } = counted;
  const { because, from, to } = task;
  const known = await pastWindows(model, task, tools.lineage);
  const earlier = known.find(({ judgement }) => judgement.window.to === to);
  const past = known.map(({ judgement }) => judgement).filter(({ window }) => window.to < to);

  const drift = compareProfiles(baseline, counts.profile, driftSettings(model), namedSeed(model.training.seed, to));
  const { packageArn, runId } = counted.live;
  const { files: _, ...captured } = counts.captured;
  const found = sha256(canonicalJson({ packageArn, runId, captured, profile: counts.profile, drift })).slice(0, 12);
  const amended = isAmended(earlier, found);
  const report = reportOf(counted, drift, amended, tools.now());
  const standing = standingDrift({ verdict: drift.verdict, window: { from, to } }, past, model.monitoring.alarmAfter);
  const judgement = judgementOf(counted, report, { found, standing });

  await store(report, judgement, past, counted, tools);
  if (because === 'closed') tools.emit(model.name, metricsOf(judgement, standing), tools.now());
  return {
    outcome: 'judged',
    recordId: recordId(to, earlier, found),
    judgement,
    announce: notice(judgement, standing, earlier, past, counted, tools),
  };
}

/** Reported before, with a model, and not the same. */
const isAmended = (earlier: PastJudgement | undefined, found: string): boolean =>
  earlier !== undefined &&
  earlier.judgement.verdict !== 'no-model' &&
  (earlier.judgement.found !== found || earlier.judgement.amended);

/** The end of the window; a later judgement that found something else adds its hash, the same one keeps its record. */
function recordId(to: string, earlier: PastJudgement | undefined, found: string): string {
  if (earlier === undefined) return to;
  return earlier.judgement.found === found ? earlier.recordId : `${to}/${found}`;
}

function reportOf(
  { model, task, live, files, counts }: CountedWindow,
  drift: WindowReport['drift'],
  amended: boolean,
  at: Date,
): WindowReport {
  const { packageArn, runId } = live;
  return {
    model: model.name,
    window: { from: task.from, to: task.to },
    at: at.toISOString(),
    amended,
    because: task.because,
    live: { packageArn, runId },
    captured: counts.captured,
    files,
    badRecords: counts.badRecords,
    drift,
    profile: counts.profile,
  };
}

function judgementOf(
  { model, task, live, files, counts }: CountedWindow,
  { drift, window, amended }: WindowReport,
  { found, standing }: { readonly found: string; readonly standing: StandingDrift },
): Judgement {
  return {
    verdict: drift.verdict,
    rows: drift.window.rows,
    drifted: drift.features.filter((feature) => feature.drifted).map(({ name }) => name),
    reportKey: windowReportKey(model.name, window.to, 'json'),
    summary: `${model.name}, ${window.from} to ${window.to}${amended ? ' (amended)' : ''}: ${summarise(drift)}`,
    window,
    packageArn: live.packageArn,
    amended,
    because: task.because,
    files,
    idsKept: counts.ids !== null,
    found,
    findings: { drift: standing.stands, quality: false, conceptDrift: false, fairness: false, business: false },
  };
}

async function store(
  report: WindowReport,
  { window }: Judgement,
  past: readonly Judgement[],
  { model: { name }, baseline, counts }: CountedWindow,
  { lake, runbookUrl }: MonitorTools,
): Promise<void> {
  const trend = past
    .filter(({ verdict }) => verdict === 'drift' || verdict === 'none')
    .map((other) => ({ to: other.window.to, drifted: other.drifted.length }));
  const page = windowReportPage(report, baseline, trend, runbookUrl);
  if (counts.ids !== null)
    await lake.putBytes(windowKeys(name, window.to).ids, Buffer.from(counts.ids, 'base64'), 'application/octet-stream');
  await lake.putText(windowReportKey(name, window.to, 'html'), page, 'text/html; charset=utf-8');
  await lake.putText(windowReportKey(name, window.to, 'json'), JSON.stringify(report), 'application/json');
}

/** Too little data is no proof of calm: without a value the alarm keeps its state. Drift that does not count yet is not counted. */
function metricsOf(
  { verdict, rows, drifted }: Judgement,
  { stands }: StandingDrift,
): Readonly<Partial<Record<MetricName, number>>> {
  const proof = verdict === 'too-little-data' ? {} : { DriftedFeatures: stands ? drifted.length : 0 };
  return { ...proof, MonitoredRows: rows };
}

/** Nothing is announced of windows judged by hand: whoever asked reads the answer. */
function notice(
  judgement: Judgement,
  { since }: StandingDrift,
  earlier: PastJudgement | undefined,
  past: readonly Judgement[],
  { model, task }: CountedWindow,
  { lakeBucket }: MonitorTools,
) {
  if (task.because === 'by-hand' || judgement.findings === undefined) return null;
  const before: WindowFindings | undefined = past.at(-1)?.findings;
  const appeared = appearedFindings(judgement.findings, earlier?.judgement.findings, before);
  const reportUri = `s3://${lakeBucket}/${windowReportKey(model.name, judgement.window.to, 'html')}`;
  return findingsNotice(model.name, appeared, judgement, {}, { since, reportUri });
}
