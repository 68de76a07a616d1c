import { hash } from 'node:crypto';

/** The first 64 bits of the SHA-256 of an id, as two numbers of 32 bits. */
export type IdHalves = readonly [number, number];

/** Ids by the first 64 bits of their SHA-256: at most 32 bytes an id, whatever its length. */
export interface IdSet {
  readonly add: (id: IdHalves) => void;
  /** True for every id that was added; of a million others for one in 18 million million. */
  readonly has: (id: IdHalves) => boolean;
  readonly size: () => number;
}

/** An empty set of ids. */
export function idSet(): IdSet {
  let slots = new Uint32Array(2 * 1024);
  let count = 0;
  const place = (table: Uint32Array, low: number, high: number): number => {
    const mask = table.length / 2 - 1;
    let slot = low & mask;
    while (!isFree(table, slot) && !(table[2 * slot] === low && table[2 * slot + 1] === high)) slot = (slot + 1) & mask;
    return slot;
  };
  const grow = () => {
    const larger = new Uint32Array(2 * slots.length);
    for (let slot = 0; slot < slots.length / 2; slot++) {
      if (isFree(slots, slot)) continue;
      const [low, high] = [slots[2 * slot] ?? 0, slots[2 * slot + 1] ?? 0];
      const at = place(larger, low, high);
      larger[2 * at] = low;
      larger[2 * at + 1] = high;
    }
    slots = larger;
  };
  return {
    add: ([low, high]) => {
      const slot = place(slots, low, high);
      if (!isFree(slots, slot)) return;
      slots[2 * slot] = low;
      slots[2 * slot + 1] = high;
      count += 1;
      if (4 * count > slots.length) grow();
    },
    has: ([low, high]) => !isFree(slots, place(slots, low, high)),
    size: () => count,
  };
}

/** The part, from 0 to `parts - 1`, that an id falls into. */
export const partOf = ([, high]: IdHalves, parts: number): number => high % parts;

/** Zeros stand for a free slot. */
const isFree = (table: Uint32Array, slot: number): boolean => table[2 * slot + 1] === 0;

/** The halves of an id; the second is never zero. */
export function halvesOf(id: string): IdHalves {
  const digest = hash('sha256', id, 'buffer');
  return [digest.readUInt32LE(0), digest.readUInt32LE(4) || 1];
}
