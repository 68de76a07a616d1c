import { type Source, sourceOf } from './text-scanner.ts';

const NEWLINE = 10;
const FIRST_CARRIED_BYTES = 1 << 14;

/** Takes one line: the bytes in `[from..to)`, without its newline, never empty. */
export type LineTaker = (source: Source, from: number, to: number) => void;

/** Chunks that may end anywhere, cut into lines. */
export interface LineSplitter {
  readonly add: (chunk: Uint8Array) => void;
  /** Takes what is left as a line. */
  readonly end: () => void;
}

/** Lines are taken where they lie; only one that chunks share is copied. */
export function lineSplitter(take: LineTaker): LineSplitter {
  let carried = sourceOf(Buffer.alloc(FIRST_CARRIED_BYTES));
  let length = 0;
  const carry = (bytes: Uint8Array) => {
    if (length + bytes.length > carried.bytes.length) {
      const larger = Buffer.alloc(2 * (length + bytes.length));
      larger.set(carried.bytes.subarray(0, length));
      carried = sourceOf(larger);
    }
    carried.bytes.set(bytes, length);
    length += bytes.length;
  };
  const takeCarried = () => {
    if (length > 0) take(carried, 0, length);
    length = 0;
  };
  return {
    add: (chunk) => {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      const source = sourceOf(bytes);
      let from = 0;
      for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
        if (length > 0) {
          carry(bytes.subarray(from, end));
          takeCarried();
        } else if (end > from) take(source, from, end);
        from = end + 1;
      }
      // A copy: the caller may use the chunk's memory again.
      carry(bytes.subarray(from));
    },
    end: takeCarried,
  };
}
