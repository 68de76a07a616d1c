import type { FileReport } from '../../../contracts/findings.ts';
import type { Findings } from '../findings.ts';

/** What a file of a folder came to. */
export interface JudgedFile {
  /** Its path inside the folder. */
  readonly key: string;
  readonly bytes: number;
  /** Hexadecimal; empty when the file could not be read. */
  readonly sha256: string;
  readonly report: FileReport;
}

/** A file of a folder, each of its rows judged by itself. */
export interface ReadFile extends Omit<JudgedFile, 'report'> {
  readonly findings: Findings;
  /** Rows of the files before it, and its own. */
  readonly before: number;
  readonly rows: number;
  readonly setAside: number;
}
