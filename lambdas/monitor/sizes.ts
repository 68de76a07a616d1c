const MEBIBYTE = 1024 ** 2;

/**
 * Capture files of at most this many bytes are read by one invocation. Measured, quality counts and id index included: 33 MB of single-row
 * JSON requests with explanations a CPU second (x86-64, 4 features, a busy machine), hence 19 MB/s on the 0.58 vCPU of 1,024 MB and
 * 17 GB in 15 minutes. An eighth of that leaves room for wider rows and slow reads, and keeps the verdict within two minutes.
 */
export const WHOLE_BYTES = 2048 * MEBIBYTE;

/** About the size of a shard: half a minute of reading at the measured speed. */
export const SHARD_BYTES = 512 * MEBIBYTE;
