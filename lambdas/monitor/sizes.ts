const MEBIBYTE = 1024 ** 2;

/**
 * Capture files of at most this many bytes are read by one invocation. Measured: 49 MB of single-row JSON requests with explanations
 * a CPU second (x86-64, 4 features), 28 MB/s on the 0.58 vCPU of 1,024 MB; 15 minutes would read 25 GB. A twelfth of that leaves room
 * for wider rows, quality counts and slow reads, and keeps the verdict within two minutes of the first read.
 */
export const WHOLE_BYTES = 2048 * MEBIBYTE;

/** About the size of a shard: twenty seconds of reading at the measured speed, a tenth of the time limit when it is five times slower. */
export const SHARD_BYTES = 512 * MEBIBYTE;
