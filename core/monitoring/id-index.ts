import { hash } from 'node:crypto';

/**
 * Which inference ids a window holds, at eight bytes an id: the first 64 bits of SHA-256. Among a million ids and a million labels
 * the chance of a single mistake is 5e-8.
 */

/** More ids than this are not kept: labels of such windows must say when their prediction was made. */
export const MOST_IDS = 5_000_000;

/** The hash an id is found by. */
export const idHash = (id: string): bigint => hash('sha256', id, 'buffer').readBigUInt64LE(0);

/** Collects the ids of a window. */
export interface IdCollector {
  add(id: string): void;
  /** The index as base64; null when there were too many ids. */
  index(): string | null;
}

/** An empty collector; its memory grows with the ids, up to 40 MB. */
export function idCollector(): IdCollector {
  let hashes = new BigUint64Array(1024);
  let count = 0;
  return {
    add: (id) => {
      if (count > MOST_IDS) return;
      if (count === hashes.length) {
        const larger = new BigUint64Array(2 * count);
        larger.set(hashes);
        hashes = larger;
      }
      hashes[count] = idHash(id);
      count += 1;
    },
    index: () => (count > MOST_IDS ? null : encode(hashes.slice(0, count))),
  };
}

/** The index of both windows' ids; null when one is, or when both together hold too many. */
export function mergeIds(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return null;
  const [left, right] = [decodeIds(Buffer.from(a, 'base64')), decodeIds(Buffer.from(b, 'base64'))];
  if (left.length + right.length > MOST_IDS) return null;
  const both = new BigUint64Array(left.length + right.length);
  both.set(left);
  both.set(right, left.length);
  return encode(both);
}

/** The sorted hashes of a stored index. */
export function decodeIds(bytes: Uint8Array): BigUint64Array {
  return new BigUint64Array(Uint8Array.from(bytes).buffer, 0, Math.floor(bytes.length / 8));
}

/** Whether an index holds a hash: binary search. */
export function holdsId(sorted: BigUint64Array, hash: bigint): boolean {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0n) < hash) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === hash;
}

/** Sorted, each hash once, so that the index of the whole is that of its merged parts. */
function encode(hashes: BigUint64Array): string {
  hashes.sort();
  const once = hashes.filter((hash, index) => index === 0 || hash !== hashes[index - 1]);
  return Buffer.from(once.buffer, once.byteOffset, once.byteLength).toString('base64');
}
