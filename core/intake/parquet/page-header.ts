/** What the header of a dictionary page says. */
export interface DictionaryPage {
  /** Bytes of the header, behind which the page lies. */
  readonly headerBytes: number;
  readonly compressedBytes: number;
  readonly uncompressedBytes: number;
  readonly values: number;
}

const DICTIONARY_PAGE = 2;
/** Types of the Thrift compact protocol. */
const TYPE = { yes: 1, no: 2, byte: 3, i16: 4, i32: 5, i64: 6, struct: 12 } as const;
const DICTIONARY_HEADER = 7;

/** Reads the header of a dictionary page from the first bytes of a column chunk; undefined when another page, or nothing sensible, lies there. */
export function dictionaryPage(bytes: Uint8Array): DictionaryPage | undefined {
  let at = 0;
  const varint = (): number => {
    let [value, power] = [0, 1];
    for (;;) {
      const byte = bytes[at++];
      if (byte === undefined || power > 2 ** 63) return Number.NaN;
      value += (byte & 127) * power;
      if (byte < 128) return value;
      power *= 128;
    }
  };
  const integer = (): number => {
    const value = varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  };
  /** The integers of a struct by number; undefined when it holds anything but numbers, booleans and one struct within. */
  const struct = (depth: number): ReadonlyMap<number, number> | undefined => {
    const numbers = new Map<number, number>();
    for (let field = 0; ; ) {
      const head = bytes[at++];
      if (head === undefined) return undefined;
      if (head === 0) return numbers;
      field = head >> 4 === 0 ? integer() : field + (head >> 4);
      const type = head & 15;
      if (type === TYPE.yes || type === TYPE.no) continue;
      if (type === TYPE.byte) at++;
      else if (type === TYPE.i16 || type === TYPE.i32 || type === TYPE.i64) numbers.set(field, integer());
      else if (type === TYPE.struct && depth === 0) {
        const inner = struct(1);
        if (inner === undefined) return undefined;
        if (field === DICTIONARY_HEADER) numbers.set(-DICTIONARY_HEADER, inner.get(1) ?? 0);
      } else return undefined;
    }
  };
  const header = struct(0);
  const [uncompressedBytes, compressedBytes] = [header?.get(2) ?? -1, header?.get(3) ?? -1];
  const values = header?.get(-DICTIONARY_HEADER) ?? -1;
  if (header?.get(1) !== DICTIONARY_PAGE || !(uncompressedBytes >= 0 && compressedBytes >= 0 && values >= 0))
    return undefined;
  return { headerBytes: at, compressedBytes, uncompressedBytes, values };
}
