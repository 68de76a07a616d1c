import type { ColumnDictionary } from './column-dictionary.ts';
import type { StoredType } from './normalise/column.ts';
import { bitPacked, codeBits } from './parquet/bit-packed.ts';
import type { ColumnValues } from './parquet/column-chunk.ts';

/** The place of the row being set, shared by all columns of a group: moving it on commits a row. */
export interface RowCursor {
  row: number;
}

/**
 * Values of one column of a row group, each at the place of its row until a page is made of them; a class, so that the row loop sees one
 * shape of object.
 */
export class ColumnBuffer {
  readonly name: string;
  readonly type: StoredType;
  readonly cursor: RowCursor;
  /** 1 where a row has a value, 0 where it is missing. */
  readonly present: Uint8Array;
  readonly doubles: Float64Array;
  /** Whole numbers as low and high halves. */
  readonly halves: Int32Array;
  /** Where every value is one of few texts: their codes, by row. */
  readonly dictionary: ColumnDictionary | undefined;
  readonly codes: Uint16Array;
  readonly #longs: BigInt64Array;
  readonly #truths: Uint8Array;
  /** Where the text of each row ends; it begins where the one before ends. */
  readonly #ends: Int32Array;
  #text: Buffer;
  /** Bytes left free before the values, where a page says which rows have one. */
  readonly #room: number;

