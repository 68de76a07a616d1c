import { join } from 'node:path';
import type { DataSchema } from '../../contracts/data-schema.ts';
import type { FileReport } from '../../contracts/findings.ts';
import type { Duck } from '../duckdb.ts';
import { classBalance, equalColumns } from './content-rules.ts';
import { collectFindings, type Findings } from './findings.ts';
import { type QuarantineFile, quarantineFile } from './quarantine-file.ts';
import { type ReadLimits, RefusedFile } from './read/row-sink.ts';
import { type GatheredRows, gatherRows, readInto } from './read-into.ts';
import { driftAgainst, equalInSample, leakage, type PreviousVersion } from './sample-rules.ts';
import { sampledRows } from './sampled-rows.ts';
import { contentHashOf } from './stored-rows.ts';
import { isoOfMicroseconds, type WholeFileFacts } from './whole-file-facts.ts';
import { type RowNumber, repeatedRows, repeatedValues, type SetAside, timeSpan } from './whole-file-rules.ts';
import { withoutRows } from './without-rows.ts';
import type { Part } from './write-parts.ts';

export interface ValidateFileRequest {
  readonly schema: DataSchema;
  /** Share of quarantined rows above which nothing of the file is accepted. */
  readonly maxQuarantinedShare: number;
  /** The local file. */
  readonly path: string;
  /** What the report calls it; its ending may settle the format, its bytes come first. */
  readonly name: string;
  /** An existing folder for what is written; the caller empties it. */
  readonly folder: string;
  readonly duck: Duck;
  /** Left out: 10 GB of content, ratio 250, cells of 1 MB, rows of 8 MB, 10 000 columns. */
  readonly limits?: ReadLimits;
  /** The last accepted version, to tell drift against. Left out: nothing is compared. */
  readonly previous?: PreviousVersion;
  /** When the file came: rows that say they are of a later time are implausible. Left out: any time of 1900 to 2199 is plausible. */
  readonly now?: Date;
  /** Told the bytes that are hashed, rows in normal form, whole rows at a time. Left out: they are hashed only. */
  readonly spool?: (rows: Uint8Array) => void;
}

/** What a file became. */
export interface ValidatedFile {
  readonly report: FileReport;
  /** The accepted rows; null when the file was rejected or held back. */
  readonly accepted: AcceptedContent | null;
  /** JSON lines `{row, findings, raw}`; null when no row was set aside. */
  readonly quarantinePath: string | null;
  /** Too large a share of the rows was quarantined, so that none was accepted although some were good. */
  readonly heldBack: boolean;
}

export interface AcceptedContent {
  readonly parts: readonly Part[];
  readonly rows: number;
  /** SHA-256 of columns and normalised rows: the same for the same rows in any format, compression and division into parts. */
  readonly contentHash: string;
  /** Earliest and latest value of the time column, ISO; absent when the data has no time. */
  readonly from?: string;
  readonly to?: string;
}

/**
 * Checks one file of any format against a schema and writes what is acceptable as typed Parquet. Whatever the file holds, the answer
 * is a report; memory does not grow with its size.
 * @throws ModelwayError `unsupported-pattern` when the schema has a pattern that cannot be checked in linear time
 */
export async function validateFile(request: ValidateFileRequest): Promise<ValidatedFile> {
  const findings = collectFindings(request.schema.severities);
  const quarantine = quarantineFile(join(request.folder, 'quarantine.jsonl'));
  return judgeRead(request, await readRows(request, findings, quarantine), findings, quarantine);
}

/** Everything about an upload but where its bytes lie. */
export type JudgeReadRequest = Omit<ValidateFileRequest, 'path' | 'limits' | 'spool'>;

/** Judges rows that were read, each judged by itself, as a whole: the second half of `validateFile`. */
export async function judgeRead(
  request: JudgeReadRequest,
  read: ReadRows,
  findings: Findings,
  quarantine: QuarantineFile,
): Promise<ValidatedFile> {
  const { schema, duck } = request;
  if (read.rows === 0 && !findings.rejected())
    findings.add({ rule: 'no-rows', row: null, column: null, value: null, message: 'the file has no rows' });
  if (findings.rejected() || read.accepted === 0)
    return finished(request, findings, quarantine, { rows: read.rows, setAside: read.setAside, accepted: null });

  const places = await unlessRefused(repeats(request, read, findings, quarantine), findings);
  if (places === undefined)
    return finished(request, findings, quarantine, { rows: read.rows, setAside: read.setAside, accepted: null });
  const parts = places.length === 0 ? read.parts : await withoutRows(places, read.parts, request);
  const contentHash =
    places.length === 0 ? read.contentHash : await (read.hashWithout?.(places) ?? hashOf(parts, request));
  const rows = read.accepted - places.length;
  // What was gathered of all rows says nothing of those that are left.
  const facts = places.length === 0 ? read.facts : undefined;
  await judgeContent(request, parts, { sample: read.sample, facts }, rows, findings);
  return finished(request, findings, quarantine, {
    rows: read.rows,
    setAside: read.setAside + places.length,
    accepted: findings.rejected() ? null : { parts, rows, contentHash, ...(await spanOf(parts, facts, schema, duck)) },
  });
}

/** What `act` comes to; undefined when it refused the file, which is then a finding. */
async function unlessRefused<T>(act: Promise<T>, findings: Findings): Promise<T | undefined> {
  try {
    return await act;
  } catch (error) {
    if (!(error instanceof RefusedFile)) throw error;
    findings.add({ rule: error.rule, row: error.row, column: null, value: null, message: error.message });
    return undefined;
  }
}

