import { extname } from 'node:path';
import { RefusedFile } from './row-sink.ts';

export const COMPRESSIONS = ['none', 'gzip', 'zstd'] as const;
export type Compression = (typeof COMPRESSIONS)[number];
export type TextFormat = 'csv' | 'json-lines' | 'json-array';

const FOREIGN: readonly (readonly [name: string, magic: readonly number[]])[] = [
  ['a ZIP archive (or an Excel workbook)', [0x50, 0x4b, 0x03, 0x04]],
  ['an empty ZIP archive', [0x50, 0x4b, 0x05, 0x06]],
  ['a Python pickle, which can run code and is never opened', [0x80, 0x02]],
  ['a Python pickle, which can run code and is never opened', [0x80, 0x03]],
  ['a Python pickle, which can run code and is never opened', [0x80, 0x04]],
  ['a Python pickle, which can run code and is never opened', [0x80, 0x05]],
  ['a bzip2 file', [0x42, 0x5a, 0x68]],
  ['an xz file', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['a 7z archive', [0x37, 0x7a, 0xbc, 0xaf]],
  ['a PDF document', [0x25, 0x50, 0x44, 0x46]],
  ['an SQLite database', [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20]],
  ['an HDF5 file', [0x89, 0x48, 0x44, 0x46]],
  ['an Arrow file', [0x41, 0x52, 0x52, 0x4f, 0x57, 0x31]],
  ['a Feather file', [0x46, 0x45, 0x41, 0x31]],
  ['an Avro file', [0x4f, 0x62, 0x6a, 0x01]],
  ['an ORC file', [0x4f, 0x52, 0x43]],
  ['a NumPy file', [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]],
  ['an old Excel workbook', [0xd0, 0xcf, 0x11, 0xe0]],
  ['a program', [0x7f, 0x45, 0x4c, 0x46]],
];
/** `ustar`, behind the name of the first file. */
const TAR = [0x75, 0x73, 0x74, 0x61, 0x72];
const TAR_OFFSET = 257;
const PARQUET = [0x50, 0x41, 0x52, 0x31];
const ENCRYPTED_PARQUET = [0x50, 0x41, 0x52, 0x45];

/** How the file is compressed, by its first bytes; its name is never trusted. */
export function compressionOf(start: Uint8Array): Compression {
  if (beginsWith(start, [0x1f, 0x8b])) return 'gzip';
  return beginsWith(start, [0x28, 0xb5, 0x2f, 0xfd]) ? 'zstd' : 'none';
}

export function isParquet(start: Uint8Array): boolean {
  return beginsWith(start, PARQUET);
}

/**
 * The text format of decompressed content. A name that ends in `.csv`, `.tsv` or `.jsonl` (before `.gz` or `.zst`) settles what the first
 * character leaves open.
 * @throws RefusedFile naming what the file is instead, when it is no text
 */
export function textFormatOf(start: Uint8Array, name: string): TextFormat {
  refuseForeign(start);
  const plain = name.toLowerCase().replace(/\.(gz|gzip|zst|zstd)$/, '');
  if (['.csv', '.tsv', '.psv', '.tab'].includes(extname(plain))) return 'csv';
  if (['.jsonl', '.ndjson'].includes(extname(plain))) return 'json-lines';
  const text = Buffer.from(start.buffer, start.byteOffset, start.length).toString('latin1');
  const first = text
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
    .charAt(0);
  if (first === '[') return 'json-array';
  return first === '{' ? 'json-lines' : 'csv';
}

function refuseForeign(start: Uint8Array): void {
  const foreign = FOREIGN.find(([, magic]) => beginsWith(start, magic));
  const advice = 'send CSV, JSON Lines, a JSON array or Parquet, plain or compressed with gzip or zstd';
  if (foreign !== undefined) throw new RefusedFile('unreadable', `this is ${foreign[0]}; ${advice}`);
  if (beginsWith(start.subarray(TAR_OFFSET), TAR))
    throw new RefusedFile('unreadable', `this is a tar archive; ${advice}`);
  if (beginsWith(start, ENCRYPTED_PARQUET))
    throw new RefusedFile('unreadable', `this is an encrypted Parquet file; ${advice}`);
  if (isParquet(start))
    throw new RefusedFile('unreadable', 'a Parquet file must not be compressed as a whole; send it as it is');
  if (compressionOf(start) !== 'none') throw new RefusedFile('unreadable', 'compressed twice; compress the data once');
}

function beginsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return bytes.length >= magic.length && magic.every((byte, index) => bytes[index] === byte);
}
