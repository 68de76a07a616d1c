import { windowReportKey } from '../../contracts/keys.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import type { JudgedWindow, Judgement, WindowTask } from '../../contracts/monitoring-steps.ts';
import type { QualityReport } from '../../contracts/quality.ts';
import type { CaptureFiles, WatchedModel, WindowCounts, WindowReport } from '../../contracts/window.ts';
import { summarise } from '../../core/drift/compare-profiles.ts';
import { canonicalJson, sha256 } from '../../core/lineage/canonical-json.ts';
import { appearedFindings, findingsNotice } from '../../core/monitoring/findings-notice.ts';
import { judgementOf } from '../../core/monitoring/judgement.ts';
import { qualityReasons } from '../../core/monitoring/quality-findings.ts';
import { type StandingDrift, standingDrift } from '../../core/monitoring/standing-drift.ts';
import type { Reference } from './count-files.ts';
import { emitMetrics } from './emit-metrics.ts';
import { type JudgedDrift, judgeDrift } from './judge-drift.ts';
import { judgeQuality } from './judge-quality.ts';
import type { MonitorTools } from './monitor-tools.ts';
import { type PastJudgement, pastWindows } from './past-windows.ts';
import { storeReport } from './store-report.ts';

/** A window's counts, and what they are held against. */
export interface CountedWindow {
  readonly model: ModelConfig;
  readonly task: WindowTask;
  readonly live: WatchedModel;
  readonly files: CaptureFiles;
  readonly reference: Reference;
  readonly counts: WindowCounts;
}

/**
 * Judges a counted window, stores its report and emits its metrics. The same counts again give the same verdict under the same key
 * and the same record; other counts amend what was reported before, and say so.
 */
export async function judgeWindow(counted: CountedWindow, tools: MonitorTools): Promise<JudgedWindow> {
  const { model, task, live, reference, counts } = counted;
  const { from, to } = task;
  const known = await pastWindows(model, task, tools.lineage);
  const earlier = known.find(({ judgement }) => judgement.window.to === to);
  const past = known.map(({ judgement }) => judgement).filter(({ window }) => window.to < to);

  const given = { model, window: { from, to }, live, counts };
  const judged = await judgeDrift({ ...given, reference }, past, tools.lake);
  const quality = await judgeQuality({ ...given, setup: reference.setup }, past, tools);
  const found = foundIn(counted, judged, quality);
  const report = reportOf(counted, judged, quality, { amended: isAmended(earlier, found), at: tools.now() });
  const standing = standingDrift(
    { verdict: judged.drift.verdict, window: { from, to } },
    past,
    model.monitoring.alarmAfter,
  );
  const judgement = judgementOf(model, report, {
    found,
    standing,
    idsKept: counts.ids !== null,
    before: past.at(-1),
    now: tools.now(),
  });

  await storeReport(report, counts, reference.baseline, past, tools);
  // What an earlier model got wrong is on record, and nobody's alarm any more.
  const serves = (await tools.lineage.live(model.name))?.packageArn === live.packageArn;
  if (serves) await emitMetrics(model, judgement, tools);
  return {
    outcome: 'judged',
    recordId: recordId(to, earlier, found),
    judgement,
    announce: serves ? notice(counted, report, judgement, { standing, earlier, past }, tools) : null,
  };
}

/** Hash of what was found, without what tells nothing: when it was, and how many files it took. */
function foundIn({ live, counts }: CountedWindow, judged: JudgedDrift, quality: QualityReport | null): string {
  const { packageArn, runId } = live;
  const { files: _, ...captured } = counts.captured;
  return sha256(canonicalJson({ packageArn, runId, captured, profile: counts.profile, ...judged, quality })).slice(
    0,
    12,
  );
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
  judged: JudgedDrift,
  quality: QualityReport | null,
  { amended, at }: { readonly amended: boolean; readonly at: Date },
): WindowReport {
  return {
    model: model.name,
    window: { from: task.from, to: task.to },
    at: at.toISOString(),
    amended,
    because: task.because,
    live,
    captured: counts.captured,
    files,
    badRecords: counts.badRecords,
    ...judged,
    quality,
    profile: counts.profile,
  };
}

/** Nothing is announced of windows judged by hand: whoever asked reads the answer. */
function notice(
  { model, task }: CountedWindow,
  { drift, quality }: WindowReport,
  judgement: Judgement,
  known: {
    readonly standing: StandingDrift;
    readonly earlier: PastJudgement | undefined;
    readonly past: readonly Judgement[];
  },
  { lakeBucket }: MonitorTools,
) {
  if (task.because === 'by-hand' || judgement.findings === undefined) return null;
  const appeared = appearedFindings(judgement.findings, known.earlier?.judgement.findings, known.past.at(-1)?.findings);
  const reportUri = `s3://${lakeBucket}/${windowReportKey(model.name, judgement.window.to, 'html')}`;
  const reasons = { drift: summarise(drift), ...qualityReasons(quality ?? null) };
  const since = appeared.includes('drift') ? known.standing.since : judgement.window.from;
  return findingsNotice(model.name, appeared, judgement, reasons, { since, reportUri });
}
