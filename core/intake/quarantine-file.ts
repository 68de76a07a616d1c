import { closeSync, openSync, writeSync } from 'node:fs';
import type { Finding } from '../../contracts/findings.ts';
import { RefusedFile } from './read/row-sink.ts';

const FLUSH_CHARACTERS = 1 << 20;
/** What is wrong with a row takes many times the room of a short row: without an end, a small file of bad rows would fill the disk. */
const MOST_BYTES = 2 ** 30;

/** Rows set aside, one JSON document a line: `{row, findings, raw}`, of a folder with `file`; `raw` is the row's text in the file. */
export interface QuarantineFile {
  /** @throws RefusedFile `too-large` when all rows set aside take more room than there is for them */
  add(row: number, findings: readonly Finding[], raw: string, file?: string): void;
  /** Closes the file; the path, or null when no row was set aside. */
  finish(): string | null;
}

/** A quarantine file that is made when the first row comes; it takes at most `most` bytes, and about a megabyte more. */
export function quarantineFile(path: string, most = MOST_BYTES): QuarantineFile {
  let file: number | undefined;
  let text = '';
  let length = 0;
  const flush = () => {
    if (text === '') return;
    file ??= openSync(path, 'w');
    const bytes = Buffer.from(text, 'utf8');
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    length += bytes.length;
    text = '';
  };
  return {
    add: (row, findings, raw, name) => {
      text += `${JSON.stringify({ ...(name === undefined ? {} : { file: name }), row, findings, raw })}\n`;
      if (text.length > FLUSH_CHARACTERS) flush();
      if (length + text.length > most)
        throw new RefusedFile(
          'too-large',
          `the bad rows and what is wrong with them take more than ${most} bytes`,
          row,
        );
    },
    finish: () => {
      flush();
      if (file === undefined) return null;
      closeSync(file);
      return path;
    },
  };
}
