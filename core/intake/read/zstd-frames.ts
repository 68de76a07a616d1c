import { type FileHandle, open } from 'node:fs/promises';
import { RefusedFile } from './row-sink.ts';

/** Where one compressed frame lies in a file; `end` is exclusive. */
export interface Frame {
  readonly start: number;
  readonly end: number;
}

const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;
/** Longest header: magic, descriptor, window, dictionary, content size. */
const HEADER_BYTES = 18;

/**
 * Finds the frames of a zstd file by walking block headers (RFC 8878, section 3.1). The decompressor of Node stops after the first frame
 * without a word, and tools that compress in parallel write many.
 * @throws RefusedFile when the file is cut off or something else follows a frame
 */
export async function* zstdFrames(path: string): AsyncGenerator<Frame> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    for (let start = 0; start < size; ) {
      const header = await bytesAt(file, start, HEADER_BYTES);
      const magic = header.length < 8 ? 0 : header.readUInt32LE(0);
      if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) start += 8 + header.readUInt32LE(4);
      else if (magic !== MAGIC) throw damaged('something else follows the compressed data');
      else {
        const end = await frameEnd(file, start, header, size);
        yield { start, end };
        start = end;
      }
    }
  } finally {
    await file.close();
  }
}

async function frameEnd(file: FileHandle, start: number, header: Buffer, size: number): Promise<number> {
  const descriptor = header[4] ?? 0;
  let at = start + headerBytes(descriptor);
  for (;;) {
    const block = await bytesAt(file, at, 3);
    if (block.length < 3) throw damaged('it is cut off');
    const word = block.readUIntLE(0, 3);
    const [last, type, length] = [word & 1, (word >> 1) & 3, word >> 3];
    if (type === 3) throw damaged('a block is of no known type');
    at += 3 + (type === 1 ? 1 : length);
    if (last === 1) break;
  }
  const end = at + ((descriptor >> 2) & 1) * 4;
  if (end > size) throw damaged('it is cut off');
  return end;
}

function headerBytes(descriptor: number): number {
  const singleSegment = (descriptor >> 5) & 1;
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const contentSize = [singleSegment, 2, 4, 8][descriptor >> 6] ?? 0;
  return 5 + (1 - singleSegment) + dictionary + contentSize;
}

async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

function damaged(what: string): RefusedFile {
  return new RefusedFile('unreadable', `the zstd data is damaged or cut off: ${what}`);
}
