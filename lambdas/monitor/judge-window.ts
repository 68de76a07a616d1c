import { windowReportKey } from '../../contracts/keys.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import type { JudgedWindow, Judgement, WindowTask } from '../../contracts/monitoring-steps.ts';
import type { QualityReport } from '../../contracts/quality.ts';
import type { Answering, CaptureFiles, VersionReport, WindowCounts, WindowReport } from '../../contracts/window.ts';
import { summarise } from '../../core/drift/compare-profiles.ts';
import { canonicalJson, sha256 } from '../../core/lineage/canonical-json.ts';
import { columnsNotWatched } from '../../core/monitoring/carried-model.ts';
import { appearedFindings, findingsNotice } from '../../core/monitoring/findings-notice.ts';
import { judgementOf } from '../../core/monitoring/judgement.ts';
import { qualityReasons } from '../../core/monitoring/quality-findings.ts';
import { type StandingDrift, standingDrift } from '../../core/monitoring/standing-drift.ts';
import { emitMetrics } from './emit-metrics.ts';
import { judgeBeside } from './judge-beside.ts';
import { type JudgedDrift, judgeDrift } from './judge-drift.ts';
import { judgeQuality } from './judge-quality.ts';
import { type Versions, versionsOf } from './judged-version.ts';
import type { MonitorTools } from './monitor-tools.ts';
import type { PastJudgement } from './past-windows.ts';
import { storeReport } from './store-report.ts';
import type { StoredReport } from './stored-report.ts';

/** A window's counts, and what is known of it from before. */
export interface CountedWindow {
  readonly model: ModelConfig;
  readonly task: WindowTask;
  readonly answering: Answering;
  readonly files: CaptureFiles;
  readonly counts: WindowCounts;
  /** Judgements of this window and of those before it. */
  readonly past: readonly PastJudgement[];
  readonly stored: StoredReport | undefined;
}

/** What was found: verdicts of the judged version, and what is said of the others. */
interface Found extends JudgedDrift {
  readonly quality: QualityReport | null;
  readonly beside: readonly VersionReport[];
}

/**
 * Judges a counted window, stores its report and emits its metrics. The same counts again give the same verdict under the same key
 * and the same record; other counts amend what was reported before, and say so.
 */
export async function judgeWindow(counted: CountedWindow, tools: MonitorTools): Promise<JudgedWindow> {
  const { model, task, counts } = counted;
  const { from, to } = task;
  const earlier = counted.past.find(({ judgement }) => judgement.window.to === to);
  const past = counted.past.map(({ judgement }) => judgement).filter(({ window }) => window.to < to);

  const versions = await versionsOf(model, task, counts, counted, tools);
  const found = await findingsOf(counted, versions, past, tools);
  const hash = hashOf(counted, versions, found);
  const report = reportOf(counted, versions, found, { amended: isAmended(earlier, hash), at: tools.now() });
  // What stood against another version is not this one's fault.
  const own = past.filter(({ packageArn }) => packageArn === versions.judged.packageArn);
  const standing = standingDrift(
    { verdict: found.drift.verdict, window: { from, to } },
    own,
    model.monitoring.alarmAfter,
  );
  const judgement = judgementOf(model, report, {
    found: hash,
    standing,
    idsKept: counts.ids !== null,
    before: own.at(-1),
    now: tools.now(),
  });

  await storeReport(
    report,
    { ids: counts.ids, quality: versions.judged.quality },
    versions.judged.reference.baseline,
    past,
    tools,
  );
  // What an earlier model got wrong is on record, and nobody's alarm any more.
  const serves = (await tools.lineage.live(model.name))?.packageArn === versions.judged.packageArn;
  await emitMetrics(model, judgement, serves, tools);
  return {
    outcome: 'judged',
    recordId: recordId(to, earlier, hash, counted.files),
    judgement,
    announce: serves ? notice(counted, report, judgement, { standing, earlier, before: own.at(-1) }, tools) : null,
  };
}

async function findingsOf(
  { model, task, counts, stored }: CountedWindow,
  { judged, beside }: Versions,
  past: readonly Judgement[],
  tools: MonitorTools,
): Promise<Found> {
  const { labels } = counts;
  const drift = await judgeDrift(model, task, judged, { past, stored }, tools.lake);
  const quality = await judgeQuality(model, task, judged, { labels, past }, tools);
  const others: VersionReport[] = [];
  for (const version of beside) others.push(await judgeBeside(model, task, version, labels, tools));
  return { ...drift, quality, beside: others };
}

/** Hash of what was found, without what tells nothing: when it was, and how many files it took. */
function hashOf({ counts }: CountedWindow, { judged }: Versions, { driftFrom: _, ...found }: Found): string {
  const { packageArn, runId, rows, explained, profile } = judged;
  const { files: __, ...captured } = counts.captured;
  return sha256(canonicalJson({ packageArn, runId, rows, explained, captured, profile, ...found })).slice(0, 12);
}

/** Reported before, with a model, and not the same. */
const isAmended = (earlier: PastJudgement | undefined, found: string): boolean =>
  earlier !== undefined &&
  earlier.judgement.verdict !== 'no-model' &&
  (earlier.judgement.found !== found || earlier.judgement.amended);

/**
 * The end of the window; a later judgement that found something else adds its hash. One that found the same keeps its record, unless other
 * files are there by now: what they were is on record then, and the window is not read again for them.
 */
function recordId(to: string, earlier: PastJudgement | undefined, found: string, files: CaptureFiles): string {
  if (earlier === undefined) return to;
  if (earlier.judgement.found !== found) return `${to}/${found}`;
  const before = earlier.judgement.files;
  if (before === undefined || (before.count === files.count && before.bytes === files.bytes)) return earlier.recordId;
  return `${to}/${sha256(canonicalJson({ found, files })).slice(0, 12)}`;
}

function reportOf(
  { model, task, answering, files, counts }: CountedWindow,
  { judged }: Versions,
  { quality, beside, ...drift }: Found,
  { amended, at }: { readonly amended: boolean; readonly at: Date },
): WindowReport {
  const { packageArn, runId, rows, explained, lastAt, profile } = judged;
  const own = {
    packageArn,
    runId,
    rows,
    explained,
    lastAt,
    judged: true,
    message: 'the verdicts of this window are its',
  };
  const otherModel = beside.reduce((sum, version) => sum + version.rows, 0);
  return {
    model: model.name,
    window: { from: task.from, to: task.to },
    at: at.toISOString(),
    amended,
    because: task.because,
    live: { packageArn, runId },
    answering,
    captured: { ...counts.captured, otherModel },
    files,
    badRecords: counts.badRecords,
    ...drift,
    quality,
    profile,
    versions: [own, ...beside],
    notWatched: columnsNotWatched(model),
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
    readonly before: Judgement | undefined;
  },
  { lakeBucket }: MonitorTools,
) {
  if (task.because === 'by-hand' || judgement.findings === undefined) return null;
  const appeared = appearedFindings(judgement.findings, known.earlier?.judgement.findings, known.before?.findings);
  const reportUri = `s3://${lakeBucket}/${windowReportKey(model.name, judgement.window.to, 'html')}`;
  const reasons = { drift: summarise(drift), ...qualityReasons(quality ?? null) };
  const since = appeared.includes('drift') ? known.standing.since : judgement.window.from;
  return findingsNotice(model.name, appeared, judgement, reasons, { since, reportUri });
}
