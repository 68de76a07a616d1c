import { isAscii, isUtf8 } from 'node:buffer';
import { RefusedFile } from './row-sink.ts';

/** Turns bytes of UTF-8 into text, piece by piece; a character may be cut between pieces. */
export interface Utf8Decoder {
  decode(piece: Buffer): string;
  /** Says that nothing follows. */
  end(): void;
}

/**
 * A decoder of one file, whose byte order mark it leaves out. `rows` tells how many rows were read, for the message.
 * @throws RefusedFile `encoding` naming the first bad byte and what the encoding looks like
 */
export function utf8Decoder(rows: () => number): Utf8Decoder & {
  /** Leaves bytes out that are known to be whole ASCII characters. */
  skip(bytes: number): void;
} {
  let carry: Buffer = Buffer.alloc(0);
  let offset = 0;
  let first = true;
  return {
    skip: (bytes) => {
      offset += bytes;
    },
    decode: (piece) => {
      const bytes = carry.length === 0 ? piece : Buffer.concat([carry, piece]);
      if (first) refuseUtf16(bytes);
      const whole = bytes.subarray(0, bytes.length - incompleteTail(bytes));
      // A copy: the piece is valid during the call only.
      carry = Buffer.from(bytes.subarray(whole.length));
      const text = decode(whole, offset, rows);
      offset += whole.length;
      const marked = first && text.startsWith('\ufeff');
      first = false;
      return marked ? text.slice(1) : text;
    },
    end: () => {
      if (carry.length > 0) throw notUtf8(carry, 0, offset, rows);
    },
  };
}

/** Text of UTF-8 chunks. @throws RefusedFile as the decoder does */
export async function* utf8Text(chunks: AsyncIterable<Buffer>, rows: () => number): AsyncGenerator<string> {
  const decoder = utf8Decoder(rows);
  for await (const chunk of chunks) yield decoder.decode(chunk);
  decoder.end();
}

function decode(bytes: Buffer, offset: number, rows: () => number): string {
  if (isAscii(bytes)) return bytes.toString('latin1');
  if (isUtf8(bytes)) return bytes.toString('utf8');
  throw notUtf8(bytes, firstInvalid(bytes), offset, rows);
}

/** How many bytes at the end begin a character whose rest is in the next chunk. */
function incompleteTail(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? back : 0;
  }
  return 0;
}

/** Index of the first byte that spoils the text; a prefix is cut where a character ends, so halving finds it. */
function firstInvalid(bytes: Buffer): number {
  let [low, high] = [0, bytes.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const prefix = bytes.subarray(0, middle);
    if (isUtf8(prefix.subarray(0, middle - incompleteTail(prefix)))) low = middle;
    else high = middle - 1;
  }
  return low - incompleteTail(bytes.subarray(0, low));
}

function notUtf8(bytes: Buffer, at: number, offset: number, rows: () => number): RefusedFile {
  const byte = (bytes[at] ?? 0).toString(16).padStart(2, '0');
  return new RefusedFile(
    'encoding',
    `not UTF-8: byte 0x${byte} at offset ${offset + at}; it looks like Windows-1252 or Latin-1: convert the file to UTF-8`,
    rows() + 1,
  );
}

function refuseUtf16(bytes: Buffer): void {
  const [first, second] = [bytes[0], bytes[1]];
  const order =
    first === 0xff && second === 0xfe
      ? 'little'
      : first === 0xfe && second === 0xff
        ? 'big'
        : nulOrder(bytes.subarray(0, 4096));
  if (order !== undefined)
    throw new RefusedFile('encoding', `this is UTF-16 (${order}-endian), not UTF-8; convert the file to UTF-8`);
  if (isBinary(bytes.subarray(0, 4096)))
    throw new RefusedFile(
      'unreadable',
      'holds many NUL bytes near its start, so it is no text; send CSV, JSON or Parquet',
    );
}

/** A NUL here and there spoils a cell; more of them are no text. */
function isBinary(bytes: Buffer): boolean {
  if (!bytes.includes(0)) return false;
  return bytes.reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0) * 50 > bytes.length;
}

/** UTF-16 without a mark: text whose every second byte is NUL. */
function nulOrder(bytes: Buffer): 'little' | 'big' | undefined {
  const nuls = [0, 0];
  for (const [index, byte] of bytes.entries()) if (byte === 0) nuls[index % 2] = (nuls[index % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = nuls;
  const many = bytes.length / 5;
  return odd > many && even === 0 ? 'little' : even > many && odd === 0 ? 'big' : undefined;
}
