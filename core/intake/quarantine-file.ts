import { closeSync, openSync, writeSync } from 'node:fs';
import type { Finding } from '../../contracts/findings.ts';

const FLUSH_CHARACTERS = 1 << 20;

/** Rows set aside, one JSON document a line: `{row, findings, raw}`, of a folder with `file`; `raw` is the row's text in the file. */
export interface QuarantineFile {
  add(row: number, findings: readonly Finding[], raw: string, file?: string): void;
  /** Closes the file; the path, or null when no row was set aside. */
  finish(): string | null;
}

/** A quarantine file that is made when the first row comes. */
export function quarantineFile(path: string): QuarantineFile {
  let file: number | undefined;
  let text = '';
  const flush = () => {
    if (text === '') return;
    file ??= openSync(path, 'w');
    const bytes = Buffer.from(text, 'utf8');
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    text = '';
  };
  return {
    add: (row, findings, raw, name) => {
      text += `${JSON.stringify({ ...(name === undefined ? {} : { file: name }), row, findings, raw })}\n`;
      if (text.length > FLUSH_CHARACTERS) flush();
    },
    finish: () => {
      flush();
      if (file === undefined) return null;
      closeSync(file);
      return path;
    },
  };
}
