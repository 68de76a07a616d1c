const MEBIBYTE = 1024 ** 2;

/**
 * Capture files of at most this many bytes are read by one invocation. Measured, quality counts and id index included: 120 MB of single-row
 * JSON requests with explanations a CPU second (x86-64, 4 features, a busy machine; row by row it were 44), hence 70 MB/s on the 0.58 vCPU of
 * 1,024 MB and 63 GB in 15 minutes. A thirtieth of that leaves room for wider rows, slow reads and labels, and keeps the verdict within
 * a minute. Memory follows the ids: of 2 GiB with 3.1 million requests 0.6 GB.
 */
export const WHOLE_BYTES = 2048 * MEBIBYTE;

/** About the size of a shard: some eight seconds of reading at the measured speed. */
export const SHARD_BYTES = 512 * MEBIBYTE;

/** Label files of at most this many bytes are held as a whole, at about as many bytes; beyond that only the labels of the ids that are counted. */
export const HELD_LABEL_BYTES = 64 * MEBIBYTE;