function spanOf(parts: readonly Part[], facts: WholeFileFacts | undefined, schema: DataSchema, duck: Duck) {
  if (facts === undefined) return timeSpan(parts, schema, duck);
  const { time } = facts;
  return time === undefined ? undefined : { from: isoOfMicroseconds(time[0]), to: isoOfMicroseconds(time[1]) };
}

const hashOf = (parts: readonly Part[], { schema, duck }: JudgeReadRequest) =>
  contentHashOf(
    parts.map(({ path }) => path),
    schema,
    duck,
  );

/** Places of the rows that repeat what must be unique; they are put into quarantine. */
async function repeats(
  { schema, duck }: JudgeReadRequest,
  { parts, rowNumber, facts }: ReadRows,
  findings: Findings,
  quarantine: QuarantineFile,
): Promise<readonly number[]> {
  const before = findings.total();
  const values = await repeatedValues(parts, schema, duck, findings, rowNumber, facts?.repeatedValues);
  // Rows that are equal in every column are equal in a unique one.
  const impossible =
    findings.total() === before && schema.columns.some(({ unique, nullable }) => unique === true && nullable !== true);
  const rows = impossible ? [] : await repeatedRows(parts, schema, duck, findings, rowNumber, facts?.repeatedRows);
  return quarantineByPlace([...values, ...rows], quarantine, rowNumber);
}

/** Judges what was accepted as a whole: is it enough, is the target learnable, does a column say too much or nothing new? */
async function judgeContent(
  { schema, duck, previous }: JudgeReadRequest,
  parts: readonly Part[],
  { sample: lines, facts }: Pick<ReadRows, 'sample' | 'facts'>,
  rows: number,
  findings: Findings,
): Promise<void> {
  const { minimumRows = 1 } = schema;
  if (rows < minimumRows)
    findings.add({
      rule: 'minimum-rows',
      row: null,
      column: null,
      value: String(rows),
      message: `the file has ${rows} acceptable rows; at least ${minimumRows} are needed`,
    });
  const sample = sampledRows(lines, schema);
  await classBalance(parts, schema, duck, findings, facts?.classes);
  await equalColumns(equalInSample(sample, schema), parts, schema, duck, findings);
  leakage(sample, schema, findings);
  if (previous !== undefined) driftAgainst(previous, sample, schema, findings);
}

/** Rows of which each was judged by itself. */
export interface ReadRows {
  readonly rows: number;
  readonly accepted: number;
  readonly setAside: number;
  readonly parts: readonly Part[];
  readonly contentHash: string;
  readonly rowNumber: RowNumber;
  /** Some of the accepted rows in normal form. */
  readonly sample: readonly string[];
  /** What is known of all of them, so that they need not be read again. Left out: they are. */
  readonly facts?: WholeFileFacts | undefined;
  /** Why the reading ended before the end of the file; undefined when it did not. */
  readonly stopped?: RefusedFile;
  /** The content hash without some of the accepted rows, by their places. Left out: it is recomputed from the stored parts. */
  readonly hashWithout?: (places: readonly number[]) => Promise<string>;
}

/** The pass over the file: every row judged by itself. */
export async function readRows(
  request: ValidateFileRequest,
  findings: Findings,
  quarantine: QuarantineFile,
): Promise<ReadRows> {
  const gathered = gatherRows(request.schema, request.folder, request.spool);
  const stopped = await readInto(gathered, request, findings, quarantine);
  return { ...endReading(gathered, findings), ...(stopped === undefined ? {} : { stopped }) };
}

/** What was gathered of an upload, none of it when the upload is refused. */
export function endReading({ rows, setAside, writer, places, sample }: GatheredRows, findings: Findings): ReadRows {
  if (findings.rejected()) writer.abandon();
  const { parts, contentHash, facts } = findings.rejected()
    ? { parts: [], contentHash: '', facts: undefined }
    : writer.finish();
  return {
    rows,
    accepted: rows - setAside,
    setAside,
    parts,
    contentHash,
    rowNumber: places.rowNumber,
    sample: sample.rows(),
    facts,
  };
}

/** Puts rows that break a rule over the whole file into quarantine, once each; a row may break several. */
function quarantineByPlace(
  aside: readonly SetAside[],
  quarantine: QuarantineFile,
  rowNumber: RowNumber,
): readonly number[] {
  const byPlace = Map.groupBy(aside, ({ place }) => place);
  for (const [place, [first, ...more]] of byPlace)
    if (first !== undefined)
      quarantine.add(
        rowNumber(place),
        [first, ...more].map(({ finding }) => finding),
        first.raw,
      );
  return [...byPlace.keys()];
}

function finished(
  request: JudgeReadRequest,
  findings: Findings,
  quarantine: QuarantineFile,
  outcome: { rows: number; setAside: number; accepted: AcceptedContent | null },
): ValidatedFile {
  const { rows, setAside, accepted } = outcome;
  const heldBack = accepted !== null && setAside / rows > request.maxQuarantinedShare;
  return {
    accepted: heldBack ? null : accepted,
    quarantinePath: quarantine.finish(),
    heldBack,
    report: {
      file: request.name,
      verdict: accepted === null ? 'rejected' : setAside > 0 ? 'quarantined' : 'accepted',
      rows: { read: rows, accepted: accepted?.rows ?? 0, quarantined: setAside },
      findingsTotal: findings.total(),
      findings: [...findings.kept],
    },
  };
}
