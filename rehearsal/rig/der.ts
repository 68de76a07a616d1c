/** The few ASN.1 values a certificate consists of, in their distinguished encoding (X.690). */

const TAG = {
  truth: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  objectId: 0x06,
  text: 0x0c,
  utcTime: 0x17,
} as const;
const CONSTRUCTED = 0x20;
const CONTEXT = 0x80;

/** SEQUENCE of values already encoded. */
export const sequence = (...items: readonly Buffer[]) => value(0x10 | CONSTRUCTED, Buffer.concat(items));
/** SET of values already encoded; callers give one, so that nothing needs sorting. */
export const set = (...items: readonly Buffer[]) => value(0x11 | CONSTRUCTED, Buffer.concat(items));
/** `[number] EXPLICIT` around a value already encoded. */
export const explicit = (number: number, item: Buffer) => value(CONTEXT | CONSTRUCTED | number, item);
/** `[number] IMPLICIT` bytes. */
export const tagged = (number: number, bytes: Buffer) => value(CONTEXT | number, bytes);
/** INTEGER from its big-endian two's complement bytes. */
export const integer = (bytes: Buffer) => value(TAG.integer, bytes);
/** OCTET STRING. */
export const octets = (bytes: Buffer) => value(TAG.octets, bytes);
/** BIT STRING whose last byte has `unused` bits that do not count. */
export const bits = (bytes: Buffer, unused: number) => value(TAG.bits, Buffer.concat([Buffer.from([unused]), bytes]));
/** UTF8String. */
export const text = (characters: string) => value(TAG.text, Buffer.from(characters));
/** UTCTime, `YYMMDDHHMMSSZ`: years below 50 are of this century. */
export const utcTime = (characters: string) => value(TAG.utcTime, Buffer.from(characters));
/** BOOLEAN true. */
export const truth = () => value(TAG.truth, Buffer.from([0xff]));

/** OBJECT IDENTIFIER from its dotted form. */
export function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return value(TAG.objectId, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(number: number): number[] {
  const digits = [number & 0x7f];
  for (let left = number >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80);
  return digits;
}

function value(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag, ...lengthOf(content)]), content]);
}

function lengthOf(content: Buffer): number[] {
  const { length } = content;
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}
