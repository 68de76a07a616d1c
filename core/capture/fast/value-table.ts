const FIRST_SLOTS = 256;
const FIRST_ARENA_BYTES = 4096;
const HASH_START = 0x811c9dc5;
const HASH_FACTOR = 0x01000193;

/**
 * Different values of a column, found by their bytes: a text is made once per value, not once per row. Open addressing; keys are compared
 * byte by byte. Plain data and functions over it, because calls of closures cost more here than the work they do.
 */
export interface ValueTable {
  /** Places by hash; −1 is free. */
  slots: Int32Array;
  /** UTF-8 of all values, one after the other. */
  arena: Uint8Array;
  /** Where each value ends in the arena. */
  ends: Int32Array;
  hashes: Int32Array;
  /** Number of different values. */
  size: number;
}

/** An empty table. */
export function valueTable(): ValueTable {
  return {
    slots: new Int32Array(FIRST_SLOTS).fill(-1),
    arena: new Uint8Array(FIRST_ARENA_BYTES),
    ends: new Int32Array(FIRST_SLOTS),
    hashes: new Int32Array(FIRST_SLOTS),
    size: 0,
  };
}

/** The place of the value in `bytes[from..to)`, which is added if it is new. */
export function placeOf(table: ValueTable, bytes: Uint8Array, from: number, to: number): number {
  let hash = HASH_START;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), HASH_FACTOR);
  hash ^= hash >>> 15;
  const { slots, hashes } = table;
  const mask = slots.length - 1;
  let slot = hash & mask;
  for (let place = slots[slot] ?? -1; place >= 0; place = slots[slot] ?? -1) {
    if (hashes[place] === hash && holds(table, place, bytes, from, to)) return place;
    slot = (slot + 1) & mask;
  }
  return add(table, hash, bytes.subarray(from, to));
}

/** The place of a text. */
export function placeOfText(table: ValueTable, text: string): number {
  const bytes = Buffer.from(text, 'utf8');
  return placeOf(table, bytes, 0, bytes.length);
}

/** The text at a place. */
export function textAt(table: ValueTable, place: number): string {
  return Buffer.from(table.arena.subarray(startOf(table, place), table.ends[place] ?? 0)).toString('utf8');
}

function startOf({ ends }: ValueTable, place: number): number {
  return place === 0 ? 0 : (ends[place - 1] ?? 0);
}

function holds(table: ValueTable, place: number, bytes: Uint8Array, from: number, to: number): boolean {
  const { arena, ends } = table;
  const start = startOf(table, place);
  if ((ends[place] ?? 0) - start !== to - from) return false;
  for (let i = from; i < to; i++) if (bytes[i] !== arena[start + i - from]) return false;
  return true;
}

function add(table: ValueTable, hash: number, value: Uint8Array): number {
  const place = table.size;
  const start = startOf(table, place);
  const end = start + value.length;
  if (end > table.arena.length) table.arena = grown(table.arena, new Uint8Array(2 * end));
  if (place === table.ends.length) {
    table.ends = grown(table.ends, new Int32Array(2 * place));
    table.hashes = grown(table.hashes, new Int32Array(2 * place));
  }
  table.arena.set(value, start);
  table.ends[place] = end;
  table.hashes[place] = hash;
  table.size += 1;
  if (2 * table.size > table.slots.length) {
    table.slots = new Int32Array(2 * table.slots.length).fill(-1);
    for (let known = 0; known < table.size; known++) settle(table, known);
  } else settle(table, place);
  return place;
}

function settle({ slots, hashes }: ValueTable, place: number): void {
  const mask = slots.length - 1;
  let slot = (hashes[place] ?? 0) & mask;
  while ((slots[slot] ?? -1) >= 0) slot = (slot + 1) & mask;
  slots[slot] = place;
}

function grown<T extends Int32Array | Uint8Array>(held: T, larger: T): T {
  larger.set(held);
  return larger;
}
