import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanDecimal } from '../../../../core/capture/fast/decimal-scanner.ts';

/** Number and end of what is scanned from the text, which stands among other bytes; undefined when it is left to the caller. */
function scan(text: string, after = ',next,9999999999999999') {
  const before = '987654321';
  const bytes = Buffer.from(before + text + after);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const into = Float64Array.of(Number.NaN);
  const end = scanDecimal(view, before.length, into, 0);
  return end < 0 ? undefined : { value: into[0], end: end - before.length };
}

/** What JavaScript itself reads (IEEE 754, nearest, ties to even) is the reference. */
function isExact(text: string, after?: string) {
  const found = scan(text, after);
  if (found !== undefined) expect({ text, ...found }).toEqual({ text, value: Number(text), end: text.length });
  return found !== undefined;
}

const digits = (minLength: number, maxLength: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength, maxLength }).map((list) => list.join(''));
const plain = fc
  .tuple(fc.constantFrom('', '-'), fc.integer({ min: 0, max: 99_999_999 }), fc.option(digits(1, 9)))
  .map(([sign, whole, fraction]) => `${sign}${whole}${fraction === null ? '' : `.${fraction}`}`);
const long = fc
  .tuple(fc.constantFrom('', '-'), fc.constantFrom('', '1', '7', '9007199254740993'), digits(1, 12), digits(0, 25))
  .map(([sign, head, whole, fraction]) =>
    `${sign}${head}${whole}${fraction && `.${fraction}`}`.replace(/^(-?)0+(?=\d)/, '$1'),
  );

describe('scanDecimal', () => {
  it('reads the usual numbers as JavaScript does, whatever comes after them', () => {
    fc.assert(
      fc.property(plain, fc.constantFrom(',', '"', '\n', '}', ']', ' ', '\\n', ',.5', '",9'), (text, after) => {
        expect(isExact(text, `${after}123456789012345678901234`)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('reads numbers of any length to the nearest double, or leaves them', () => {
    fc.assert(fc.property(long, fc.constantFrom(undefined, '', ','), isExactOrLeft), { numRuns: 2000 });
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        isExact(String(value));
        isExact(value.toPrecision(17));
        isExact(value.toPrecision(25));
        isExact(value.toExponential());
      }),
      { numRuns: 1000 },
    );
  });

  it('reads doubles of ordinary size to the last bit, at and beside edges and between two doubles', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-4, max: 1e6, noNaN: true }), (edge) => {
        const bits = new BigInt64Array(Float64Array.of(edge).buffer);
        for (const step of [-1n, 0n, 1n]) {
          const [beside = 0] = new Float64Array(BigInt64Array.of((bits[0] ?? 0n) + step).buffer);
          expect(isExact(String(beside))).toBe(true);
        }
        // The middle between two doubles, and a hair beside it, written out: 17 digits decide nothing here.
        const [next = 0] = new Float64Array(BigInt64Array.of((bits[0] ?? 0n) + 1n).buffer);
        const middle = exactMiddle(edge, next);
        for (const text of [middle, `${middle}1`, middle.slice(0, -1)]) isExact(text);
      }),
      { numRuns: 500 },
    );
  });

  it('reads almost every number of 16 to 25 digits itself', () => {
    const texts = Array.from({ length: 2000 }, (_, i) => (Math.sin(i) * 10 ** ((i % 9) - 4)).toPrecision(17 + (i % 9)));
    const own = texts.filter((text) => !text.includes('e')).filter((text) => isExact(text));
    expect(own.length).toBeGreaterThan(1900);
  });

  it.each([
    '',
    '-',
    '.5',
    '-.5',
    '1.',
    '01',
    '-01',
    '00',
    '+1',
    'NaN',
    'Infinity',
    'a1',
    '1.e5',
    '1e',
    '1e+',
    '--1',
    ' 1',
  ])('leaves %j to the caller', (text) => expect(scan(text)).toBeUndefined());

  it.each([
    ['-0', -0],
    ['0', 0],
    ['0.0', 0],
    ['-0.00', -0],
    ['5e-324', 5e-324],
    ['1e22', 1e22],
    ['1E+2', 100],
    ['123456789012345680000', 123456789012345680000],
    ['0.1234567890123456789', 0.12345678901234568],
    ['99999999', 99999999],
    ['12345678.12345678', 12345678.12345678],
  ])('reads %s, or leaves it', (text, value) => {
    const found = scan(text);
    expect(Object.is(found?.value ?? value, value)).toBe(true);
  });

  it('ends before a second point, and at the end of the bytes', () => {
    expect(scan('1.5.2')).toEqual({ value: 1.5, end: 3 });
    expect(scan('12.25', '')).toEqual({ value: 12.25, end: 5 });
  });
});

function isExactOrLeft(text: string, after: string | undefined) {
  isExact(text, after);
}

/** The decimal text of (a + b) / 2 for neighbouring doubles, exactly: of a double scaled to a whole number. */
function exactMiddle(a: number, b: number): string {
  const scale = 1100n;
  const whole = (value: number) => {
    const [bits = 0n] = new BigUint64Array(Float64Array.of(value).buffer);
    return ((bits & 0xfffffffffffffn) | 0x10000000000000n) << (((bits >> 52n) & 0x7ffn) - 1075n + scale);
  };
  // Twice the middle over 2^(scale + 1), as a decimal fraction: n / 2^k = n · 5^k / 10^k.
  const places = scale + 1n;
  const text = ((whole(a) + whole(b)) * 5n ** places).toString().padStart(Number(places) + 1, '0');
  return `${text.slice(0, -Number(places))}.${text.slice(-Number(places))}`.replace(/0+$/, '');
}
