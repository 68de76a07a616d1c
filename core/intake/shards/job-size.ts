import { INTAKE_JOB_INSTANCE_TYPE, MOST_INTAKE_JOB_SECONDS } from '../../../contracts/intake-job.ts';

/** What a processing job gets to take an upload in. */
export interface JobSize {
  readonly instanceType: string;
  readonly volumeGigabytes: number;
  /** After so many seconds it is stopped. */
  readonly maxSeconds: number;
}

/** What compressed data is taken to unpack to; a text of numbers and words comes to five or six. */
const UNPACKED_RATIO = 10;
/** The content is never whole on the disk, but its Parquet, twice when repeated rows are taken out, and what the database spills. */
const DISK_RATIO = 2;
const SPARE_GIGABYTES = 20;
/** A tenth of what was measured, in bytes a second: a slower machine, rows that are all wrong. */
const SLOWEST_BYTES = 2_000_000;
const SPARE_SECONDS = 1800;
const MOST_GIGABYTES = 16_384;

/** Disk and time for an upload of so many bytes, of which so many are compressed. */
export function jobSize(bytes: number, packedBytes: number): JobSize {
  const content = bytes + packedBytes * (UNPACKED_RATIO - 1);
  const disk = bytes + content * DISK_RATIO;
  return {
    instanceType: INTAKE_JOB_INSTANCE_TYPE,
    volumeGigabytes: Math.min(MOST_GIGABYTES, SPARE_GIGABYTES + Math.ceil(disk / 2 ** 30)),
    maxSeconds: Math.min(MOST_INTAKE_JOB_SECONDS, SPARE_SECONDS + Math.ceil(content / SLOWEST_BYTES)),
  };
}
