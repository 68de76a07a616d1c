import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from 'node:zlib';
import { type Compression, compressionOf } from './format.ts';
import { beyondLimit, ContentBeyondLimit, type ReadLimits, RefusedFile } from './row-sink.ts';
import { zstdFrames } from './zstd-frames.ts';

const CHUNK_BYTES = 1 << 20;
const PLAIN_CHUNK_BYTES = 1 << 19;
/** Small files may compress as well as they like: the ratio says nothing until this much came out. */
const RATIO_COUNTS_FROM = 64 * 2 ** 20;

/** The first bytes of a file, to know its format by. */
export async function firstBytes(path: string, count = 16): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** A file's content in chunks, each valid until the next is asked for, decompressed by its first bytes and never more than the limits allow. */
export async function* contentOf(path: string, limits: ReadLimits): AsyncGenerator<Buffer> {
  const compression = compressionOf(await firstBytes(path));
  const { content, consumedBytes } = decompressed(path, compression);
  let bytes = 0;
  try {
    for await (const chunk of content) {
      if (!Buffer.isBuffer(chunk)) continue;
      bytes += chunk.length;
      if (bytes > limits.maxBytes)
        throw beyondLimit(limits, `more than ${limits.maxBytes} bytes of content; split the file`);
      if (bytes > RATIO_COUNTS_FROM && bytes > consumedBytes() * limits.maxRatio)
        throw new RefusedFile(
          'too-large',
          `unpacks to more than ${limits.maxRatio} times its size, as decompression bombs do; send it uncompressed`,
        );
      yield chunk;
    }
  } catch (error) {
    if (error instanceof RefusedFile || error instanceof ContentBeyondLimit || compression === 'none') throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new RefusedFile('unreadable', `the ${compression} data is damaged or cut off: ${reason}`);
  }
}

/** The content, and how many bytes of the file it took so far. */
function decompressed(
  path: string,
  compression: Compression,
): { content: AsyncIterable<unknown>; consumedBytes: () => number } {
  if (compression === 'zstd') return unpackedFrames(path);
  if (compression === 'none') return { content: plainChunks(path), consumedBytes: () => Number.POSITIVE_INFINITY };
  const source = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  const content = unpacked(source, createGunzip({ chunkSize: CHUNK_BYTES }));
  return { content, consumedBytes: () => content.bytesWritten };
}

/** The file in one buffer that is filled again and again: new ones would make the garbage collector run all the time. */
async function* plainChunks(path: string): AsyncGenerator<Buffer> {
  const file = await open(path);
  const buffer = Buffer.allocUnsafeSlow(PLAIN_CHUNK_BYTES);
  try {
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

function unpackedFrames(path: string): { content: AsyncIterable<unknown>; consumedBytes: () => number } {
  let before = 0;
  let current: { readonly bytesWritten: number } = { bytesWritten: 0 };
  async function* content() {
    for await (const { start, end } of zstdFrames(path)) {
      const source = createReadStream(path, { start, end: end - 1, highWaterMark: CHUNK_BYTES });
      const frame = unpacked(source, createZstdDecompress({ chunkSize: CHUNK_BYTES }));
      current = frame;
      yield* frame;
      before += end - start;
      current = { bytesWritten: 0 };
    }
  }
  return { content: content(), consumedBytes: () => before + current.bytesWritten };
}

function unpacked<T extends Gunzip | ZstdDecompress>(source: Readable, unpack: T): T {
  // Errors reach the reader through `unpack`; the callback keeps them from being thrown a second time.
  pipeline(source, unpack, () => {});
  return unpack;
}
