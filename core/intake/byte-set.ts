/** A set of texts that is asked with bytes, so that no text has to be made of them. */
export interface ByteSet {
  /** The number of the text, in the order they were given; -1 when it is none of them. */
  indexOf(bytes: Uint8Array, start: number, end: number): number;
  /** The same where the hash of the bytes is known: `hashByte` of each after the other, from `HASH_START` on. */
  indexOfHashed(hash: number, bytes: Uint8Array, start: number, end: number): number;
}

/** What a hash of bytes begins with (FNV-1a). */
export const HASH_START = 0x811c9dc5 | 0;

/** A hash with one more byte. */
export function hashByte(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, 0x01000193);
}

/** The set of these texts in UTF-8: an open-addressed table, at most half full. */
export function byteSet(texts: readonly string[]): ByteSet {
  const size = 2 ** Math.ceil(Math.log2(2 * texts.length + 2));
  const known = texts.map((text) => Buffer.from(text, 'utf8'));
  const table = new Int32Array(size).fill(-1);
  const slotOf = (hash: number) => (hash ^ (hash >>> 15)) & (size - 1);
  for (const [index, bytes] of known.entries()) {
    let slot = slotOf(bytes.reduce(hashByte, HASH_START));
    while (table[slot] !== -1) slot = (slot + 1) & (size - 1);
    table[slot] = index;
  }
  const indexOfHashed = (hash: number, bytes: Uint8Array, start: number, end: number): number => {
    for (let slot = slotOf(hash); ; slot = (slot + 1) & (size - 1)) {
      const index = table[slot] ?? -1;
      const text = index === -1 ? undefined : known[index];
      if (text === undefined) return -1;
      if (equal(text, bytes, start, end)) return index;
    }
  };
  return {
    indexOfHashed,
    indexOf: (bytes, start, end) => {
      let hash = HASH_START;
      for (let at = start; at < end; at++) hash = hashByte(hash, bytes[at] ?? 0);
      return indexOfHashed(hash, bytes, start, end);
    },
  };
}

function equal(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let at = 0; at < known.length; at++) if (known[at] !== bytes[start + at]) return false;
  return true;
}
