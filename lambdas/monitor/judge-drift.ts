import { windowReportKey } from '../../contracts/keys.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import type { Judgement } from '../../contracts/monitoring-steps.ts';
import type { Profile } from '../../contracts/profile.ts';
import {
  type WatchedModel,
  type Window,
  type WindowCounts,
  type WindowReport,
  WindowReportSchema,
} from '../../contracts/window.ts';
import { compareProfiles } from '../../core/drift/compare-profiles.ts';
import { MOST_POOLED, type ProfiledWindow, poolWindows } from '../../core/drift/pool-windows.ts';
import { driftSettings, windowsPerMonth } from '../../core/drift/settings.ts';
import { stakeOfFeatures } from '../../core/monitoring/stake-of-features.ts';
import { namedSeed } from '../../core/statistics/random.ts';
import type { Lake } from '../aws/lake.ts';
import type { Reference } from './count-files.ts';

/** The drift half of a window's report. */
export type JudgedDrift = Pick<WindowReport, 'drift' | 'pooled'>;

/** Compares a window with the baseline; one with too few rows together with those before it, when the config allows. */
export async function judgeDrift(
  given: {
    readonly model: ModelConfig;
    readonly window: Window;
    readonly live: WatchedModel;
    readonly reference: Reference;
    readonly counts: WindowCounts;
  },
  past: readonly Judgement[],
  lake: Lake,
): Promise<JudgedDrift> {
  const { model, window, live, reference, counts } = given;
  const { baseline, setup } = reference;
  const settings = driftSettings(model);
  const before = await profilesBefore(model, counts.profile, live, past, lake);
  const newest = { window: { from: window.from, to: window.to }, profile: counts.profile };
  const pooled = poolWindows(newest, before, settings.minimumRows);
  const stake =
    setup === null || counts.quality === null
      ? {}
      : stakeOfFeatures(setup, counts.quality, model.monitoring.business, windowsPerMonth(settings));
  const spanned = pooled.message === undefined ? {} : { spannedHours: pooled.spannedHours };
  const options = { stake, cache: reference.draws, ...spanned };
  // One seed for a model: windows of about one size are held against the same draws, in whatever process they are judged.
  const seed = namedSeed(model.training.seed, live.runId);
  return {
    drift: compareProfiles(baseline, pooled.profile, settings, seed, options),
    pooled: pooled.message === undefined ? null : { windows: [...pooled.windows], message: pooled.message },
  };
}

/**
 * Profiles of windows before this one, newest first: as many as are needed for a verdict, at most thirty, one read each. Only windows that
 * had too few rows themselves: what was judged alone is not judged again under another date. An empty window has nothing to add.
 */
async function profilesBefore(
  { name, monitoring }: ModelConfig,
  profile: Profile,
  { packageArn }: WatchedModel,
  past: readonly Judgement[],
  lake: Lake,
): Promise<readonly ProfiledWindow[]> {
  const before: ProfiledWindow[] = [];
  let { rows } = profile;
  if (!monitoring.pool || rows === 0) return before;
  for (const { window, rows: own, reportKey, packageArn: watched } of past.toReversed()) {
    if (rows >= monitoring.minimumRows || before.length + 1 === MOST_POOLED) break;
    if (reportKey === null || watched !== packageArn || own >= monitoring.minimumRows) break;
    const report: unknown = JSON.parse(await lake.getText(windowReportKey(name, window.to, 'json')));
    const read = WindowReportSchema.pick({ profile: true }).parse(report).profile;
    before.push({ window, profile: read });
    rows += read.rows;
  }
  return before;
}
