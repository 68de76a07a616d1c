/** A set of texts that is asked with bytes, so that no text has to be made of them. */
export interface ByteSet {
  has(bytes: Uint8Array, start: number, end: number): boolean;
}

/** The set of these texts in UTF-8: an open-addressed table, at most half full, by FNV-1a hash. */
export function byteSet(texts: readonly string[]): ByteSet {
  const size = 2 ** Math.ceil(Math.log2(2 * texts.length + 2));
  const table: (Buffer | undefined)[] = Array.from({ length: size }, () => undefined);
  const hash = (bytes: Uint8Array, start: number, end: number): number => {
    let bits = 0x811c9dc5;
    for (let at = start; at < end; at++) bits = Math.imul(bits ^ (bytes[at] ?? 0), 0x01000193);
    return (bits ^ (bits >>> 15)) & (size - 1);
  };
  for (const text of texts) {
    const bytes = Buffer.from(text, 'utf8');
    let place = hash(bytes, 0, bytes.length);
    while (table[place] !== undefined) place = (place + 1) & (size - 1);
    table[place] = bytes;
  }
  return {
    has: (bytes, start, end) => {
      for (let place = hash(bytes, start, end); ; place = (place + 1) & (size - 1)) {
        const known = table[place];
        if (known === undefined) return false;
        if (equal(known, bytes, start, end)) return true;
      }
    },
  };
}

function equal(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let at = 0; at < known.length; at++) if (known[at] !== bytes[start + at]) return false;
  return true;
}
