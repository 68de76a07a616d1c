/** Different values of a column, found by their bytes: a text is made once per value, not once per row. */
export interface ValueTable {
  /** The place of the value in `bytes[from..to)`, UTF-8. */
  readonly placeOf: (bytes: Uint8Array, from: number, to: number) => number;
  readonly placeOfText: (text: string) => number;
  /** Number of different values. */
  readonly size: () => number;
  readonly textAt: (place: number) => string;
}

const FIRST_SLOTS = 256;

/** An empty table: open addressing, keys compared byte by byte. */
export function valueTable(): ValueTable {
  let slots = new Int32Array(FIRST_SLOTS).fill(-1);
  let mask = FIRST_SLOTS - 1;
  let arena = new Uint8Array(4096);
  let hashes = new Int32Array(FIRST_SLOTS);
  let ends = new Int32Array(FIRST_SLOTS);
  let size = 0;
  const startOf = (place: number) => (place === 0 ? 0 : (ends[place - 1] ?? 0));

  const holds = (place: number, bytes: Uint8Array, from: number, to: number): boolean => {
    const start = startOf(place);
    if ((ends[place] ?? 0) - start !== to - from) return false;
    for (let i = from; i < to; i++) if (bytes[i] !== arena[start + i - from]) return false;
    return true;
  };

  const add = (hash: number, bytes: Uint8Array, from: number, to: number): number => {
    const start = startOf(size);
    const end = start + to - from;
    if (end > arena.length) arena = grown(arena, new Uint8Array(2 * end));
    if (size === ends.length) {
      ends = grown(ends, new Int32Array(2 * size));
      hashes = grown(hashes, new Int32Array(2 * size));
    }
    arena.set(bytes.subarray(from, to), start);
    ends[size] = end;
    hashes[size] = hash;
    size += 1;
    if (2 * size > slots.length) rehash();
    else settle(size - 1);
    return size - 1;
  };

  const settle = (place: number) => {
    let slot = (hashes[place] ?? 0) & mask;
    while ((slots[slot] ?? -1) >= 0) slot = (slot + 1) & mask;
    slots[slot] = place;
  };

  const rehash = () => {
    slots = new Int32Array(2 * slots.length).fill(-1);
    mask = slots.length - 1;
    for (let place = 0; place < size; place++) settle(place);
  };

  const placeOf = (bytes: Uint8Array, from: number, to: number): number => {
    let hash = 0x811c9dc5;
    for (let i = from; i < to; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
    hash ^= hash >>> 15;
    let slot = hash & mask;
    for (let place = slots[slot] ?? -1; place >= 0; place = slots[slot] ?? -1) {
      if (hashes[place] === hash && holds(place, bytes, from, to)) return place;
      slot = (slot + 1) & mask;
    }
    return add(hash, bytes, from, to);
  };

  return {
    placeOf,
    placeOfText: (text) => {
      const bytes = Buffer.from(text, 'utf8');
      return placeOf(bytes, 0, bytes.length);
    },
    size: () => size,
    textAt: (place) => Buffer.from(arena.subarray(startOf(place), ends[place] ?? 0)).toString('utf8'),
  };
}

function grown<T extends Int32Array | Uint8Array>(held: T, larger: T): T {
  larger.set(held);
  return larger;
}
