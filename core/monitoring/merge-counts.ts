import type { FileCounts, VersionCounts, WindowCounts } from '../../contracts/window.ts';
import { mergeProfiles } from '../profile/merge.ts';
import { mergeQualityWindows } from '../quality/quality-window.ts';
import { restoreQualityWindow, storeQualityWindow } from '../quality/stored-window.ts';
import { mergeIds } from './id-index.ts';

/** Bad records kept in a report; the rest is only counted. */
export const KEPT_BAD_RECORDS = 20;

/** What was counted in the files of both: counts exactly, sums of values as exactly as addition is. */
export function mergeCounts(a: WindowCounts, b: WindowCounts): WindowCounts {
  return {
    captured: mergeCaptured(a.captured, b.captured),
    badRecords: [...a.badRecords, ...b.badRecords].slice(0, KEPT_BAD_RECORDS),
    versions: mergeVersions(a.versions, b.versions),
    ids: mergeIds(a.ids, b.ids),
    labels: {
      distinct: a.labels.distinct + b.labels.distinct,
      repeated: a.labels.repeated + b.labels.repeated,
      contradicting: a.labels.contradicting + b.labels.contradicting,
      matched: a.labels.matched + b.labels.matched,
    },
  };
}

function mergeVersions(a: readonly VersionCounts[], b: readonly VersionCounts[]): VersionCounts[] {
  const merged = new Map(a.map((version) => [version.packageArn, version]));
  for (const version of b) {
    const known = merged.get(version.packageArn);
    merged.set(version.packageArn, known === undefined ? version : mergeVersion(known, version));
  }
  return [...merged.values()].sort((x, y) => (x.packageArn < y.packageArn ? -1 : 1));
}

function mergeVersion(a: VersionCounts, b: VersionCounts): VersionCounts {
  return {
    packageArn: a.packageArn,
    runId: a.runId,
    rows: a.rows + b.rows,
    explained: a.explained + b.explained,
    lastAt: a.lastAt > b.lastAt ? a.lastAt : b.lastAt,
    profile: a.profile === null || b.profile === null ? null : mergeProfiles(a.profile, b.profile),
    quality: mergeQuality(a.quality, b.quality),
  };
}

function mergeQuality(a: VersionCounts['quality'], b: VersionCounts['quality']): VersionCounts['quality'] {
  if (a === null || b === null) return null;
  return storeQualityWindow(mergeQualityWindows(restoreQualityWindow(a), restoreQualityWindow(b)));
}

function mergeCaptured(a: FileCounts, b: FileCounts): FileCounts {
  return {
    files: a.files + b.files,
    requests: a.requests + b.requests,
    rows: a.rows + b.rows,
    explained: a.explained + b.explained,
    smokeTests: a.smokeTests + b.smokeTests,
    bad: a.bad + b.bad,
    partial: a.partial + b.partial,
  };
}
