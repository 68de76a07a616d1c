import { type Source, sourceOf } from './text-scanner.ts';

const NEWLINE = 10;

/** Takes one line: the bytes in `[from..to)`, without its newline, never empty. */
export type LineTaker = (source: Source, from: number, to: number) => void;

/** Chunks that may end anywhere, cut into lines. */
export interface LineSplitter {
  readonly add: (chunk: Uint8Array) => void;
  /** Takes what is left as a line. */
  readonly end: () => void;
}

/** Lines are taken where they lie; only one that two chunks share is copied. */
export function lineSplitter(take: LineTaker): LineSplitter {
  let parts: Uint8Array[] = [];
  const takeLines = (bytes: Buffer) => {
    const source = sourceOf(bytes);
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
      if (end > from) take(source, from, end);
      from = end + 1;
    }
    return from;
  };
  return {
    add: (chunk) => {
      let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      const first = parts.length === 0 ? 0 : bytes.indexOf(NEWLINE) + 1;
      if (parts.length > 0 && first > 0) {
        takeLines(Buffer.concat([...parts, bytes.subarray(0, first)]));
        parts = [];
        bytes = bytes.subarray(first);
      }
      const rest = parts.length === 0 ? bytes.subarray(takeLines(bytes)) : bytes;
      // A copy: the caller may use the chunk's memory again.
      if (rest.length > 0) parts.push(Uint8Array.from(rest));
    },
    end: () => {
      const last = Buffer.concat(parts);
      parts = [];
      if (last.length > 0) take(sourceOf(last), 0, last.length);
    },
  };
}
