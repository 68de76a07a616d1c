import { constants, zstdCompressSync } from 'node:zlib';
import type { StoredType } from '../normalise/column.ts';
import { type Thrift, thriftBytes, writeVarint } from './thrift.ts';

/** Numbers of the Parquet format (https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift). */
const PLAIN = 0;
const RLE = 3;
const RLE_DICTIONARY = 8;
/** Kinds of pages. */
const [DATA_PAGE, DICTIONARY_PAGE] = [0, 2];
const ZSTD = 6;
const PHYSICAL = { BOOLEAN: 0, BIGINT: 2, TIMESTAMP: 2, DOUBLE: 5, VARCHAR: 6 } as const satisfies Record<
  StoredType,
  number
>;
/** The fastest level: the third saves a twentieth of the size and costs twice the time. */
const COMPRESSION = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** One column of one row group as it lies in the file, with what the footer says of it. */
export interface ColumnChunk {
  readonly bytes: readonly Buffer[];
  readonly size: number;
  readonly uncompressedSize: number;
  /** The column's metadata, given where the chunk begins in the file. */
  metadata(offset: number): Thrift;
}

/** Values of one column of a row group, and which of the rows have one. */
export interface ColumnValues {
  readonly name: string;
  readonly type: StoredType;
  readonly rows: number;
  readonly missing: number;
  /** 1 where a row has a value, 0 where it is missing. */
  readonly present: Uint8Array;
  /** The texts that the values are numbers of, each once, in PLAIN encoding; left out where they are written as they are. */
  readonly dictionary?: { readonly page: Buffer; readonly size: number };
  /** The definition levels, followed by the values that are there: PLAIN, or the numbers of their texts. */
  page(levels: Buffer): Buffer;
}

/** Encodes a column as one data page, behind its dictionary where it has one, compressed with zstd. */
export function columnChunk(values: ColumnValues): ColumnChunk {
  const { name, type, rows, missing, present, dictionary } = values;
  const encoding = dictionary === undefined ? PLAIN : RLE_DICTIONARY;
  const pages =
    dictionary === undefined ? [] : [page(DICTIONARY_PAGE, dictionary.page, [7, fields(dictionary.size, PLAIN)])];
  pages.push(
    page(DATA_PAGE, values.page(definitionLevels(rows, missing, present)), [5, fields(rows, encoding, RLE, RLE)]),
  );
  const size = pages.reduce((sum, { bytes: [header, body] }) => sum + header.length + body.length, 0);
  const uncompressedSize = pages.reduce((sum, { uncompressedSize: one }) => sum + one, 0);
  const behindDictionary =
    pages.length === 1 ? 0 : size - (pages[1]?.bytes.reduce((sum, { length }) => sum + length, 0) ?? 0);
  return {
    bytes: pages.flatMap(({ bytes }) => bytes),
    size,
    uncompressedSize,
    metadata: (offset) => ({
      fields: [
        [1, { i32: PHYSICAL[type] }],
        [2, { list: [{ i32: PLAIN }, { i32: RLE }, ...(dictionary === undefined ? [] : [{ i32: RLE_DICTIONARY }])] }],
        [3, { list: [{ text: name }] }],
        [4, { i32: ZSTD }],
        [5, { i64: rows }],
        [6, { i64: uncompressedSize }],
        [7, { i64: size }],
        [9, { i64: offset + behindDictionary }],
        ...(dictionary === undefined ? [] : [[11, { i64: offset }] as const]),
        [12, { fields: [[3, { i64: missing }]] }],
      ],
    }),
  };
}

/** A struct of numbers, counted from 1. */
const fields = (...numbers: readonly number[]): Thrift => ({
  fields: numbers.map((number, index) => [index + 1, { i32: number }] as const),
});

interface Page {
  readonly bytes: readonly [header: Buffer, body: Buffer];
  /** Header included, as the format counts it. */
  readonly uncompressedSize: number;
}

function page(kind: number, content: Buffer, about: readonly [id: number, about: Thrift]): Page {
  // In one piece: the default writes 16 KB at a time.
  const compressed = zstdCompressSync(content, {
    ...COMPRESSION,
    chunkSize: Math.max(64, Math.min(content.length, 1 << 20)),
  });
  const header = thriftBytes([
    [1, { i32: kind }],
    [2, { i32: content.length }],
    [3, { i32: compressed.length }],
    about,
  ]);
  return { bytes: [header, compressed], uncompressedSize: header.length + content.length };
}

/** What the footer says of a column, whatever the row group. Every column may be missing; instants have no zone, being in UTC. */
export function schemaElement(name: string, type: StoredType): Thrift {
  const logical: Partial<Record<StoredType, Thrift>> = {
    VARCHAR: { fields: [[1, { fields: [] }]] },
    TIMESTAMP: {
      fields: [
        [
          8,
          {
            fields: [
              [1, { truth: false }],
              [2, { fields: [[2, { fields: [] }]] }],
            ],
          },
        ],
      ],
    },
  };
  const meaning = logical[type];
  return {
    fields: [
      [1, { i32: PHYSICAL[type] }],
      [3, { i32: 1 }],
      [4, { text: name }],
      ...(type === 'VARCHAR' ? [[6, { i32: 0 }] as const] : []),
      ...(meaning === undefined ? [] : [[10, meaning] as const]),
    ],
  };
}

/** Which rows have a value, in the hybrid of run lengths and packed bits, behind its length. */
function definitionLevels(rows: number, missing: number, present: Uint8Array): Buffer {
  const run: number[] = [];
  if (missing === 0 || missing === rows) {
    writeVarint(rows * 2, run);
    run.push(missing === 0 ? 1 : 0);
    return prefixed(Buffer.from(run));
  }
  const groups = Math.ceil(rows / 8);
  writeVarint(groups * 2 + 1, run);
  const bits = Buffer.alloc(run.length + groups);
  bits.set(run);
  for (let row = 0; row < rows; row++)
    if (present[row] === 1) bits[run.length + (row >> 3)] = (bits[run.length + (row >> 3)] ?? 0) | (1 << (row & 7));
  return prefixed(bits);
}

function prefixed(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([length, bytes]);
}
