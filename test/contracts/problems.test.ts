import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { describeProblem, ModelwayError, parseOrThrow, shownValue } from '../../contracts/problems.ts';

describe('a problem', () => {
  test('reads as where, what, got and fix, and leaves out what is not there', () => {
    expect(describeProblem({ path: 'a.b[1]', message: 'must be a number', got: '"x"', fix: 'write a number' })).toBe(
      'a.b[1]: must be a number (got "x"); write a number',
    );
    expect(describeProblem({ path: '', message: 'nothing there' })).toBe('nothing there');
  });

  test('shows at most 200 characters of a value, whatever it is', () => {
    expect(shownValue('x'.repeat(1000))).toHaveLength(200);
    expect(shownValue(undefined)).toBe('undefined');
    expect(shownValue({ a: [1] })).toBe('{"a":[1]}');
  });
});

describe('parsing', () => {
  const schema = z.strictObject({ name: z.string(), list: z.array(z.object({ size: z.number() })) });

  test('reports every problem at once, each with its path and the value found there', () => {
    const bad = { name: 3, list: [{ size: 1 }, { size: 'large' }], more: true };
    let caught: unknown;
    try {
      parseOrThrow(schema, bad, 'invalid-thing');
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(ModelwayError);
    const problems = caught instanceof ModelwayError ? caught.problems : [];
    expect(problems.map(({ path, got }) => [path, got])).toEqual([
      ['name', '3'],
      ['list[1].size', '"large"'],
      ['', JSON.stringify(bad)],
    ]);
  });

  test('answers the value when all is well', () => {
    expect(parseOrThrow(schema, { name: 'a', list: [] }, 'invalid-thing')).toEqual({ name: 'a', list: [] });
  });
});
