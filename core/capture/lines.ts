const NEWLINE = 0x0a;

/** The lines of a stream of UTF-8 bytes, without their newline and without empty ones. Chunks may end anywhere, even in a character. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  for await (const lines of lineBatches(chunks)) yield* lines;
}

/** The same, as many at a time as a chunk ends: a step of an asynchronous loop costs more than most lines. */
export async function* lineBatches(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[]> {
  // Parts of one line, joined once its end is there: a long line must not be copied again with every chunk.
  let parts: Uint8Array[] = [];
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(NEWLINE);
    if (end >= 0) {
      yield textLines(Buffer.concat([...parts, chunk.subarray(0, end)]));
      parts = [];
    }
    parts.push(chunk.subarray(end + 1));
  }
  yield textLines(Buffer.concat(parts));
}

function textLines(bytes: Buffer): readonly string[] {
  return bytes
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
}
