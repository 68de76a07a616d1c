import type { Profile } from '../../../contracts/profile.ts';
import { watchedOver } from '../../profile/profile-rows.ts';
import type { WatchedModel } from '../../profile/watched.ts';
import type { BadRecord } from '../decode-record.ts';
import { batchProfiler } from './batch-profiler.ts';
import { type CaptureTaker, type CaptureTotals, captureReader } from './capture-reader.ts';

/** How captured requests are chosen. */
export interface CaptureSelection extends Pick<CaptureTaker, 'counts'> {
  /** Whether scores of the model package count; null where the answer names none. Left out: all do. */
  readonly scored?: (modelPackage: string | null) => boolean;
}

/** What a stream of capture lines holds. */
export interface ProfiledCapture extends CaptureTotals {
  readonly profile: Profile;
  /** The first twenty bad records. */
  readonly badRecords: readonly BadRecord[];
}

/** Capture lines being profiled, as bytes that may end anywhere. */
export interface CaptureProfiler {
  readonly add: (chunk: Uint8Array) => void;
  /** Ends the stream; the last line needs no newline. */
  readonly end: () => ProfiledCapture;
}

const KEPT_BAD_RECORDS = 20;

/**
 * Profiles captured requests over the bins of a baseline: the profile that `profileRows` gives of the rows that `decodeRecord` reads.
 * @param columns names the values of CSV rows and of arrays, in order
 */
export function captureProfiler(
  baseline: Profile,
  model: WatchedModel,
  columns: readonly string[],
  { counts, scored = () => true }: CaptureSelection = {},
): CaptureProfiler {
  const profiler = batchProfiler(baseline, model);
  const badRecords: BadRecord[] = [];
  const { add, end } = captureReader(columns, watchedOver(baseline, model), {
    ...(counts === undefined ? {} : { counts }),
    take: (batch) => profiler.add(batch, scored(batch.modelPackage)),
    bad: (record) => {
      if (badRecords.length < KEPT_BAD_RECORDS) badRecords.push(record);
    },
  });
  return { add, end: () => ({ ...end(), badRecords, profile: profiler.profile() }) };
}
