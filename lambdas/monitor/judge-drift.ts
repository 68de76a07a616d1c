import { windowReportKey } from '../../contracts/keys.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import type { Judgement, WindowTask } from '../../contracts/monitoring-steps.ts';
import { type DriftReport, DriftReportSchema, type Profile } from '../../contracts/profile.ts';
import type { QualitySetup, StoredQualityWindow } from '../../contracts/quality-window.ts';
import { type WindowReport, WindowReportSchema } from '../../contracts/window.ts';
import { compareProfiles } from '../../core/drift/compare-profiles.ts';
import { MOST_POOLED, type ProfiledWindow, poolWindows } from '../../core/drift/pool-windows.ts';
import { ranked } from '../../core/drift/ranked.ts';
import { type DriftSettings, driftSettings, windowsPerMonth } from '../../core/drift/settings.ts';
import { canonicalJson, sha256 } from '../../core/lineage/canonical-json.ts';
import { profileOfFeatures } from '../../core/monitoring/profile-of-features.ts';
import { stakeOfFeatures } from '../../core/monitoring/stake-of-features.ts';
import { namedSeed } from '../../core/statistics/random.ts';
import type { Lake } from '../aws/lake.ts';
import { type Reference, watchedNames } from './references.ts';
import type { StoredReport } from './stored-report.ts';

/** The drift half of a window's report. */
export type JudgedDrift = Pick<WindowReport, 'drift' | 'pooled' | 'driftFrom'>;

/** What one version answered in a window, and what that is held against. */
export interface JudgedVersion {
  readonly packageArn: string;
  readonly runId: string;
  readonly reference: Reference;
  readonly profile: Profile;
  readonly quality: StoredQualityWindow | null;
}

/**
 * Compares what a version answered with its baseline; with too few rows, together with the windows before it, when the config allows. What
 * an earlier judgement computed from the same is taken over, unless somebody asked by hand.
 */
export async function judgeDrift(
  model: ModelConfig,
  task: WindowTask,
  version: JudgedVersion,
  known: { readonly past: readonly Judgement[]; readonly stored?: StoredReport | undefined },
  lake: Lake,
): Promise<JudgedDrift> {
  const { baseline, draws } = version.reference;
  const settings = driftSettings(model);
  const before = await profilesBefore(model, version, known.past, lake);
  const newest = { window: { from: task.from, to: task.to }, profile: version.profile };
  const pooled = poolWindows(newest, before, settings.minimumRows);
  const stake = stakeOf(model, version, settings);
  // One seed for a model: windows of about one size are held against the same draws, in whatever process they are judged.
  const seed = namedSeed(model.training.seed, version.runId);
  const spanned = pooled.message === undefined ? {} : { spannedHours: pooled.spannedHours };
  const driftFrom = hashOf({ runId: version.runId, profile: pooled.profile, settings, seed, ...spanned });
  const stored = task.because !== 'by-hand' && known.stored?.driftFrom === driftFrom ? known.stored.drift : undefined;
  const drift =
    stored === undefined
      ? compareProfiles(baseline, pooled.profile, settings, seed, { stake, cache: draws, ...spanned })
      : rankedAgain(stored, baseline.importance, stake);
  return {
    // In the schema's order, computed now or before: equal reports are equal bytes.
    drift: DriftReportSchema.parse(drift),
    pooled: pooled.message === undefined ? null : { windows: [...pooled.windows], message: pooled.message },
    driftFrom,
  };
}

/** Sums depend in their last digits on the order of adding, which shards change; nine digits are compared. */
function hashOf(inputs: object): string {
  const nineDigits = (_: string, value: unknown) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(9)) : value;
  return sha256(canonicalJson(JSON.parse(JSON.stringify(inputs, nineDigits)))).slice(0, 32);
}

/** Money at stake may have become known with the labels; nothing else of a verdict depends on them. */
function rankedAgain(
  drift: DriftReport,
  importance: Readonly<Record<string, number>>,
  stake: Readonly<Record<string, number>>,
): DriftReport {
  const features = drift.features.map(({ rank: _, stake: __, ...feature }) => feature);
  return { ...drift, features: ranked(features, importance, stake) };
}

function stakeOf(
  { monitoring }: ModelConfig,
  {
    reference,
    quality,
  }: { readonly reference: { readonly setup: QualitySetup | null }; readonly quality: StoredQualityWindow | null },
  settings: DriftSettings,
): Readonly<Record<string, number>> {
  if (reference.setup === null || quality === null) return {};
  return stakeOfFeatures(reference.setup, quality, monitoring.business, windowsPerMonth(settings));
}

const PastReportSchema = WindowReportSchema.pick({ live: true, profile: true, versions: true });

/**
 * Profiles of what the version answered in windows before this one, newest first: as many as are needed for a verdict, at most thirty, one
 * read each. Only windows in which it had too few rows: what was judged alone is not judged again under another date. An empty window
 * has nothing to add.
 */
async function profilesBefore(
  model: ModelConfig,
  { packageArn, profile }: JudgedVersion,
  past: readonly Judgement[],
  lake: Lake,
): Promise<readonly ProfiledWindow[]> {
  const { name, monitoring } = model;
  const before: ProfiledWindow[] = [];
  let { rows } = profile;
  if (!monitoring.pool || rows === 0) return before;
  for (const judgement of past.toReversed()) {
    if (rows >= monitoring.minimumRows || before.length + 1 === MOST_POOLED) break;
    const own = rowsOf(judgement, packageArn);
    if (judgement.reportKey === null || own === undefined || own >= monitoring.minimumRows) break;
    const text = await lake.getText(windowReportKey(name, judgement.window.to, 'json'));
    const { live, profile: judged, versions } = PastReportSchema.parse(JSON.parse(text));
    const of =
      live.packageArn === packageArn ? judged : versions?.find((one) => one.packageArn === packageArn)?.profile;
    if (of === undefined) break;
    before.push({ window: judgement.window, profile: profileOfFeatures(of, watchedNames(model)) });
    rows += of.rows;
  }
  return before;
}

/** Rows that a version answered in a judged window; undefined when it did not answer there. */
function rowsOf({ rows, packageArn: judged, versions }: Judgement, packageArn: string): number | undefined {
  return judged === packageArn ? rows : versions?.find((one) => one.packageArn === packageArn)?.rows;
}
