import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Column } from '../../../contracts/data-schema.ts';
import { normaliseColumn } from '../../../core/intake/normalise/column.ts';
import { schemaOf } from './take-file.ts';

function normaliser(column: Omit<Column, 'name'>, target = false) {
  const schema = schemaOf({ columns: [{ name: 'c', ...column }], ...(target ? { target: 'c' } : {}) });
  const normalise = normaliseColumn({ name: 'c', ...column }, schema);
  return (cell: string | number | boolean) => {
    const result = normalise(cell);
    return typeof result === 'string' ? result : `!${result.rule}`;
  };
}

describe('numbers', () => {
  const number = normaliser({ kind: 'numeric' });

  test('any double survives the way through text and back, in one form', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const expected = value === 0 ? '0' : String(value);
        expect(number(String(value))).toBe(expected);
        expect(number(value)).toBe(expected);
        expect(number(value.toExponential())).toBe(expected);
      }),
    );
  });

  test('decimal texts get the shortest form of their double, whatever zeros and signs they carry', () => {
    const digits = fc.stringMatching(/^[0-9]{1,17}$/);
    fc.assert(
      fc.property(fc.constantFrom('', '-', '+'), digits, fc.option(digits), (sign, whole, fraction) => {
        const text = `${sign}${whole}${fraction === null ? '' : `.${fraction}`}`;
        const value = Number(text);
        expect(number(text)).toBe(value === 0 ? '0' : String(value));
      }),
      { numRuns: 2000 },
    );
  });

  test.each(['abc', '1,5', '0x10', '1_000', 'NaN', 'Infinity', '-inf', '1e999', '--1', '1e', '.', '٣'])(
    'the text %j is no number',
    (text) => {
      expect(number(text)).toBe('!type');
    },
  );

  test('blanks around a number and missing digits beside the point are taken', () => {
    expect([number(' 12.50 '), number('.5'), number('5.')]).toEqual(['12.5', '0.5', '5']);
  });

  test('NaN and infinities of JSON and Parquet are no numbers', () => {
    expect([number(Number.NaN), number(Number.POSITIVE_INFINITY), number(true)]).toEqual(['!type', '!type', '!type']);
  });

  test('bounds are inclusive and compare numbers, not texts', () => {
    const bounded = normaliser({ kind: 'numeric', min: -1, max: 10 });
    expect(['-1', '10', '9.5', '10.01', '-1.5', '1e1'].map(bounded)).toEqual([
      '-1',
      '10',
      '9.5',
      '!range',
      '!range',
      '10',
    ]);
  });
});

describe('whole numbers', () => {
  const integer = normaliser({ kind: 'numeric', integer: true });

  test('any 64-bit number keeps all its digits', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        expect(integer(String(value))).toBe(String(value));
      }),
    );
  });

  test('beyond 64 bits, beyond the digits of a JSON number, and fractions are refused', () => {
    expect(integer('9223372036854775808')).toBe('!integer');
    expect(integer('-9223372036854775809')).toBe('!integer');
    expect(integer('9'.repeat(100_000))).toBe('!integer');
    expect(integer(2 ** 53)).toBe('!integer');
    expect([integer('1.5'), integer(1.5), integer('1e-1')]).toEqual(['!integer', '!integer', '!integer']);
  });

  test('whole values in other clothes are taken', () => {
    expect([integer('12.0'), integer('1e3'), integer('+007'), integer('-0'), integer(12)]).toEqual([
      '12',
      '1000',
      '7',
      '0',
      '12',
    ]);
  });
});

