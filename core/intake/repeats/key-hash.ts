import type { ColumnBuffer } from '../column-buffer.ts';

/** Hashes of 64 bits of many rows, as two lanes of 32. */
export interface Lanes {
  readonly low: Int32Array;
  readonly high: Int32Array;
}

const [LOW_SEED, HIGH_SEED] = [0x9747b28c | 0, 0x3c6ef372];
/** What a missing value adds: no value of a column adds the same but by chance. */
const MISSING = 0x2545f491;

/** Lanes for so many rows, to be begun. */
export const lanes = (rows: number): Lanes => ({ low: new Int32Array(rows), high: new Int32Array(rows) });

/** Begins new hashes of so many rows. */
export function beginHashes({ low, high }: Lanes, rows: number): void {
  low.fill(LOW_SEED, 0, rows);
  high.fill(HIGH_SEED, 0, rows);
}

/** Adds the value that each row has in a column to the row's hash: equal rows have equal hashes. */
export function addColumn(column: ColumnBuffer, into: Lanes, rows: number): void {
  const { type, present, halves, codes, dictionary } = column;
  if (type === 'VARCHAR' && dictionary === undefined) {
    for (let row = 0; row < rows; row++)
      if (present[row] === 1) addText(column, row, into);
      else addWord(into, row, MISSING);
    return;
  }
  for (let row = 0; row < rows; row++) {
    if (present[row] !== 1) addWord(into, row, MISSING);
    else if (type === 'VARCHAR') addWord(into, row, codes[row] ?? 0);
    else if (type === 'BOOLEAN') addWord(into, row, column.truth(row) ? 1 : 0);
    else {
      addWord(into, row, halves[2 * row] ?? 0);
      addWord(into, row, halves[2 * row + 1] ?? 0);
    }
  }
}

function addText(column: ColumnBuffer, row: number, into: Lanes): void {
  const bytes = column.textBytes();
  const end = column.textEnd(row);
  let at = column.textStart(row);
  addWord(into, row, end - at);
  for (; at + 4 <= end; at += 4)
    addWord(
      into,
      row,
      (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24),
    );
  let rest = 0;
  for (; at < end; at++) rest = (rest << 8) | (bytes[at] ?? 0);
  addWord(into, row, rest);
}

/** One step of MurmurHash3 (Appleby 2011, public domain) in each lane, with the constants in other places. */
function addWord({ low, high }: Lanes, row: number, word: number): void {
  let mixed = Math.imul(word, 0xcc9e2d51);
  mixed = Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593) ^ (low[row] ?? 0);
  low[row] = Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64;
  mixed = Math.imul(word ^ 0x5bd1e995, 0x85ebca6b);
  mixed = Math.imul((mixed << 16) | (mixed >>> 16), 0xc2b2ae35) ^ (high[row] ?? 0);
  high[row] = Math.imul((mixed << 14) | (mixed >>> 18), 9) + 0x38b34ae5;
}
