import type { Baseline, DriftReport, Profile } from '../../contracts/profile.ts';
import { compareProfiles } from '../../core/drift/compare-profiles.ts';
import type { NullCache } from '../../core/drift/null-cache.ts';
import type { DriftSettings } from '../../core/drift/settings.ts';
import type { Random } from '../../core/statistics/random.ts';
import { type Drift, drawProfile } from './generator.ts';

/** Rows of the baseline, redrawn for every window. */
export const BASELINE_ROWS = 1_000_000;

/** The default budget (one false alarm a month) for windows of so many hours; any number of rows is judged. */
export function settingsFor(windowHours: number): DriftSettings {
  return { falseAlarmsPerMonth: 1, windowHours, effectFloor: 0.02, minimumRows: 1, notComparable: [] };
}

/** What came of many windows of one kind. */
export interface Rates {
  readonly windows: number;
  /** Share of windows with the verdict drift. */
  readonly flagged: number;
  /** Share of windows in which each drifted feature was flagged, by name. */
  readonly found: Readonly<Record<string, number>>;
  /** Share of windows in which a correlation was flagged, and all features together. */
  readonly correlations: number;
  readonly multivariate: number;
}

/** Judges windows one by one and counts verdicts. */
export function ratesOf(windows: number, judge: (index: number) => DriftReport): Rates {
  let [flagged, correlations, multivariate] = [0, 0, 0];
  const found = new Map<string, number>();
  for (let index = 0; index < windows; index++) {
    const report = judge(index);
    if (report.verdict === 'drift') flagged += 1;
    if (report.correlations?.some(({ drifted }) => drifted)) correlations += 1;
    if (report.multivariate?.drifted === true) multivariate += 1;
    for (const { name, drifted } of report.features) if (drifted) found.set(name, (found.get(name) ?? 0) + 1);
  }
  const share = (count: number) => count / windows;
  return {
    windows,
    flagged: share(flagged),
    found: Object.fromEntries([...found].map(([name, count]) => [name, share(count)])),
    correlations: share(correlations),
    multivariate: share(multivariate),
  };
}

const NO_TIME = { days: [], importance: {} };

/**
 * Windows of `rows` rows against a baseline of a million rows that is drawn anew for each, so that its own chance counts too. Null
 * distributions are kept by the window's size: they depend on the baseline's shares, which hardly differ between draws.
 */
export function againstFreshBaselines(rows: number, drift: Drift, windows: number, random: Random): Rates {
  const cache: NullCache = new Map();
  const settings = settingsFor(1);
  return ratesOf(windows, () => {
    const baseline: Baseline = { profile: drawProfile(BASELINE_ROWS, {}, random), ...NO_TIME };
    const window: Profile = drawProfile(rows, drift, random);
    return compareProfiles(baseline, window, settings, 1, { cache, intervals: false });
  });
}
