import { createHash } from 'node:crypto';
import { closeSync, openSync, writevSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSchema } from '../../contracts/data-schema.ts';
import { canonicalJson } from '../lineage/canonical-json.ts';
import { setNormalText } from './normalise/stored-value.ts';
import { type ParquetFile, parquetFile } from './parquet/parquet-file.ts';
import { type RowGroup, rowGroup } from './row-group.ts';
import { storedColumns } from './stored-columns.ts';
import { type WholeFileFacts, wholeFileFacts } from './whole-file-facts.ts';

/** One Parquet file of accepted rows. */
export interface Part {
  readonly path: string;
  readonly rows: number;
}

/** Accepted rows on their way to typed Parquet. */
export interface PartsWriter {
  /** Adds one row in normal form: its line without the line end, and the same by column. */
  add(line: string, texts: readonly string[]): void;
  /** Where the columns of rows can be set without texts; each row is then committed, and its line told to `lines`. */
  readonly columns: RowGroup['columns'];
  /** Commits the row that was set in `columns`, whose line has so many bytes. */
  commit(lineBytes: number): void;
  /** Lines, with their line ends, of rows committed since the last call or `add`. */
  lines(bytes: Uint8Array): void;
  /** Stops: nothing of the file will be kept. */
  abandon(): void;
  finish(): { readonly parts: readonly Part[]; readonly contentHash: string; readonly facts: WholeFileFacts };
}

const HASHED_BYTES = 1 << 18;
const PART_ROWS = 1_000_000;

/** Hashes rows in normal form: the columns first, then line by line, however the rows are cut into parts. */
export function contentHasher(schema: DataSchema) {
  return createHash('sha256').update(`${canonicalJson(storedColumns(schema))}\n`);
}

export interface PartsSettings {
  /** Rows of a part. Left out: a million. */
  readonly partRows?: number;
  /** Told the bytes that are hashed, whole rows at a time, valid during the call. Left out: they are hashed only. */
  readonly spool?: ((rows: Uint8Array) => void) | undefined;
}

/** Writes rows as zstd-compressed Parquet parts below `folder`, and hashes them on the way. Memory holds one row group. */
export function writeParts(
  schema: DataSchema,
  folder: string,
  { partRows = PART_ROWS, spool }: PartsSettings = {},
): PartsWriter {
  const hasher = contentHasher(schema);
  const columns = storedColumns(schema);
  const group = rowGroup(schema);
  const facts = wholeFileFacts(schema, folder);
  const parts: Part[] = [];
  const hashed = Buffer.alloc(HASHED_BYTES);
  let length = 0;
  let open: OpenPart | undefined;

  const hashRows = (rows: Uint8Array): void => {
    hasher.update(rows);
    spool?.(rows);
  };

  const hash = (): void => {
    if (length > 0) hashRows(hashed.subarray(0, length));
    length = 0;
  };

  const flush = (): void => {
    if (group.rows() === 0) return;
    if (open === undefined) {
      const path = join(folder, `accepted-${String(parts.length).padStart(5, '0')}.parquet`);
      open = { path, file: openSync(path, 'w'), parquet: parquetFile(columns), rows: 0 };
    }
    facts.take(group.columns, group.rows());
    write(open.file, open.parquet.rowGroup(group.values()));
    open.rows += group.rows();
    group.clear();
    if (open.rows >= partRows) close();
  };

  const close = (): void => {
    if (open === undefined) return;
    write(open.file, open.parquet.end());
    closeSync(open.file);
    parts.push({ path: open.path, rows: open.rows });
    open = undefined;
  };

  const commit = (lineBytes: number): void => {
    group.commit(lineBytes);
    if (group.isFull() || group.rows() + (open?.rows ?? 0) >= partRows) flush();
  };

  return {
    columns: group.columns,
    commit,
    add: (line, texts) => {
      // A UTF-16 unit is at most three bytes of UTF-8.
      if (length + 3 * line.length + 1 > HASHED_BYTES) hash();
      if (3 * line.length + 1 > HASHED_BYTES) hashRows(Buffer.from(`${line}\n`));
      else {
        length += hashed.write(line, length, 'utf8');
        hashed[length++] = 10;
      }
      for (const [index, column] of group.columns.entries()) setNormalText(column, texts[index] ?? '');
      commit(line.length);
    },
    lines: (bytes) => {
      hash();
      hashRows(bytes);
    },
    abandon: () => {
      if (open !== undefined) closeSync(open.file);
      open = undefined;
      facts.abandon();
    },
    finish: () => {
      hash();
      flush();
      close();
      return { parts, contentHash: hasher.digest('hex'), facts: facts.finish() };
    },
  };
}

interface OpenPart {
  readonly path: string;
  readonly file: number;
  readonly parquet: ParquetFile;
  rows: number;
}

/** Buffers that the system takes in one call. */
const MOST_BUFFERS = 512;

function write(file: number, buffers: readonly Buffer[]): void {
  for (let at = 0; at < buffers.length; at += MOST_BUFFERS) {
    let rest = buffers.slice(at, at + MOST_BUFFERS);
    while (rest.length > 0) {
      let written = writevSync(file, rest);
      const left: Buffer[] = [];
      for (const buffer of rest) {
        if (written < buffer.length) left.push(buffer.subarray(written));
        written = Math.max(0, written - buffer.length);
      }
      rest = left;
    }
  }
}
