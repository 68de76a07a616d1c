import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataSchema } from '../../contracts/data-schema.ts';
import { type Duck, quoteText } from '../duckdb.ts';
import { canonicalJson } from '../lineage/canonical-json.ts';
import { storedColumns } from './stored-columns.ts';

/** One Parquet file of accepted rows. */
export interface Part {
  readonly path: string;
  readonly rows: number;
}

/** Accepted rows on their way to typed Parquet. */
export interface PartsWriter {
  /** Adds one row in normal form. */
  add(line: string): void;
  /** Waits while two finished parts are being converted, so that at most three are on disk as text. */
  drain(): Promise<void>;
  /** Stops without converting what is left: nothing of the file will be kept. */
  abandon(): Promise<void>;
  finish(): Promise<{ readonly parts: readonly Part[]; readonly contentHash: string }>;
}

const FLUSH_CHARACTERS = 1 << 20;
/** Rows and bytes of text after which a part is closed: bounds the disk that text takes before it is Parquet. */
const PART_ROWS = 1_000_000;
const PART_BYTES = 256 * 2 ** 20;
const DEFAULT_LINE_BYTES = 2 * 2 ** 20;

/** Hashes rows in normal form: the columns first, then line by line, however the rows are cut into parts. */
export function contentHasher(schema: DataSchema) {
  return createHash('sha256').update(`${canonicalJson(storedColumns(schema))}\n`);
}

/** Writes rows as zstd-compressed Parquet parts below `folder`, and hashes them on the way. */
export function writeParts(schema: DataSchema, folder: string, duck: Duck, partRows = PART_ROWS): PartsWriter {
  const hasher = contentHasher(schema);
  const parts: Part[] = [];
  let text = '';
  let textRows = 0;
  let open: OpenPart | undefined;
  let converting: Promise<void> = Promise.resolve();
  let waiting = 0;

  const flush = (): void => {
    if (textRows === 0) return;
    open ??= openPart(folder, parts.length);
    const bytes = Buffer.from(text, 'utf8');
    hasher.update(bytes);
    writeAll(open.file, bytes);
    open.rows += textRows;
    open.bytes += bytes.length;
    open.multiline ||= lineFeeds(bytes) !== textRows || bytes.includes(13);
    text = '';
    textRows = 0;
  };

  const close = (): void => {
    const part = open;
    if (part === undefined) return;
    open = undefined;
    closeSync(part.file);
    parts.push({ path: part.parquet, rows: part.rows });
    waiting++;
    const before = converting;
    converting = before
      .then(() => convert(part, schema, duck))
      .then(() => {
        waiting--;
      });
    // The failure is met at the next `drain` or at `finish`; this only keeps it from being reported as unhandled before.
    converting.catch(() => {});
  };

  return {
    add: (line) => {
      text += line;
      text += '\n';
      textRows++;
      if (line.length > (open?.longest ?? 0)) {
        open ??= openPart(folder, parts.length);
        open.longest = line.length;
      }
      if (text.length < FLUSH_CHARACTERS) return;
      flush();
      if (open !== undefined && (open.rows >= partRows || open.bytes >= PART_BYTES)) close();
    },
    drain: async () => {
      if (waiting > 1) await converting;
    },
    abandon: async () => {
      if (open !== undefined) closeSync(open.file);
      open = undefined;
      await converting;
    },
    finish: async () => {
      flush();
      close();
      await converting;
      return { parts, contentHash: hasher.digest('hex') };
    },
  };
}

interface OpenPart {
  readonly path: string;
  readonly parquet: string;
  readonly file: number;
  rows: number;
  bytes: number;
  longest: number;
  /** Does a cell hold a line end? Such text cannot be split among threads. */
  multiline: boolean;
}

function openPart(folder: string, number: number): OpenPart {
  const base = join(folder, `accepted-${String(number).padStart(5, '0')}`);
  const path = `${base}.csv`;
  return {
    path,
    parquet: `${base}.parquet`,
    file: openSync(path, 'w'),
    rows: 0,
    bytes: 0,
    longest: 0,
    multiline: false,
  };
}

function writeAll(file: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
}

function lineFeeds(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}

async function convert(part: OpenPart, schema: DataSchema, duck: Duck): Promise<void> {
  const columns = storedColumns(schema).map(({ name, type }) => `${quoteText(name)}: '${type}'`);
  // A UTF-16 unit is at most three bytes of UTF-8.
  const lineBytes = Math.max(DEFAULT_LINE_BYTES, part.longest * 3 + 1024);
  const options = [
    `columns={${columns.join(', ')}}`,
    `auto_detect=false, header=false, delim=',', quote='"', escape='"', new_line='\\n', nullstr='', allow_quoted_nulls=false`,
    `max_line_size=${lineBytes}, buffer_size=${lineBytes * 4}, parallel=${!part.multiline}`,
  ];
  await duck.run(
    `COPY (SELECT * FROM read_csv(${quoteText(part.path)}, ${options.join(', ')})) TO ${quoteText(part.parquet)} (FORMAT parquet, COMPRESSION zstd)`,
  );
  await rm(part.path);
}
