import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileSha256 } from '../../lineage/file-hash.ts';
import { collectFindings, type Findings, MOST_FINDINGS } from '../findings.ts';
import { type FoundFile, judgeFolder, type ReadManifest } from '../judge-folder.ts';
import { type QuarantineFile, quarantineFile } from '../quarantine-file.ts';
import { type GatheredRows, gatherRows, readInto } from '../read-into.ts';
import { endReading, judgeRead, type ValidatedFile, type ValidateFileRequest } from '../validate-file.ts';
import { folderReport } from './folder-report.ts';
import type { JudgedFile, ReadFile } from './judged-file.ts';
import { rowsOfFiles } from './rows-of-files.ts';

/** A file of a folder, brought here when its turn comes. */
export interface FolderFile {
  /** Its path inside the folder. */
  readonly key: string;
  /** A local copy, or in words why there is none. `close` is called when the file has been read. */
  readonly open: () => Promise<
    { readonly path: string; readonly close: () => Promise<void> } | { readonly problem: string }
  >;
}

export interface ValidateFolderRequest extends Omit<ValidateFileRequest, 'path' | 'spool'> {
  /** In order of their keys: the first of two rows that repeat each other stays. */
  readonly files: readonly FolderFile[];
  /** Left out: the folder has none, only `_SUCCESS`. */
  readonly manifest?: ReadManifest;
}

/** What a folder became: one upload, and the reports of its files, which name their rows. */
export type ValidatedFolder = ValidatedFile & { readonly files: readonly JudgedFile[] };

/** Findings listed of each file, however many files there are. */
const FEWEST_FINDINGS = 5;

/**
 * Checks a folder as one upload: each row within its file, then all files together, so that what must be unique is so across them. The
 * same rows in one file give the same accepted content. Memory grows with the number of files, not with their size.
 * @throws ModelwayError `unsupported-pattern` when the schema has a pattern that cannot be checked in linear time
 */
export async function validateFolder(request: ValidateFolderRequest): Promise<ValidatedFolder> {
  const { schema, folder, name } = request;
  const quarantine = quarantineFile(join(folder, 'quarantine.jsonl'));
  const gathered = gatherRows(schema, folder);
  const read: ReadFile[] = [];
  let listed = 0;
  for (const file of request.files) {
    const findings = collectFindings(schema.severities, Math.max(FEWEST_FINDINGS, MOST_FINDINGS - listed));
    const one = await readOne(file, request, { gathered, findings, quarantine });
    listed += findings.kept.length;
    read.push(one);
  }

  const whole = collectFindings(schema.severities);
  judgeFolder(request.manifest, read.map(foundFile), whole);
  const places = rowsOfFiles(read);
  const repeats = new Map<string, number>();
  const ofFiles: QuarantineFile = {
    add: (row, findings, raw) => {
      const place = places.of(row);
      repeats.set(place.file, (repeats.get(place.file) ?? 0) + 1);
      quarantine.add(place.row, findings.map(places.named), raw, place.file);
    },
    finish: quarantine.finish,
  };
  const judged = await judgeRead(request, endReading(gathered, whole), whole, ofFiles);
  const files = read.map((file) => ({ ...file, repeats: repeats.get(file.key) ?? 0 }));
  return { ...judged, ...folderReport(name, judged.report, files, whole.kept.map(places.named)) };
}

interface Reading {
  readonly gathered: GatheredRows;
  readonly findings: Findings;
  readonly quarantine: QuarantineFile;
}

async function readOne({ key, open }: FolderFile, request: ValidateFolderRequest, reading: Reading): Promise<ReadFile> {
  const { gathered, findings, quarantine } = reading;
  const [before, setAside] = [gathered.rows, gathered.setAside];
  const copy = await open();
  if ('problem' in copy) {
    findings.add({ rule: 'unreadable', row: null, column: null, value: null, message: copy.problem });
    return { key, bytes: 0, sha256: '', findings, before, rows: 0, setAside: 0 };
  }
  const { path, close } = copy;
  const { size: bytes } = await stat(path);
  const sha256 = await fileSha256(path);
  const ofFile: QuarantineFile = {
    add: (row, found, raw) => quarantine.add(row, found, raw, key),
    finish: quarantine.finish,
  };
  // Whoever writes many files leaves some of them empty.
  if (bytes > 0) await readInto(gathered, { ...request, path, name: key }, findings, ofFile);
  await close();
  return {
    key,
    bytes,
    sha256,
    findings,
    before,
    rows: gathered.rows - before,
    setAside: gathered.setAside - setAside,
  };
}

const foundFile = ({ key, bytes, sha256, findings, rows, setAside }: ReadFile): FoundFile => ({
  key,
  bytes,
  sha256,
  rows,
  refused: findings.rejected()
    ? (findings.kept.find(({ severity }) => severity === 'reject')?.message ?? 'it breaks a rule of the schema')
    : rows > 0 && setAside === rows
      ? 'no row is acceptable'
      : undefined,
});
