/** A value in the Thrift compact protocol, the form of Parquet's metadata. A list holds values of one type. */
export type Thrift =
  | { readonly i32: number }
  | { readonly i64: number }
  | { readonly text: string }
  | { readonly truth: boolean }
  | { readonly list: readonly Thrift[] }
  /** Fields by number, in increasing order. */
  | { readonly fields: readonly (readonly [id: number, value: Thrift])[] };

const TYPE = { i32: 5, i64: 6, text: 8, list: 9, fields: 12 } as const;

/** The bytes of a struct (https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md). */
export function thriftBytes(fields: readonly (readonly [number, Thrift])[]): Buffer {
  const bytes: number[] = [];
  writeStruct(fields, bytes);
  return Buffer.from(bytes);
}

function writeStruct(fields: readonly (readonly [number, Thrift])[], bytes: number[]): void {
  let before = 0;
  for (const [id, value] of fields) {
    const type = typeOf(value);
    const delta = id - before;
    if (delta > 15) throw new RangeError('fields further apart than 15 are not written');
    bytes.push((delta << 4) | type);
    writeValue(value, bytes);
    before = id;
  }
  bytes.push(0);
}

function typeOf(value: Thrift): number {
  if ('truth' in value) return value.truth ? 1 : 2;
  if ('i32' in value) return TYPE.i32;
  if ('i64' in value) return TYPE.i64;
  if ('text' in value) return TYPE.text;
  return 'list' in value ? TYPE.list : TYPE.fields;
}

function writeValue(value: Thrift, bytes: number[]): void {
  if ('i32' in value) writeVarint(zigzag(value.i32), bytes);
  else if ('i64' in value) writeVarint(zigzag(value.i64), bytes);
  else if ('text' in value) {
    const text = Buffer.from(value.text, 'utf8');
    writeVarint(text.length, bytes);
    for (const byte of text) bytes.push(byte);
  } else if ('list' in value) {
    const [first] = value.list;
    const type = first === undefined ? TYPE.fields : typeOf(first);
    const { length } = value.list;
    if (length < 15) bytes.push((length << 4) | type);
    else {
      bytes.push(0xf0 | type);
      writeVarint(length, bytes);
    }
    for (const item of value.list) writeValue(item, bytes);
  } else if ('fields' in value) writeStruct(value.fields, bytes);
}

/** Sizes and counts only, which stay below 2^52. */
const zigzag = (value: number) => (value < 0 ? -2 * value - 1 : 2 * value);

/** Seven bits a byte, the lowest first. */
export function writeVarint(value: number, bytes: number[]): void {
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}
