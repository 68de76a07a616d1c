import { writeVarint } from './thrift.ts';

/** Bits that a code below `size` needs; at least one, as readers differ on none. */
export function codeBits(size: number): number {
  return Math.max(1, 32 - Math.clz32(size - 1));
}

/**
 * Codes of a dictionary as the values of a page: their width, then one run of packed bits, the lowest first, behind the levels
 * (https://github.com/apache/parquet-format/blob/master/Encodings.md).
 */
export function bitPacked(codes: Uint16Array, count: number, width: number, levels: Buffer): Buffer {
  const groups = Math.ceil(count / 8);
  const run: number[] = [];
  if (count > 0) writeVarint(groups * 2 + 1, run);
  const page = Buffer.alloc(levels.length + 1 + run.length + groups * width);
  page.set(levels);
  page[levels.length] = width;
  page.set(run, levels.length + 1);
  let [to, bits, held] = [levels.length + 1 + run.length, 0, 0];
  for (let at = 0; at < count; at++) {
    bits |= (codes[at] ?? 0) << held;
    held += width;
    for (; held >= 8; held -= 8) {
      page[to++] = bits & 255;
      bits >>>= 8;
    }
  }
  if (held > 0) page[to] = bits & 255;
  return page;
}