describe('timestamps', () => {
  const timestamp = normaliser({ kind: 'timestamp', min: '0001-01-01' });

  test('any instant, written in any zone, becomes the same UTC text', () => {
    const instants = fc.date({
      min: new Date('0001-01-02T00:00:00Z'),
      max: new Date('9999-12-30T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instants, fc.integer({ min: -14 * 60, max: 14 * 60 }), (instant, minutesEast) => {
        const utc = instant.toISOString();
        const seconds = utc.slice(0, 19).replace('T', ' ');
        const fraction = utc.slice(20, 23).replace(/0+$/, '');
        const canonical = fraction === '' ? seconds : `${seconds}.${fraction}`;
        const local = new Date(instant.getTime() + minutesEast * 60_000).toISOString().slice(0, 23);
        const zone = `${minutesEast < 0 ? '-' : '+'}${two(Math.abs(minutesEast) / 60)}:${two(Math.abs(minutesEast) % 60)}`;
        expect(timestamp(utc)).toBe(canonical);
        expect(timestamp(`${local}${zone}`)).toBe(canonical);
        expect(timestamp(canonical)).toBe(canonical);
      }),
    );
  });

  test.each([
    ['2001-02-29', '!type'],
    ['2000-02-29', '2000-02-29 00:00:00'],
    ['1900-02-29', '!type'],
    ['2001-13-01', '!type'],
    ['2001-04-31 10:00:00', '!type'],
    ['2001-01-01 24:00:00', '!type'],
    ['2001-01-01 23:59:60', '!type'],
    ['2001-01-01T05:30', '2001-01-01 05:30:00'],
    ['2001-01-01 05:30:00.123456789', '2001-01-01 05:30:00.123456'],
    ['2001-01-01 05:30:00 UTC', '2001-01-01 05:30:00'],
    ['0000-01-01', '!type'],
    ['0001-01-01T00:00:00+01:00', '!type'],
    ['01/02/2001', '!type'],
    ['978307200', '!type'],
  ])('%j is %j', (text, expected) => {
    expect(timestamp(text)).toBe(expected);
  });

  test('bounds are instants', () => {
    const bounded = normaliser({ kind: 'timestamp', min: '2001-01-01T00:00:00Z', max: '2001-01-31T23:59:59.500Z' });
    expect(bounded('2001-01-01T01:00:00+02:00')).toBe('!range');
    expect(bounded('2001-01-31 23:59:59.5')).toBe('2001-01-31 23:59:59.5');
    expect(bounded('2001-01-31 23:59:59.51')).toBe('!range');
  });
});

const two = (value: number) => String(Math.floor(value)).padStart(2, '0');

describe('booleans', () => {
  const boolean = normaliser({ kind: 'boolean' });

  test('true, false, 1 and 0 are taken in any case and from any format', () => {
    expect(['true', 'TRUE', ' True ', '1', 1, true].map(boolean)).toEqual(Array(6).fill('true'));
    expect(['false', 'False', '0', 0, false].map(boolean)).toEqual(Array(5).fill('false'));
  });

  test('anything else is not guessed at', () => {
    expect(['yes', 't', '2', 2, 'on', '1.0'].map(boolean)).toEqual(Array(6).fill('!type'));
  });
});

describe('texts', () => {
  test('length counts characters, not code units', () => {
    const short = normaliser({ kind: 'text', maxLength: 3 });
    expect([short('abc'), short('😀😀😀'), short('abcd'), short('😀😀😀😀')]).toEqual([
      'abc',
      '😀😀😀',
      '!length',
      '!length',
    ]);
  });

  test('half a surrogate pair and NUL are no text', () => {
    const text = normaliser({ kind: 'text' });
    expect([text('a\ud800'), text('a\0b')]).toEqual(['!type', '!type']);
  });

  test('allowed values, also when one is named like something of the language', () => {
    const category = normaliser({ kind: 'categorical', values: ['a', 'constructor'] });
    expect([category('a'), category('constructor'), category('toString'), category('A')]).toEqual([
      'a',
      'constructor',
      '!values',
      '!values',
    ]);
  });

  test('a pattern must match the whole value', () => {
    const code = normaliser({ kind: 'identifier', pattern: '[A-Z]{3}' });
    expect([code('ABC'), code('ABCD'), code('xABC')]).toEqual(['ABC', '!pattern', '!pattern']);
  });
});

test('a numeric target is 0 or 1', () => {
  const target = normaliser({ kind: 'numeric' }, true);
  expect([target('0'), target('1.0'), target('0.5'), target('2')]).toEqual(['0', '1', '!values', '!values']);
});
