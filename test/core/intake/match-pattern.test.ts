import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchPattern } from '../../../core/intake/pattern/match-pattern.ts';

/** Patterns of the supported language, built from their grammar. */
const patterns = fc.letrec<{ node: string; atom: string }>((tie) => ({
  atom: fc.constantFrom(
    'a',
    'b',
    'c',
    '.',
    '[ab]',
    '[^a]',
    '\\d',
    '\\w',
    '\\W',
    '[a-c1-3]',
    '\\.',
    '\\u0061',
    '\\p{Lu}',
    '😀',
    '^',
    '$',
  ),
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('atom'),
    fc.tuple(tie('node'), tie('node')).map((parts) => parts.join('')),
    fc.tuple(tie('node'), tie('node')).map(([left, right]) => `(?:${left}|${right})`),
    fc
      .tuple(tie('node'), fc.constantFrom('*', '+', '?', '{2}', '{0,2}', '{1,}', '*?'))
      .map(([part, times]) => `(${part})${times}`),
  ),
})).node;
const values = fc
  .array(fc.constantFrom('a', 'b', 'c', '1', 'A', '.', '\n', '😀', 'é'), { maxLength: 8 })
  .map((parts) => parts.join(''));

test('means what the same pattern means to the language itself', () => {
  fc.assert(
    fc.property(patterns, fc.array(values, { minLength: 1, maxLength: 10 }), (pattern, candidates) => {
      const native = new RegExp(`^(?:${pattern})$`, 'u');
      const matches = matchPattern(pattern);
      for (const value of candidates) expect([value, matches(value)]).toEqual([value, native.test(value)]);
    }),
    { numRuns: 1500 },
  );
});

describe('takes linear time', () => {
  // Each of these keeps a backtracking matcher busy for longer than the universe is old.
  test.each(['(a+)+', '(a|a)*', '(a*)*b', '(.*)*x', '(a|aa)+', '([a-z]+)*[0-9]', '(?:a?){50}a{50}'])(
    'with %s',
    (pattern) => {
      const value = `${'a'.repeat(20_000)}!`;
      const start = performance.now();
      expect(matchPattern(pattern)(value)).toBe(false);
      expect(performance.now() - start).toBeLessThan(5_000);
    },
  );
});

test.each(['(?=a)b', '(?!a)b', '(?<=a)b', '(a)\\1', '(?<n>a)\\k<n>', '\\bword\\b'])(
  'refuses %s, which no such matcher can run, and says why',
  (pattern) => {
    expect(() => matchPattern(pattern)).toThrow(/unsupported-pattern: pattern: cannot be checked in linear time/);
  },
);

test('refuses a pattern that unfolds to very many positions', () => {
  expect(() => matchPattern('((a{1,100}){1,100}){1,100}')).toThrow(/unfolds to more than/);
});

test('keeps few states in memory, however many values and characters it sees', () => {
  const matches = matchPattern('(?:[^x]*x){3}');
  for (let code = 0x4e00; code < 0x4e00 + 20_000; code++) matches(`${String.fromCharCode(code)}x`);
  expect(matches('axbxcx')).toBe(true);
  expect(matches('axbx')).toBe(false);
});
