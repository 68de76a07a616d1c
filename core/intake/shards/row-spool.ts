import { closeSync, openSync, writeSync } from 'node:fs';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/**
 * Accepted rows in normal form, as they are hashed: blocks of whole rows, each a zstd frame behind its length (four bytes,
 * little-endian). Hashing the blocks of all shards in order gives the hash of the whole, which no hash of shards does.
 */
export interface RowSpool {
  /** Takes whole rows with their line ends; the bytes are valid during the call only. */
  write(rows: Uint8Array): void;
  finish(): void;
}

const BLOCK_BYTES = 1 << 20;
const LENGTH_BYTES = 4;

/** A spool written to a local file. */
export function rowSpool(path: string): RowSpool {
  const file = openSync(path, 'w');
  let kept: Buffer[] = [];
  let length = 0;
  const flush = () => {
    if (length === 0) return;
    const params = { [constants.ZSTD_c_compressionLevel]: 1 };
    const frame = zstdCompressSync(Buffer.concat(kept), { params });
    const block = Buffer.alloc(LENGTH_BYTES + frame.length);
    block.writeUInt32LE(frame.length);
    frame.copy(block, LENGTH_BYTES);
    for (let at = 0; at < block.length; ) at += writeSync(file, block, at);
    [kept, length] = [[], 0];
  };
  return {
    write: (rows) => {
      kept.push(Buffer.from(rows));
      length += rows.length;
      if (length >= BLOCK_BYTES) flush();
    },
    finish: () => {
      flush();
      closeSync(file);
    },
  };
}

/** The blocks of a spool, unpacked. @throws Error when it is cut off */
export async function* spooledBlocks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    let at = 0;
    while (rest.length - at >= LENGTH_BYTES) {
      const end = at + LENGTH_BYTES + rest.readUInt32LE(at);
      if (end > rest.length) break;
      yield zstdDecompressSync(rest.subarray(at + LENGTH_BYTES, end));
      at = end;
    }
    rest = rest.subarray(at);
  }
  if (rest.length > 0) throw new Error('a spool of rows is cut off');
}

const [QUOTE, LF] = [34, 10];

/** Calls `row` with where each row of a block begins and where the next does; line ends inside quotes end no row. */
export function eachRow(block: Buffer, row: (start: number, next: number) => void): void {
  let [start, at] = [0, 0];
  const quoted = block.includes(QUOTE);
  while (start < block.length) {
    at = quoted ? rowEnd(block, start) : block.indexOf(LF, start);
    if (at === -1) throw new Error('a block of a spool does not end with a row');
    row(start, at + 1);
    start = at + 1;
  }
}

function rowEnd(block: Buffer, start: number): number {
  let inside = false;
  for (let at = start; at < block.length; at++) {
    const code = block[at];
    if (code === QUOTE) inside = !inside;
    else if (code === LF && !inside) return at;
  }
  return -1;
}
