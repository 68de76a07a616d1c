import { z } from 'zod';
import { type FunctionInput, type FunctionOutput, MonitorResultSchema } from '../../contracts/functions.ts';
import { runKeys, windowReportKey } from '../../contracts/keys.ts';
import type { MetricName } from '../../contracts/metrics.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import { parseOrThrow } from '../../contracts/problems.ts';
import { type Baseline, BaselineSchema } from '../../contracts/profile.ts';
import { type LivePointer, recordSort } from '../../contracts/records.ts';
import type { Window, WindowReport } from '../../contracts/window.ts';
import { compareProfiles, summarise } from '../../core/drift/compare-profiles.ts';
import { driftSettings } from '../../core/drift/settings.ts';
import { windowBefore } from '../../core/drift/window.ts';
import { detailOf } from '../../core/lineage/lineage-record.ts';
import { windowReportPage } from '../../core/report/window-report.ts';
import { namedSeed } from '../../core/statistics/random.ts';
import type { Lake } from '../aws/lake.ts';
import type { LineageTable } from '../aws/lineage-table.ts';
import { captureFiles } from './capture-files.ts';
import { profileCapture } from './profile-capture.ts';

/** What the handler works with. */
export interface MonitorTools {
  readonly platform: string;
  readonly runbookUrl: string;
  readonly lake: Lake;
  readonly lineage: LineageTable;
  readonly emit: (model: string, values: Readonly<Partial<Record<MetricName, number>>>, at: Date) => void;
  readonly now: () => Date;
}

type Result = FunctionOutput<'monitor'>;
/** The parts of an earlier window's record that are read again. */
const PastWindowSchema = MonitorResultSchema.pick({ window: true, drifted: true, verdict: true }).extend({
  window: z.object({ from: z.string(), to: z.string() }),
});
type PastWindow = z.infer<typeof PastWindowSchema>;

/**
 * Judges the last closed window and stores its report. The same window again gives the same verdict from the files that are there
 * by then, under the same key, and says that it amends. A window without traffic, or without a model, is a fact and no error.
 */
export async function monitorWindow(
  { model, windowEnd }: FunctionInput<'monitor'>,
  tools: MonitorTools,
): Promise<Result> {
  const window = windowBefore(new Date(windowEnd), model.monitoring);
  const past = await pastWindows(model.name, tools.lineage);
  const amended = past.some((other) => other.window.to === window.to && other.verdict !== 'no-model');
  const live = await tools.lineage.live(model.name);
  if (live === undefined) return withoutModel(model.name, window, tools);

  const baseline = await baselineOf(model.name, live, tools.lake);
  const report = await judge(model, window, { live, baseline, amended }, tools);
  const drifted = report.drift.features.filter((feature) => feature.drifted).map(({ name }) => name);
  const reportKey = windowReportKey(model.name, window.to, 'json');
  const judged = past.filter((other) => other.verdict === 'drift' || other.verdict === 'none');
  const trend = judged.map((other) => ({ to: other.window.to, drifted: other.drifted.length }));
  const html = windowReportPage(report, baseline, newest(trend), tools.runbookUrl);
  await tools.lake.putText(windowReportKey(model.name, window.to, 'html'), html, 'text/html; charset=utf-8');
  await tools.lake.putText(reportKey, JSON.stringify(report), 'application/json');
  const { verdict } = report.drift;
  const rows = report.drift.window.rows;
  // Too little data is no proof of calm: without a value the alarm keeps its state.
  const proof = verdict === 'too-little-data' ? {} : { DriftedFeatures: drifted.length };
  tools.emit(model.name, { ...proof, MonitoredRows: rows }, tools.now());
  const summary = `${model.name}, ${window.from} to ${window.to}${amended ? ' (amended)' : ''}: ${summarise(report.drift)}`;
  return { verdict, rows, drifted, reportKey, summary, window, packageArn: live.packageArn, amended };
}

async function judge(
  model: ModelConfig,
  window: Window,
  { live, baseline, amended }: { live: LivePointer; baseline: Baseline; amended: boolean },
  { platform, lake, now }: MonitorTools,
): Promise<WindowReport> {
  const { packageArn, runId } = live;
  const files = await captureFiles(platform, model.name, window, lake);
  const traffic = await profileCapture(files, { model, window, baseline: baseline.profile, packageArn }, lake);
  const seed = namedSeed(model.training.seed, window.to);
  return {
    model: model.name,
    window,
    at: now().toISOString(),
    amended,
    live: { packageArn, runId },
    captured: traffic.counts,
    badRecords: traffic.badRecords,
    drift: compareProfiles(baseline, traffic.profile, driftSettings(model), seed),
    profile: traffic.profile,
  };
}

function withoutModel(model: string, window: Window, { emit, now }: MonitorTools): Result {
  emit(model, { MonitoredRows: 0 }, now());
  const summary = `${model}, ${window.from} to ${window.to}: no model serves yet, so there is nothing to watch`;
  return {
    verdict: 'no-model',
    rows: 0,
    drifted: [],
    reportKey: null,
    summary,
    window,
    packageArn: null,
    amended: false,
  };
}

async function baselineOf(model: string, { runId }: LivePointer, lake: Lake): Promise<Baseline> {
  const text = await lake.getText(runKeys(model, runId).baseline);
  return parseOrThrow(BaselineSchema, JSON.parse(text), 'unreadable-baseline');
}

/** Earlier windows, oldest first; of a window that was amended only the last. */
async function pastWindows(model: string, lineage: LineageTable): Promise<readonly PastWindow[]> {
  const records = await lineage.query(model, recordSort('window', ''));
  const details = records
    .toSorted((a, b) => (a.at < b.at ? -1 : 1))
    .flatMap((record) => detailOf(record, PastWindowSchema) ?? []);
  const byEnd = new Map(details.map((detail) => [detail.window.to, detail]));
  return [...byEnd.values()].sort((a, b) => (a.window.to < b.window.to ? -1 : 1));
}

/** Windows drawn in the trend. */
const newest = <T>(windows: readonly T[]): readonly T[] => windows.slice(-60);
