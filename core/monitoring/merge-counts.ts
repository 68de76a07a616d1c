import type { CaptureCounts, WindowCounts } from '../../contracts/window.ts';
import { mergeProfiles } from '../profile/merge.ts';
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
  };
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
