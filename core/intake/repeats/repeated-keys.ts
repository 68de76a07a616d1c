import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/** Finds keys that come more than once, among any number of them: in memory while they are few, in partitions on disk beyond. */
export interface RepeatedKeys {
  /** Adds the key of 64 bits at a place; places come in increasing order, below 2^32. */
  add(low: number, high: number, place: number): void;
  /** The places whose key comes more than once, in order; null when they are more than are told. */
  finish(): readonly number[] | null;
  /** Stops without an answer. */
  abandon(): void;
}

/** Keys in memory at most (12 bytes each); what is more lies on disk, in so many partitions, each of which is looked at by itself. */
const KEYS_IN_MEMORY = 1 << 20;
const PARTITIONS = 256;
/** More repeats are not told one by one. */
export const MOST_TOLD = 100_000;
/** Low, high, place. */
const WORDS = 3;

interface Partition {
  words: Int32Array<ArrayBuffer>;
  length: number;
  /** Where parts of it lie in the file, and their words. */
  readonly extents: { readonly offset: number; readonly length: number }[];
}

/** An empty search; `path` is written only when there are more than so many keys: 12 bytes of disk a key. */
export function repeatedKeys(path: string, keysInMemory = KEYS_IN_MEMORY): RepeatedKeys {
  const partitions = Array.from(
    { length: PARTITIONS },
    (): Partition => ({ words: new Int32Array(0), length: 0, extents: [] }),
  );
  let [held, file, offset] = [0, -1, 0];

  const spill = (): void => {
    if (file === -1) file = openSync(path, 'w+');
    for (const partition of partitions) {
      const bytes = new Uint8Array(partition.words.buffer, 0, partition.length * 4);
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at, offset + at);
      if (bytes.length > 0) partition.extents.push({ offset, length: partition.length });
      offset += bytes.length;
      partition.length = 0;
    }
    held = 0;
  };

  const close = (): void => {
    if (file !== -1) closeSync(file);
    file = -1;
  };

  return {
    abandon: close,
    add: (low, high, place) => {
      const partition = partitions[high >>> 24];
      if (partition === undefined) return;
      if (partition.length + WORDS > partition.words.length) partition.words = larger(partition.words);
      const { words, length } = partition;
      words[length] = low;
      words[length + 1] = high;
      words[length + 2] = place;
      partition.length = length + WORDS;
      if (++held >= keysInMemory) spill();
    },
    finish: () => {
      const told = new Set<number>();
      for (const partition of partitions) {
        if (told.size <= MOST_TOLD) repeatsOf(gathered(partition, file), told);
        partition.words = new Int32Array(0);
      }
      close();
      return told.size > MOST_TOLD ? null : [...told].sort((a, b) => a - b);
    },
  };
}

function larger(words: Int32Array): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(Math.max(WORDS * 256, 2 * words.length));
  grown.set(words);
  return grown;
}

/** A partition in one piece, what lies on disk first. */
function gathered({ words, length, extents }: Partition, file: number): Int32Array {
  if (extents.length === 0) return words.subarray(0, length);
  const spilled = extents.reduce((sum, extent) => sum + extent.length, 0);
  const whole = new Int32Array(spilled + length);
  const bytes = new Uint8Array(whole.buffer);
  let at = 0;
  for (const { offset, length: words } of extents) {
    for (let read = 0; read < words * 4; ) read += readSync(file, bytes, at + read, words * 4 - read, offset + read);
    at += words * 4;
  }
  whole.set(words.subarray(0, length), spilled);
  return whole;
}

/** Adds the places of keys that come again, with that of the first, by an open-addressed table at most half full. */
function repeatsOf(words: Int32Array, told: Set<number>): void {
  const size = 2 ** Math.ceil(Math.log2((2 * words.length) / WORDS + 2));
  const table = new Int32Array(size).fill(-1);
  for (let at = 0; at < words.length && told.size <= MOST_TOLD; at += WORDS) {
    const [low, high] = [words[at] ?? 0, words[at + 1] ?? 0];
    for (let slot = Math.imul(low ^ high, 0x9e3779b1) >>> 7; ; slot++) {
      const known = table[slot & (size - 1)] ?? -1;
      if (known === -1) {
        table[slot & (size - 1)] = at;
        break;
      }
      if (words[known] !== low || words[known + 1] !== high) continue;
      told.add((words[known + 2] ?? 0) >>> 0);
      told.add((words[at + 2] ?? 0) >>> 0);
      break;
    }
  }
}
