import type { Column, DataSchema } from '../../../contracts/data-schema.ts';
import { CELL_END, type Line, type PlainCell } from './cell-form.ts';

const [ZERO, MINUS, POINT] = [48, 45, 46];
/** Nine digits fit into 32 bits, where arithmetic is fastest. */
const FEW_DIGITS = 9;
/** With at most 15 digits a decimal number names one double and is its shortest form; both parts of the quotient are exact. */
const MOST_DIGITS = 15;
const TENS = Float64Array.from({ length: MOST_DIGITS + 1 }, (_, power) => 10 ** power);
/** Below a millionth the shortest form has an exponent. */
const LEAST_WITHOUT_EXPONENT = 1e-6;

/** What a column asks of its numbers. */
interface Wanted {
  readonly min: number;
  readonly max: number;
  readonly integer: boolean;
  /** Only 0 and 1 are a target. */
  readonly target: boolean;
}

/** Numbers of at most 15 digits, with a decimal point or without: read, checked and written in one look at their digits. */
export function plainNumber(column: Column, schema: DataSchema, kinds: Uint8Array): PlainCell {
  const wanted: Wanted = {
    min: typeof column.min === 'number' ? column.min : Number.NEGATIVE_INFINITY,
    max: typeof column.max === 'number' ? column.max : Number.POSITIVE_INFINITY,
    integer: column.integer === true,
    target: column.name === schema.target,
  };
  const { min, max, integer, target } = wanted;
  const long = longNumber(wanted, kinds);
  return (bytes, start, buffer, line) => {
    const out = line.bytes;
    let to = line.at;
    let at = start;
    let code = bytes[at] ?? 0;
    const negative = code === MINUS;
    if (negative) {
      out[to++] = MINUS;
      code = bytes[++at] ?? 0;
    }
    const whole = at;
    let mantissa = 0;
    for (; code >= 48 && code <= 57; code = bytes[++at] ?? 0) {
      mantissa = (mantissa * 10 + code - ZERO) | 0;
      out[to++] = code;
    }
    let digits = at - whole;
    let scale = 0;
    let point = to;
    if (code === POINT) {
      out[to++] = POINT;
      for (code = bytes[++at] ?? 0; code >= 48 && code <= 57; code = bytes[++at] ?? 0) {
        mantissa = (mantissa * 10 + code - ZERO) | 0;
        out[to++] = code;
      }
      scale = at - whole - digits - 1;
      if (scale === 0) return -1;
      digits += scale;
      // Zeros at the end count only when another digit follows them.
      while (out[to - 1] === ZERO) to--;
      if (to - 1 === point) to = point;
    } else point = to;
    if (digits > FEW_DIGITS || (bytes[whole] === ZERO && digits - scale > 1)) return long(bytes, start, buffer, line);
    if (digits === scale || kinds[code] !== CELL_END || (integer && to > point)) return -1;
    if (mantissa === 0) {
      to = line.at;
      out[to++] = ZERO;
    }
    const size = scale === 0 ? mantissa : mantissa / (TENS[scale] ?? 1);
    if (size < LEAST_WITHOUT_EXPONENT && mantissa !== 0) return -1;
    const value = negative && mantissa !== 0 ? -size : size;
    if (value < min || value > max || (target && value !== 0 && value !== 1)) return -1;
    if (integer) buffer.setWhole(value);
    else {
      // Not by a method: a number handed over would be put on the heap.
      const { row } = buffer.cursor;
      buffer.present[row] = 1;
      buffer.doubles[row] = value;
    }
    line.at = to;
    return at;
  };
}

/** The same for more digits, or with needless zeros at the front; digits are found first, and read then. */
function longNumber({ min, max, integer, target }: Wanted, kinds: Uint8Array): PlainCell {
  return (bytes, start, buffer, line) => {
    let at = start;
    const negative = bytes[at] === MINUS;
    if (negative) at++;
    while (bytes[at] === ZERO && isDigit(bytes[at + 1] ?? 0)) at++;
    const whole = at;
    let code = bytes[at] ?? 0;
    while (isDigit(code)) code = bytes[++at] ?? 0;
    const point = at;
    let last = at;
    if (point === whole) return -1;
    if (code === POINT) {
      for (code = bytes[++at] ?? 0; isDigit(code); code = bytes[++at] ?? 0) if (code !== ZERO) last = at + 1;
      if (at === point + 1) return -1;
    }
    if (kinds[code] !== CELL_END) return -1;
    const scale = last === point ? 0 : last - point - 1;
    if (point - whole + scale > MOST_DIGITS || (integer && scale > 0)) return -1;
    const mantissa = wholeNumber(bytes, whole, point, last);
    const size = scale === 0 ? mantissa : mantissa / (TENS[scale] ?? 1);
    if (scale > 0 && size < LEAST_WITHOUT_EXPONENT) return -1;
    const value = negative && mantissa !== 0 ? -size : size;
    if (value < min || value > max || (target && value !== 0 && value !== 1)) return -1;
    if (integer) buffer.setWhole(value);
    else {
      // Not by a method: a number handed over would be put on the heap.
      const { row } = buffer.cursor;
      buffer.present[row] = 1;
      buffer.doubles[row] = value;
    }
    write(bytes, whole, last, value < 0, line);
    return at;
  };
}

function write(bytes: Buffer, from: number, end: number, negative: boolean, line: Line): void {
  const out = line.bytes;
  let to = line.at;
  if (negative) out[to++] = MINUS;
  for (let at = from; at < end; at++) out[to++] = bytes[at] ?? 0;
  line.at = to;
}

/** The number of the digits between two places, leaving out the point. */
function wholeNumber(bytes: Buffer, from: number, point: number, to: number): number {
  let at = from;
  let small = 0;
  for (const few = Math.min(to, from + FEW_DIGITS); at < few; at++)
    if (at !== point) small = (small * 10 + (bytes[at] ?? 0) - ZERO) | 0;
  let large = small;
  for (; at < to; at++) if (at !== point) large = large * 10 + (bytes[at] ?? 0) - ZERO;
  return large;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
