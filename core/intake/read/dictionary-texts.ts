import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Duck, quoteText } from '../../duckdb.ts';
import { type DictionaryPage, dictionaryPage } from '../parquet/page-header.ts';
import { type Thrift, thriftBytes } from '../parquet/thrift.ts';

/** Where a column chunk of texts begins, and how its pages are compressed (by the number of the format). */
interface TextChunk {
  readonly column: string;
  readonly offset: number;
  readonly codec: number;
}

const CODECS: ReadonlyMap<string, number> = new Map([
  ['UNCOMPRESSED', 0],
  ['SNAPPY', 1],
  ['GZIP', 2],
  ['BROTLI', 4],
  ['ZSTD', 6],
  ['LZ4_RAW', 7],
]);
const MOST_HEADER_BYTES = 256;
const MAGIC = Buffer.from('PAR1', 'latin1');

/**
 * The longest text in any dictionary of each column of texts. Rows may repeat a text of a dictionary without a byte in the file, and the
 * database copies it for every row; so the dictionaries are read by themselves first, each as the only page of a file of its own.
 * @throws what the database throws when a dictionary is damaged
 */
export async function longestInDictionaries(path: string, duck: Duck): Promise<ReadonlyMap<string, number>> {
  const chunks = await textChunks(path, duck);
  const folder = await mkdtemp(join(duck.folder, 'dictionaries-'));
  const file = openSync(path, 'r');
  try {
    const longest = new Map<string, number>();
    for (const [column, ofColumn] of Map.groupBy(chunks, (chunk) => chunk.column)) {
      const copy = join(folder, 'pages.parquet');
      if (!copyDictionaries(file, ofColumn, copy)) continue;
      const [[length] = []] = await duck.rows(
        `SELECT CAST(max(octet_length(text)) AS DOUBLE) FROM read_parquet(${quoteText(copy)})`,
      );
      longest.set(column, Number(length ?? 0));
    }
    return longest;
  } finally {
    closeSync(file);
    await rm(folder, { recursive: true });
  }
}

async function textChunks(path: string, duck: Duck): Promise<readonly TextChunk[]> {
  const rows = await duck.rows(
    `SELECT path_in_schema, compression, CAST(coalesce(dictionary_page_offset, 0) AS DOUBLE), CAST(data_page_offset AS DOUBLE)
     FROM parquet_metadata(${quoteText(path)}) WHERE type = 'BYTE_ARRAY'`,
  );
  return rows.flatMap(([column, compression, dictionary, data]) => {
    const codec = CODECS.get(String(compression));
    // Some writers say where the dictionary lies by where the data begins.
    const offset = Number(dictionary) > 0 ? Math.min(Number(dictionary), Number(data)) : Number(data);
    return codec === undefined || !(offset > 0) ? [] : [{ column: String(column), offset, codec }];
  });
}

/** Writes the dictionaries of some chunks as the pages of a Parquet file with one column, a row group each; false when there are none. */
function copyDictionaries(file: number, chunks: readonly TextChunk[], path: string): boolean {
  const bytes = fstatSync(file).size;
  const groups: Thrift[] = [];
  const copy = openSync(path, 'w');
  try {
    let [offset, rows] = [write(copy, MAGIC), 0];
    for (const { offset: begin, codec } of chunks) {
      const page = dictionaryPage(readAt(file, begin, MOST_HEADER_BYTES));
      if (page === undefined || page.values === 0) continue;
      // What lies beyond the end of the file is the database's to refuse.
      if (begin + page.headerBytes + page.compressedBytes > bytes) continue;
      const header = dataPageHeader(page);
      const size = write(copy, header) + write(copy, readAt(file, begin + page.headerBytes, page.compressedBytes));
      groups.push(rowGroup(page, codec, offset, size));
      offset += size;
      rows += page.values;
    }
    const footer = footerOf(groups, rows);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(footer.length);
    write(copy, Buffer.concat([footer, length, MAGIC]));
  } finally {
    closeSync(copy);
  }
  return groups.length > 0;
}

const i32s = (...numbers: readonly number[]): Thrift => ({
  fields: numbers.map((number, index) => [index + 1, { i32: number }] as const),
});

/** A page of values that are all there, PLAIN, as the dictionary has them. */
function dataPageHeader({ uncompressedBytes, compressedBytes, values }: DictionaryPage): Buffer {
  return thriftBytes([
    [1, { i32: 0 }],
    [2, { i32: uncompressedBytes }],
    [3, { i32: compressedBytes }],
    [5, i32s(values, 0, 3, 3)],
  ]);
}

function rowGroup({ uncompressedBytes, values }: DictionaryPage, codec: number, offset: number, size: number): Thrift {
  const metadata: Thrift = {
    fields: [
      [1, { i32: 6 }],
      [2, { list: [{ i32: 0 }] }],
      [3, { list: [{ text: 'text' }] }],
      [4, { i32: codec }],
      [5, { i64: values }],
      [6, { i64: uncompressedBytes }],
      [7, { i64: size }],
      [9, { i64: offset }],
    ],
  };
  const chunk: Thrift = {
    fields: [
      [2, { i64: offset }],
      [3, metadata],
    ],
  };
  return {
    fields: [
      [1, { list: [chunk] }],
      [2, { i64: size }],
      [3, { i64: values }],
    ],
  };
}

function footerOf(groups: readonly Thrift[], rows: number): Buffer {
  const root: Thrift = {
    fields: [
      [4, { text: 'schema' }],
      [5, { i32: 1 }],
    ],
  };
  const text: Thrift = {
    fields: [
      [1, { i32: 6 }],
      [3, { i32: 0 }],
      [4, { text: 'text' }],
    ],
  };
  return thriftBytes([
    [1, { i32: 1 }],
    [2, { list: [root, text] }],
    [3, { i64: rows }],
    [4, { list: groups }],
  ]);
}

function readAt(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let read = 0;
  for (let got = -1; read < length && got !== 0; read += got)
    got = readSync(file, bytes, read, length - read, position + read);
  return bytes.subarray(0, read);
}

function write(file: number, bytes: Buffer): number {
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
  return bytes.length;
}
