const NEWLINE = 0x0a;

/** The lines of a stream of UTF-8 bytes, without their newline and without empty ones. Chunks may end anywhere, even in a character. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest: Uint8Array = new Uint8Array();
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = bytes.lastIndexOf(NEWLINE);
    if (end >= 0) yield* textLines(bytes.subarray(0, end));
    rest = bytes.subarray(end + 1);
  }
  yield* textLines(rest);
}

function textLines(bytes: Uint8Array): readonly string[] {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
}
