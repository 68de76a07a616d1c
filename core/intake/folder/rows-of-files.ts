import type { Finding } from '../../../contracts/findings.ts';

/** A file among others, by the rows that come before it. */
interface FileRows {
  readonly key: string;
  readonly before: number;
}

/** Tells rows that were counted through all files by their file and their number in it. */
export interface RowsOfFiles {
  /** The place of a row, counted from 1. */
  of(row: number): { readonly file: string; readonly row: number };
  /** A finding about a row, with that row and those it speaks of named by their files; one about no row is left as it is. */
  named(finding: Finding): Finding;
}

/** For files in the order in which their rows were counted. */
export function rowsOfFiles(files: readonly FileRows[]): RowsOfFiles {
  const of = (row: number) => {
    let [low, high] = [0, files.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((files[middle]?.before ?? 0) < row) low = middle + 1;
      else high = middle;
    }
    // Empty files have as many rows before them as the next one; the last of them is the one with rows.
    const file = files[low - 1];
    return { file: file?.key ?? '', row: row - (file?.before ?? 0) };
  };
  return {
    of,
    named: (finding) => {
      if (finding.row === null) return finding;
      const { file, row } = of(finding.row);
      const message = finding.message.replace(/\brow (\d+)/g, (_, number: string) => {
        const other = of(Number(number));
        return `row ${other.row}${other.file === file ? '' : ` of ${other.file}`}`;
      });
      return { ...finding, file, row, message };
    },
  };
}
