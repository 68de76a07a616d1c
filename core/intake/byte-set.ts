/** A set of texts that is asked with bytes, so that no text has to be made of them. */
export interface ByteSet {
  /** The number of the text, in the order they were given; -1 when it is none of them. */
  indexOf(bytes: Uint8Array, start: number, end: number): number;
}

/** The set of these texts in UTF-8: an open-addressed table, at most half full, by FNV-1a hash. */
export function byteSet(texts: readonly string[]): ByteSet {
  const size = 2 ** Math.ceil(Math.log2(2 * texts.length + 2));
  const known = texts.map((text) => Buffer.from(text, 'utf8'));
  const table = new Int32Array(size).fill(-1);
  const hash = (bytes: Uint8Array, start: number, end: number): number => {
    let bits = 0x811c9dc5;
    for (let at = start; at < end; at++) bits = Math.imul(bits ^ (bytes[at] ?? 0), 0x01000193);
    return (bits ^ (bits >>> 15)) & (size - 1);
  };
  for (const [index, bytes] of known.entries()) {
    let place = hash(bytes, 0, bytes.length);
    while (table[place] !== -1) place = (place + 1) & (size - 1);
    table[place] = index;
  }
  return {
    indexOf: (bytes, start, end) => {
      for (let place = hash(bytes, start, end); ; place = (place + 1) & (size - 1)) {
        const index = table[place] ?? -1;
        const text = index === -1 ? undefined : known[index];
        if (text === undefined) return -1;
        if (equal(text, bytes, start, end)) return index;
      }
    },
  };
}

function equal(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let at = 0; at < known.length; at++) if (known[at] !== bytes[start + at]) return false;
  return true;
}
