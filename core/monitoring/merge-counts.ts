import type { CaptureCounts, WindowCounts } from '../../contracts/window.ts';
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
    profile: mergeProfiles(a.profile, b.profile),
    ids: mergeIds(a.ids, b.ids),
    quality: mergeQuality(a.quality, b.quality),
    labels: { ...a.labels, matched: a.labels.matched + b.labels.matched },
  };
}

function mergeQuality(a: WindowCounts['quality'], b: WindowCounts['quality']): WindowCounts['quality'] {
  if (a === null || b === null) return null;
  return storeQualityWindow(mergeQualityWindows(restoreQualityWindow(a), restoreQualityWindow(b)));
}

function mergeCaptured(a: CaptureCounts, b: CaptureCounts): CaptureCounts {
  return {
    files: a.files + b.files,
    requests: a.requests + b.requests,
    rows: a.rows + b.rows,
    explained: a.explained + b.explained,
    otherModel: a.otherModel + b.otherModel,
    smokeTests: a.smokeTests + b.smokeTests,
    bad: a.bad + b.bad,
    partial: a.partial + b.partial,
  };
}
