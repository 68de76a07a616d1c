import type { DataSchema } from '../../contracts/data-schema.ts';
import type { StoredType } from './normalise/column.ts';
import type { ColumnValues } from './parquet/column-chunk.ts';
import { storedColumns } from './stored-columns.ts';

/**
 * Rows gathered by column until they fill a row group. A row is first set cell by cell, and counts once it is committed: what an
 * uncommitted row set is overwritten by the next.
 */
export interface RowGroup {
  readonly columns: readonly ColumnBuffer[];
  /** Committed rows. */
  rows(): number;
  /** Counts the row that was set, whose line has so many characters. */
  commit(characters: number): void;
  isFull(): boolean;
  /** The values by column, in the order of the schema; they are valid until the next row is set. */
  values(): readonly ColumnValues[];
  /** Forgets all rows. */
  clear(): void;
}

/** Rows of a group at most, and the bytes its buffers may take. */
const MOST_ROWS = 49_152;
const FIXED_BYTES = 32 * 2 ** 20;
const MOST_CHARACTERS = 32 * 2 ** 20;

/** An empty row group for a schema; a group has fewer rows the more columns there are, so that its memory is bounded. */
export function rowGroup(schema: DataSchema): RowGroup {
  const stored = storedColumns(schema);
  const mostRows = Math.max(64, Math.min(MOST_ROWS, Math.floor(FIXED_BYTES / (9 * stored.length))));
  const columns = stored.map(({ name, type }) => new ColumnBuffer(name, type, mostRows));
  let [rows, gathered] = [0, 0];
  return {
    columns,
    rows: () => rows,
    commit: (characters) => {
      for (const column of columns) column.commit();
      rows++;
      gathered += characters;
    },
    isFull: () => rows >= mostRows || gathered > MOST_CHARACTERS,
    values: () => columns.map((column) => column.values(rows)),
    clear: () => {
      [rows, gathered] = [0, 0];
      for (const column of columns) column.clear();
    },
  };
}

/** Values of one column in PLAIN encoding; a class, so that the row loop sees one shape of object. */
export class ColumnBuffer {
  readonly name: string;
  readonly type: StoredType;
  /** The row being set, and how many before it have a value: where `present` and the values are set. */
  row = 0;
  count = 0;
  /** Where the text of the uncommitted row begins and ends. */
  #textFrom = 0;
  #textEnd = 0;
  readonly present: Uint8Array;
  readonly doubles: Float64Array;
  readonly #longs: BigInt64Array;
  readonly halves: Int32Array;
  readonly #truths: Uint8Array;
  #text: Buffer;
  /** Bytes left free before the values, where a page says which rows have one. */
  readonly #room: number;

  constructor(name: string, type: StoredType, mostRows: number) {
    this.name = name;
    this.type = type;
    this.present = new Uint8Array(mostRows);
    this.#room = levelsRoom(mostRows);
    const fixed = new ArrayBuffer(this.#room + (type === 'VARCHAR' || type === 'BOOLEAN' ? 0 : mostRows * 8));
    this.doubles = new Float64Array(fixed, this.#room);
    this.#longs = new BigInt64Array(fixed, this.#room);
    this.halves = new Int32Array(fixed, this.#room);
    this.#truths = new Uint8Array(type === 'BOOLEAN' ? mostRows : 0);
    this.#text = Buffer.alloc(type === 'VARCHAR' ? 1 << 16 : this.#room);
    this.clear();
  }

  setMissing(): void {
    this.present[this.row] = 0;
  }

  setDouble(value: number): void {
    this.present[this.row] = 1;
    this.doubles[this.count] = value;
  }

  /** A whole number that a double holds exactly. */
  setWhole(value: number): void {
    this.present[this.row] = 1;
    this.halves[2 * this.count] = value | 0;
    if (value > 0x7fffffff || value < -0x80000000) {
      const high = Math.floor(value / 4294967296);
      this.halves[2 * this.count] = (value - high * 4294967296) | 0;
      this.halves[2 * this.count + 1] = high;
    } else this.halves[2 * this.count + 1] = value < 0 ? -1 : 0;
  }

  setLong(value: bigint): void {
    this.present[this.row] = 1;
    this.#longs[this.count] = value;
  }

  setTruth(value: boolean): void {
    this.present[this.row] = 1;
    this.#truths[this.count] = value ? 1 : 0;
  }

  setText(text: string): void {
    const length = Buffer.byteLength(text, 'utf8');
    const at = this.#beginText(length);
    this.#text.write(text, at, length, 'utf8');
  }

  /** A text of bytes in UTF-8. */
  setBytes(bytes: Uint8Array, start: number, end: number): void {
    const to = this.#beginText(end - start) - start;
    const text = this.#text;
    for (let at = start; at < end; at++) text[to + at] = bytes[at] ?? 0;
  }

  commit(): void {
    this.count += this.present[this.row] ?? 0;
    if (this.present[this.row] === 1) this.#textFrom = this.#textEnd;
    this.row++;
  }

  clear(): void {
    this.row = 0;
    this.count = 0;
    this.#textFrom = this.#room;
    this.#textEnd = this.#room;
  }

  values(rows: number): ColumnValues {
    const { name, type } = this;
    return {
      name,
      type,
      rows,
      missing: rows - this.count,
      present: this.present,
      page: (levels) => this.#page(levels),
    };
  }

  #beginText(length: number): number {
    this.present[this.row] = 1;
    const at = this.#textFrom;
    const end = at + 4 + length;
    if (end > this.#text.length) {
      const larger = Buffer.alloc(Math.max(2 * this.#text.length, end));
      larger.set(this.#text.subarray(0, at));
      this.#text = larger;
    }
    this.#text[at] = length & 255;
    this.#text[at + 1] = (length >> 8) & 255;
    this.#text[at + 2] = (length >> 16) & 255;
    this.#text[at + 3] = length >>> 24;
    this.#textEnd = end;
    return at + 4;
  }

  #page(levels: Buffer): Buffer {
    if (this.type === 'BOOLEAN') return Buffer.concat([levels, packed(this.#truths, this.count)]);
    const from = this.#room - levels.length;
    const values = this.type === 'VARCHAR' ? this.#text : Buffer.from(this.doubles.buffer);
    values.set(levels, from);
    return values.subarray(from, this.type === 'VARCHAR' ? this.#textFrom : this.#room + 8 * this.count);
  }
}

/** A bit a row, with what is said before them, in whole words. */
const levelsRoom = (mostRows: number) => 8 * Math.ceil(mostRows / 64) + 32;

function packed(truths: Uint8Array, count: number): Buffer {
  const bits = Buffer.alloc(Math.ceil(count / 8));
  for (let at = 0; at < count; at++) if (truths[at] === 1) bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7));
  return bits;
}
