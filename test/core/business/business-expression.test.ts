import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Instance } from '../../../contracts/serving.ts';
import {
  type BusinessRow,
  type ColumnType,
  parseBusinessExpression,
} from '../../../core/business/business-expression.ts';

const COLUMNS = new Map<string, ColumnType>([
  ['amount', 'number'],
  ['city', 'text'],
  ['is new', 'boolean'],
]);
const parse = (expression: string) => parseBusinessExpression(expression, COLUMNS);
const row = (more: Partial<BusinessRow> = {}, instance: Instance = {}): BusinessRow => ({
  score: 0.7,
  predicted: 1,
  label: 0,
  value: 12.5,
  instance: { amount: 40, city: 'X', 'is new': true, ...instance },
  ...more,
});

describe('parseBusinessExpression', () => {
  it.each([
    ['predicted == 0 && label == 1 ? 120.0 : 0.0', 0],
    ['predicted == 1 && label == 0 ? 120.0 : 0.0', 120],
    ['row.amount * 0.5 - value', 7.5],
    ['row["is new"] && row.city in ["X", "Y"] ? score : 1.0', 0.7],
    ['row.amount > 100 ? 1 : 2', 2],
    ['max(abs(-3.0), min(row.amount, 2.0)) + double(predicted)', 4],
    ['row.city.startsWith("X") ? double(size(row.city)) : 0.0', 1],
  ])('computes %s', (expression, expected) => {
    expect(parse(expression).evaluate(row())).toBe(expected);
  });

  it('knows which expressions need a label, and gives nothing without one', () => {
    const [free, labelled, valued] = [parse('score'), parse('label == 1 ? 1.0 : 0.0'), parse('value * 2.0')];
    expect([free.needsLabel, labelled.needsLabel, valued.needsLabel]).toEqual([false, true, true]);
    const open = row({ label: undefined, value: undefined });
    expect([free.evaluate(open), labelled.evaluate(open), valued.evaluate(open)]).toEqual([0.7, undefined, undefined]);
    expect(valued.evaluate(row({ value: Number.NaN }))).toBeUndefined();
  });

  it('gives nothing where a column it reads is missing or no number, and reads numbers sent as text', () => {
    const amount = parse('row.amount + 1.0');
    expect(amount.evaluate(row({}, { amount: null }))).toBeUndefined();
    expect(amount.evaluate(row({}, { amount: 'many' }))).toBeUndefined();
    expect(amount.evaluate(row({}, { amount: '2.5' }))).toBe(3.5);
    expect(amount.evaluate(row({}, { city: null }))).toBe(41);
  });

  it('gives nothing where the result is no finite number', () => {
    expect(parse('1.0 / (row.amount - 40.0)').evaluate(row())).toBeUndefined();
    expect(parse('1 / label').evaluate(row())).toBeUndefined();
    expect(parse('double(row.city)').evaluate(row())).toBeUndefined();
  });

  it.each([
    ['valu * 2.0', /names valu, which there is not.*use score, predicted, label, value or row/],
    ['row.amout', /reads a column amout that there is not .*; use one of: amount, city, is new/],
    ['row.amount > 3.0', /gives a bool, and must give a number/],
    ['row.city', /gives a string, and must give a number/],
    ['dyn(score)', /calls dyn/],
    ['score + label', /does not fit together.*double\(label\)/],
    ['score == 1 ? 1.0 : 0.0', /does not fit together: .*write 1\.0/],
    ['predicted == ', /is not an expression/],
    ['', /is not an expression/],
  ])('refuses %s', (expression, message) => {
    expect(() => parse(expression)).toThrow(message);
  });

  it('names all problems at once, with the path', () => {
    expect(() => parseBusinessExpression('foo + row.bar + f(1)', COLUMNS, 'business[2].expression')).toThrow(
      /business\[2\]\.expression: names foo[\s\S]*calls f[\s\S]*bar/,
    );
  });

  it.each([
    ['row.constructor == row.constructor ? 1.0 : 0.0'],
    ['row.__proto__.x'],
    ['row["__proto__"] == "" ? 1.0 : 0.0'],
    ['constructor'],
    ['score.constructor'],
    ['row == row ? 1.0 : 0.0'],
    ['"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!".matches("(a+)+$") ? 1.0 : 0.0'],
    ['[1, 2, 3].map(x, x * 2).size()'],
    ['[1, 2, 3].all(x, x > 0) ? 1.0 : 0.0'],
    ['{"a": 1.0}["a"]'],
  ])('lets nothing reach beyond the row, loop, or grow: %s', (expression) => {
    expect(() => parse(expression)).toThrow(/invalid-business-expression/);
  });

  it('refuses what is nested too deep or too long', () => {
    for (const expression of [`${'('.repeat(200)}1.0${')'.repeat(200)}`, `${'1.0 + '.repeat(600)}1.0`])
      expect(() => parse(expression)).toThrow(/invalid-business-expression/);
  });

  it('never throws anything but its own error, and what it accepts never throws', () => {
    const word = fc.constantFrom(
      'score',
      'label',
      'value',
      'row.amount',
      'row.city',
      '1.0',
      '2',
      '+',
      '*',
      '/',
      '?',
      ':',
      '==',
      '(',
      ')',
      '"a"',
      'in',
      '[',
      ']',
      'min(',
      ',',
      '.',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (words) => {
        try {
          const figure = parse(words.join(' ')).evaluate(row());
          expect(figure === undefined || Number.isFinite(figure)).toBe(true);
        } catch (error) {
          expect(String(error)).toMatch(/invalid-business-expression/);
        }
      }),
      { numRuns: 500 },
    );
  });
});
