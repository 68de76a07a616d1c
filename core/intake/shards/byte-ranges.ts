import type { ByteRange } from '../../../contracts/large-upload.ts';

/** Bytes `from` to before `to`, cut into equal ranges of at most `most` bytes. */
export function byteRanges(from: number, to: number, most: number): readonly ByteRange[] {
  const count = Math.max(1, Math.ceil((to - from) / most));
  const cut = (index: number) => from + Math.floor(((to - from) * index) / count);
  return Array.from({ length: count }, (_, index) => ({ from: cut(index), to: cut(index + 1) }));
}

const LF = 10;

/** Where a shard must begin to read: one byte early, which tells whether a line begins at its own first byte. */
export const readFrom = ({ from }: ByteRange, first: boolean): number => (first ? from : from - 1);

/**
 * The whole lines that begin in a range. `chunks` are the upload's bytes from `readFrom` on, as far beyond the range as its last line may
 * reach; the iteration stops when that line has ended.
 */
export async function* linesOf(
  range: ByteRange,
  first: boolean,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer> {
  let position = readFrom(range, first);
  let begun = first;
  for await (const piece of chunks) {
    let chunk = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    if (!begun) {
      const end = chunk.indexOf(LF);
      if (end === -1) {
        position += chunk.length;
        if (position >= range.to) return;
        continue;
      }
      begun = true;
      chunk = chunk.subarray(end + 1);
      position += end + 1;
      if (position >= range.to) return;
    }
    const last = position + chunk.length < range.to ? -1 : chunk.indexOf(LF, Math.max(0, range.to - 1 - position));
    if (last !== -1) {
      yield chunk.subarray(0, last + 1);
      return;
    }
    yield chunk;
    position += chunk.length;
  }
}
