import type { CapturedValues } from './captured-batch.ts';

/** Codes of a category feature, row by row. */
export type RowCodes = (row: number) => number;

const FIRST_ROOM = 64;
const UNKNOWN = -1;

/**
 * Codes of the values of one category feature, each worked out once.
 * @param codeOf 0 or more; undefined is missing
 */
export function placeCodes(codeOf: (value: string | undefined) => number): (values: CapturedValues) => RowCodes {
  const missing = codeOf(undefined);
  let codes = new Int32Array(FIRST_ROOM).fill(UNKNOWN);
  let meaning: object | undefined;
  return (values) => {
    if (values.meaning !== meaning) codes.fill(UNKNOWN);
    meaning = values.meaning;
    if (codes.length < values.size) {
      const larger = new Int32Array(2 * values.size).fill(UNKNOWN);
      larger.set(codes);
      codes = larger;
    }
    const { places } = values;
    return (row) => {
      const place = places[row] ?? UNKNOWN;
      if (place < 0) return missing;
      const known = codes[place] ?? UNKNOWN;
      if (known >= 0) return known;
      const code = codeOf(values.valueAt(place));
      codes[place] = code;
      return code;
    };
  };
}
