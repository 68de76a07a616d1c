import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ModelwayError } from '../../contracts/problems.ts';

/** Reads a stream in order, by as many bytes as one asks for. */
export interface ByteReader {
  /** The next `count` bytes; fewer only at the end. */
  take(count: number): Promise<Buffer>;
  /** Gives the next `count` bytes to `sink` as they come, without holding them. Throws when there are fewer. */
  pour(count: number, sink: (bytes: Uint8Array) => void): Promise<void>;
}

/**
 * A reader of gzipped bytes, unzipped.
 * @param most bytes that may come out, so that a small archive cannot keep a function busy for ever
 */
export function gunzipReader(zipped: AsyncIterable<Uint8Array>, most: number): ByteReader {
  const chunks = unzipped(zipped, most);
  let held: Uint8Array = new Uint8Array();
  /** At most `count` bytes, at least one unless the stream is at its end. */
  const some = async (count: number): Promise<Uint8Array> => {
    while (held.length === 0) {
      const next = await chunks.next();
      if (next.done === true) return held;
      held = next.value;
    }
    const given = held.subarray(0, count);
    held = held.subarray(given.length);
    return given;
  };
  const pour = async (count: number, sink: (bytes: Uint8Array) => void): Promise<number> => {
    let left = count;
    while (left > 0) {
      const bytes = await some(left);
      if (bytes.length === 0) break;
      sink(bytes);
      left -= bytes.length;
    }
    return count - left;
  };
  return {
    take: async (count) => {
      const parts: Uint8Array[] = [];
      await pour(count, (bytes) => parts.push(bytes));
      return Buffer.concat(parts);
    },
    pour: async (count, sink) => {
      if ((await pour(count, sink)) < count) throw unreadable('is cut off');
    },
  };
}

/** What an archive is refused with. */
export const unreadable = (message: string, got?: string): ModelwayError =>
  new ModelwayError('unreadable-archive', 'input', [
    { path: 'model.tar.gz', message, ...(got === undefined ? {} : { got }) },
  ]);

async function* unzipped(zipped: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  const source = Readable.from(zipped);
  source.on('error', (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  let bytes = 0;
  try {
    for await (const chunk of gunzip) {
      const part: unknown = chunk;
      if (!(part instanceof Uint8Array)) continue;
      bytes += part.length;
      if (bytes > most) throw unreadable(`unzips to more than ${most} bytes`);
      yield part;
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
      throw unreadable(`is no sound gzip file: ${error.message}`);
    throw error;
  } finally {
    source.destroy();
  }
}
