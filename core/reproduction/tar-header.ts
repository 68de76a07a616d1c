import { unreadable } from './byte-reader.ts';

/** One header block of a tar archive. */
export interface TarHeader {
  readonly name: string;
  readonly size: number;
  /** The type flag as POSIX and GNU tar spell it; a file is `0`. */
  readonly type: string;
  readonly linkName: string;
}

export const BLOCK_BYTES = 512;

/**
 * Reads a header: ustar (https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06), with GNU's binary sizes.
 * @returns undefined for a block of zeros, which ends an archive
 */
export function tarHeader(block: Buffer): TarHeader | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  if (checksum(block) !== octal(block, 148, 8)) throw unreadable('holds a damaged header');
  // GNU's own format uses the bytes of the prefix for times.
  const prefix = block.subarray(257, 263).toString('latin1') === 'ustar\0' ? text(block, 345, 155) : '';
  const name = text(block, 0, 100);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    size: sizeOf(block),
    type: block[156] === 0 ? '0' : String.fromCharCode(block[156] ?? 0),
    linkName: text(block, 157, 100),
  };
}

/** The records `length key=value` of a pax header; of a key that comes twice the last. */
export function paxRecords(bytes: Buffer): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const length = space < 0 ? Number.NaN : Number(bytes.subarray(at, space).toString('latin1'));
    const equals = bytes.indexOf(0x3d, space);
    if (!Number.isInteger(length) || length <= 0 || at + length > bytes.length || equals < 0 || equals >= at + length)
      throw unreadable('holds a damaged pax header');
    found.set(
      bytes.subarray(space + 1, equals).toString('utf8'),
      bytes.subarray(equals + 1, at + length - 1).toString('utf8'),
    );
    at += length;
  }
  return found;
}

/** The sum of all bytes, those of the sum itself taken as spaces. */
function checksum(block: Buffer): number {
  return block.reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 0x20 : byte), 0);
}

function sizeOf(block: Buffer): number {
  const first = block[124] ?? 0;
  if ((first & 0x80) === 0) return octal(block, 124, 12);
  const size = block.subarray(125, 136).reduce((value, byte) => value * 256 + byte, first & 0x7f);
  if (!Number.isSafeInteger(size)) throw unreadable('holds a file of an impossible size');
  return size;
}

function octal(block: Buffer, at: number, length: number): number {
  const digits = text(block, at, length).trim();
  if (!/^[0-7]*$/.test(digits)) throw unreadable('holds a damaged header');
  return digits === '' ? 0 : Number.parseInt(digits, 8);
}

function text(block: Buffer, at: number, length: number): string {
  const field = block.subarray(at, at + length);
  const end = field.indexOf(0);
  return field.subarray(0, end < 0 ? length : end).toString('utf8');
}
