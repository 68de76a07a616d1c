import { DEFAULT_LIMITS, type ReadLimits } from '../../core/intake/read/row-sink.ts';

/**
 * Bytes of an upload that one invocation takes, and bytes of content: in its quarter of an hour it reads so much even where every row is
 * wrong. Its disk holds the upload, its Parquet, the rows set aside, and what the database spills.
 */
export const MOST_UPLOAD_BYTES = 1.25 * 2 ** 30;

/** Content after decompression has the same place to go to; it is counted while it streams. */
export const INTAKE_LIMITS: ReadLimits = { ...DEFAULT_LIMITS, maxBytes: MOST_UPLOAD_BYTES };

/** Whether a failure says that there is no room on the disk, by Node or by DuckDB. */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && error.code === 'ENOSPC') return true;
  return /no space left on device|max_temp_directory_size|failed to offload/i.test(error.message);
}
