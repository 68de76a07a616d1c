const FIRST_SLOTS = 256;
const FIRST_ARENA_BYTES = 4096;
const HASH_START = 0x811c9dc5;
const HASH_FACTOR = 0x01000193;
const QUOTE = 34;
const BACKSLASH = 92;
const FIRST_PRINTABLE = 32;
/** Bytes of a value that its two words hold. */
export const SHORT_BYTES = 8;
/** First word, second word, and place + 1 of a short value; 0 is a free slot. */
const FIELDS = 4;

/**
 * Different values of a column, found by their bytes: a text is made once per value, not once per row. Short values are their two words and
 * are found by comparing these; longer ones by a hash, then byte by byte. Values with quotes, backslashes or control characters, which
 * bytes of a line may spell in more than one way, are kept apart. Plain data and functions over it, because calls of closures cost more
 * here than the work they do.
 */
export interface ValueTable {
  short: Int32Array;
  shortSize: number;
  /** Places of longer values by hash; −1 is free. */
  slots: Int32Array;
  longSize: number;
  readonly odd: Map<string, number>;
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
    short: new Int32Array(FIELDS * FIRST_SLOTS),
    shortSize: 0,
    slots: new Int32Array(FIRST_SLOTS).fill(-1),
    longSize: 0,
    odd: new Map(),
    arena: new Uint8Array(FIRST_ARENA_BYTES),
    ends: new Int32Array(FIRST_SLOTS),
    hashes: new Int32Array(FIRST_SLOTS),
    size: 0,
  };
}

/** The place of the value in `bytes[from..to)`, which is added if it is new. */
export function placeOf(table: ValueTable, bytes: Uint8Array, from: number, to: number): number {
  if (!isPlain(bytes, from, to)) return placeOfOdd(table, bytes.subarray(from, to));
  if (to - from > SHORT_BYTES) return placeOfLong(table, bytes, from, to);
  let [first, second] = [0, 0];
  for (let i = from; i < to; i++)
    if (i - from < 4) first |= (bytes[i] ?? 0) << ((i - from) << 3);
    else second |= (bytes[i] ?? 0) << ((i - from - 4) << 3);
  const place = placeOfShort(table, first, second);
  return place >= 0 ? place : addShort(table, first, second, bytes.subarray(from, to));
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

/** The place of a plain value of at most eight bytes, given as two words with zeros behind it; −1 when it is new. */
export function placeOfShort({ short }: ValueTable, first: number, second: number): number {
  const mask = short.length - FIELDS;
  let at = hashOfWords(first, second) & mask;
  for (let held = short[at + 2] ?? 0; held !== 0; held = short[at + 2] ?? 0) {
    if (short[at] === first && short[at + 1] === second) return held - 1;
    at = (at + FIELDS) & mask;
  }
  return -1;
}

/** A place in `short` before it is cut to its length: the lowest two bits are none of it. */
function hashOfWords(first: number, second: number): number {
  const mixed = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) << 2;
}

function placeOfLong(table: ValueTable, bytes: Uint8Array, from: number, to: number): number {
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
  return addLong(table, hash, bytes.subarray(from, to));
}

function placeOfOdd(table: ValueTable, value: Uint8Array): number {
  const text = Buffer.from(value).toString('latin1');
  const known = table.odd.get(text);
  if (known !== undefined) return known;
  const place = append(table, value);
  table.odd.set(text, place);
  return place;
}

function isPlain(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const byte = bytes[i] ?? 0;
    if (byte < FIRST_PRINTABLE || byte === QUOTE || byte === BACKSLASH) return false;
  }
  return true;
}

function startOf({ ends }: ValueTable, place: number): number {
  return place === 0 ? 0 : (ends[place - 1] ?? 0);
}

function holds(table: ValueTable, place: number, bytes: Uint8Array, from: number, to: number): boolean {
  const { arena } = table;
  const start = startOf(table, place);
  if ((table.ends[place] ?? 0) - start !== to - from) return false;
  for (let i = from; i < to; i++) if (bytes[i] !== arena[start + i - from]) return false;
  return true;
}

function addShort(table: ValueTable, first: number, second: number, value: Uint8Array): number {
  const place = append(table, value);
  table.shortSize += 1;
  if (2 * FIELDS * table.shortSize > table.short.length) {
    const held = table.short;
    table.short = new Int32Array(2 * held.length);
    for (let at = 0; at < held.length; at += FIELDS)
      if (held[at + 2] !== 0) settleShort(table.short, held[at] ?? 0, held[at + 1] ?? 0, held[at + 2] ?? 0);
  }
  settleShort(table.short, first, second, place + 1);
  return place;
}

function settleShort(short: Int32Array, first: number, second: number, held: number): void {
  const mask = short.length - FIELDS;
  let at = hashOfWords(first, second) & mask;
  while (short[at + 2] !== 0) at = (at + FIELDS) & mask;
  short[at] = first;
  short[at + 1] = second;
  short[at + 2] = held;
}

function addLong(table: ValueTable, hash: number, value: Uint8Array): number {
  const place = append(table, value);
  table.hashes[place] = hash;
  table.longSize += 1;
  if (2 * table.longSize > table.slots.length) {
    const held = table.slots;
    table.slots = new Int32Array(2 * held.length).fill(-1);
    for (const known of held) if (known >= 0) settleLong(table, known);
  }
  settleLong(table, place);
  return place;
}

function settleLong({ slots, hashes }: ValueTable, place: number): void {
  const mask = slots.length - 1;
  let slot = (hashes[place] ?? 0) & mask;
  while ((slots[slot] ?? -1) >= 0) slot = (slot + 1) & mask;
  slots[slot] = place;
}

function append(table: ValueTable, value: Uint8Array): number {
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
  table.size += 1;
  return place;
}

function grown<T extends Int32Array | Uint8Array>(held: T, larger: T): T {
  larger.set(held);
  return larger;
}