  constructor(
    name: string,
    type: StoredType,
    mostRows: number,
    cursor: RowCursor,
    dictionary: ColumnDictionary | undefined,
  ) {
    const isText = type === 'VARCHAR' && dictionary === undefined;
    this.name = name;
    this.type = type;
    this.cursor = cursor;
    this.dictionary = dictionary;
    this.present = new Uint8Array(mostRows);
    this.#room = levelsRoom(mostRows);
    const fixed = new ArrayBuffer(this.#room + (type === 'VARCHAR' || type === 'BOOLEAN' ? 0 : mostRows * 8));
    this.doubles = new Float64Array(fixed, this.#room);
    this.#longs = new BigInt64Array(fixed, this.#room);
    this.halves = new Int32Array(fixed, this.#room);
    this.#truths = new Uint8Array(type === 'BOOLEAN' ? mostRows : 0);
    this.codes = new Uint16Array(dictionary === undefined ? 0 : mostRows);
    this.#ends = new Int32Array(isText ? mostRows : 0);
    this.#text = Buffer.alloc(isText ? 1 << 16 : 0);
  }

  setMissing(): void {
    const { row } = this.cursor;
    this.present[row] = 0;
    if (this.#ends.length > 0) this.#ends[row] = this.#textFrom(row);
  }

  setDouble(value: number): void {
    const { row } = this.cursor;
    this.present[row] = 1;
    this.doubles[row] = value;
  }

  /** A whole number that a double holds exactly, in 64 bits; splitting it is much cheaper than a BigInt. */
  setWhole(value: number): void {
    const { row } = this.cursor;
    this.present[row] = 1;
    this.halves[2 * row] = value | 0;
    if (value > 0x7fffffff || value < -0x80000000) {
      const high = Math.floor(value / 4294967296);
      this.halves[2 * row] = (value - high * 4294967296) | 0;
      this.halves[2 * row + 1] = high;
    } else this.halves[2 * row + 1] = value < 0 ? -1 : 0;
  }

  setLong(value: bigint): void {
    const { row } = this.cursor;
    this.present[row] = 1;
    this.#longs[row] = value;
  }

  setTruth(value: boolean): void {
    const { row } = this.cursor;
    this.present[row] = 1;
    this.#truths[row] = value ? 1 : 0;
  }

  /** A value of the dictionary, by its code. */
  setCode(code: number): void {
    const { row } = this.cursor;
    this.present[row] = 1;
    this.codes[row] = code;
  }

  setText(text: string): void {
    if (this.dictionary !== undefined) {
      this.setCode(this.dictionary.codeOf(text));
      return;
    }
    const length = Buffer.byteLength(text, 'utf8');
    const at = this.#beginText(length);
    this.#text.write(text, at, length, 'utf8');
  }

  /** A text of bytes in UTF-8, where there is no dictionary. */
  setBytes(bytes: Uint8Array, start: number, end: number): void {
    const to = this.#beginText(end - start) - start;
    const text = this.#text;
    for (let at = start; at < end; at++) text[to + at] = bytes[at] ?? 0;
  }

  /** The values of so many rows; asking for their page spoils them. */
  values(rows: number): ColumnValues {
    const { name, type, present, dictionary } = this;
    const missing = rows - countPresent(present, rows);
    return {
      name,
      type,
      rows,
      missing,
      present,
      ...(dictionary === undefined ? {} : { dictionary: { page: dictionary.page, size: dictionary.size } }),
      page: (levels) => this.#page(levels, rows, missing),
    };
  }

  /** The truth of a row that has one. */
  truth(row: number): boolean {
    return this.#truths[row] === 1;
  }

  /** The bytes of all texts; that of a row that has one lies from its start to its end. */
  textBytes(): Uint8Array {
    return this.#text;
  }

  textStart(row: number): number {
    return this.#textFrom(row) + 4;
  }

  textEnd(row: number): number {
    return this.#ends[row] ?? 0;
  }

  #textFrom(row: number): number {
    return row === 0 ? this.#room : (this.#ends[row - 1] ?? 0);
  }

  #beginText(length: number): number {
    const { row } = this.cursor;
    this.present[row] = 1;
    const at = this.#textFrom(row);
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
    this.#ends[row] = end;
    return at + 4;
  }

  #page(levels: Buffer, rows: number, missing: number): Buffer {
    const count = rows - missing;
    if (this.dictionary !== undefined) {
      if (missing > 0) moveUp(this.codes, this.present, rows);
      return bitPacked(this.codes, count, codeBits(this.dictionary.size), levels);
    }
    if (this.type === 'BOOLEAN') {
      if (missing > 0) moveUp(this.#truths, this.present, rows);
      return Buffer.concat([levels, packedTruths(this.#truths, count)]);
    }
    const from = this.#room - levels.length;
    if (this.type !== 'VARCHAR' && missing > 0) movePairsUp(this.halves, this.present, rows);
    const values = this.type === 'VARCHAR' ? this.#text : Buffer.from(this.doubles.buffer);
    values.set(levels, from);
    return values.subarray(from, this.type === 'VARCHAR' ? this.#textFrom(rows) : this.#room + 8 * count);
  }
}

/** A bit a row, with what is said before them, in whole words. */
const levelsRoom = (mostRows: number) => 8 * Math.ceil(mostRows / 64) + 32;

function countPresent(present: Uint8Array, rows: number): number {
  let count = 0;
  for (let row = 0; row < rows; row++) count += present[row] ?? 0;
  return count;
}

/** Moves the values of rows that have one together, in place. */
function moveUp(values: Uint8Array | Uint16Array, present: Uint8Array, rows: number): void {
  let to = 0;
  for (let row = 0; row < rows; row++) if (present[row] === 1) values[to++] = values[row] ?? 0;
}

/** The same for values of 64 bits; as halves, since a double may not keep every pattern of bits. */
function movePairsUp(halves: Int32Array, present: Uint8Array, rows: number): void {
  let to = 0;
  for (let row = 0; row < rows; row++) {
    if (present[row] !== 1) continue;
    halves[to++] = halves[2 * row] ?? 0;
    halves[to++] = halves[2 * row + 1] ?? 0;
  }
}

function packedTruths(truths: Uint8Array, count: number): Buffer {
  const bits = Buffer.alloc(Math.ceil(count / 8));
  for (let at = 0; at < count; at++) if (truths[at] === 1) bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7));
  return bits;
}
