import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { DataSchema } from '../../contracts/data-schema.ts';
import type { Duck } from '../duckdb.ts';
import { type AcceptedRows, acceptedRows } from './accepted-rows.ts';
import type { Findings } from './findings.ts';
import { judgeRows } from './judge-rows.ts';
import { plausibleBefore } from './normalise/timestamp.ts';
import { type PlainRowsOutlet, plainRows } from './plain/plain-rows.ts';
import type { QuarantineFile } from './quarantine-file.ts';
import { readFile } from './read/read-file.ts';
import { DEFAULT_LIMITS, type ReadLimits, RefusedFile, type RowSink } from './read/row-sink.ts';
import { type RowSample, rowSample } from './row-sample.ts';
import { type PartsWriter, writeParts } from './write-parts.ts';

/** Rows of one file, or of several in turn, each judged by itself, on their way to typed Parquet. */
export interface GatheredRows {
  readonly writer: PartsWriter;
  readonly places: AcceptedRows;
  /** Some of the accepted rows in normal form. */
  readonly sample: RowSample<string>;
  /** All rows so far, and those set aside. */
  rows: number;
  setAside: number;
}

/** No rows yet; the accepted ones are written below `folder`. */
export function gatherRows(
  schema: DataSchema,
  folder: string,
  spool?: ((rows: Uint8Array) => void) | undefined,
): GatheredRows {
  const writer = writeParts(schema, folder, { spool });
  return { writer, places: acceptedRows(), sample: rowSample<string>(), rows: 0, setAside: 0 };
}

/** One file to read. */
export interface ReadIntoRequest {
  readonly schema: DataSchema;
  readonly path: string;
  readonly name: string;
  readonly duck: Duck;
  readonly now?: Date;
  readonly limits?: ReadLimits;
}

/**
 * Reads a file and judges every row by itself; rows are numbered from 1 within the file. Why the reading ended before the end of the
 * file is a finding, and the answer; undefined when it did not.
 */
export async function readInto(
  gathered: GatheredRows,
  { schema, path, name, duck, now, limits = DEFAULT_LIMITS }: ReadIntoRequest,
  findings: Findings,
  quarantine: QuarantineFile,
): Promise<RefusedFile | undefined> {
  const { writer, places, sample } = gathered;
  const judged = now === undefined ? schema : { ...schema, plausibleBefore: plausibleBefore(now) };
  const judge = judgeRows(judged, findings);
  const before = gathered.rows;
  let plain = 0;
  let header: readonly string[] = [];
  const rows = () => gathered.rows - before;
  const setAside = () => {
    gathered.setAside++;
    places.skip(gathered.rows);
  };
  const outlet: PlainRowsOutlet = {
    columns: writer.columns,
    lines: writer.lines,
    row: (lines, start, end) => {
      gathered.rows++;
      plain++;
      writer.commit(end - start);
      if (sample.wants()) sample.keep(lines.toString('latin1', start, end), end - start);
    },
  };

  const sink: RowSink = {
    header: (names) => {
      header = names;
      judge.header(names);
    },
    plain: (delimiter) => (findings.rejected() ? undefined : plainRows(judged, header, delimiter, outlet)),
    unknownColumn: judge.unknownColumn,
    rows,
    drain: async () => {},
    malformed: (message, raw) => {
      gathered.rows++;
      setAside();
      const finding = findings.add({ rule: 'malformed', row: rows(), column: null, value: raw.slice(0, 200), message });
      quarantine.add(rows(), [finding], raw);
    },
    row: (cells, raw) => {
      gathered.rows++;
      const line = judge.judge(cells, rows());
      if (typeof line === 'string') {
        // Nothing of a refused file is kept, but its rows are still judged, so that one look finds every problem.
        if (findings.rejected()) return;
        writer.add(line, judge.texts);
        // A copy, as a slice would hold the whole chunk it was cut from.
        if (sample.wants()) sample.keep(Buffer.from(line).toString(), line.length);
        return;
      }
      setAside();
      quarantine.add(rows(), line, raw());
    },
  };

  try {
    const names = schema.columns.map((column) => column.name);
    const found = await stat(path);
    await readFile({ path, name, bytes: found.size, names, limits, duck }, sink);
    refuseChanged(found, await stat(path));
    // A plain row has every column that must be there.
    judge.finish(plain > 0 ? 0 : rows());
  } catch (error) {
    const refused = error instanceof RefusedFile ? error : unreadable(error);
    if (refused === undefined) throw error;
    findings.add({ rule: refused.rule, row: refused.row, column: null, value: null, message: refused.message });
    return refused;
  }
  return undefined;
}

/** A file that grew or shrank while it was read was read by halves. @throws RefusedFile */
function refuseChanged(before: Stats, after: Stats): void {
  if (before.size !== after.size || before.mtimeMs !== after.mtimeMs)
    throw new RefusedFile('unreadable', 'the file was changed while it was read; send it again once it is whole');
}

/** What the system says when a file cannot be read, whoever's fault it is; undefined for every other error. */
const UNREADABLE: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'permission is denied'],
  ['EPERM', 'permission is denied'],
  ['EISDIR', 'it is a folder'],
  ['ENOENT', 'it is gone'],
  ['EIO', 'the disk cannot read it'],
]);

function unreadable(error: unknown): RefusedFile | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return undefined;
  if (!['open', 'read', 'stat'].includes(String(error.syscall))) return undefined;
  const reason = UNREADABLE.get(String(error.code));
  return reason === undefined ? undefined : new RefusedFile('unreadable', `the file cannot be read: ${reason}`);
}
