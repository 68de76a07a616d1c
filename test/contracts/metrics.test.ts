import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  FINDINGS,
  type Finding,
  findingExpression,
  findingsIn,
  findingsValue,
  METRICS,
} from '../../contracts/metrics.ts';

const ALL: readonly Finding[] = ['quality', 'conceptDrift', 'fairness', 'business'];

test('a model has at most five custom metrics', () => {
  expect(Object.keys(METRICS).length).toBeLessThanOrEqual(5);
});

test('every set of findings has a value of its own, which says it again', () => {
  fc.assert(
    fc.property(fc.subarray([...ALL]), (found) => {
      expect(findingsIn(findingsValue(found))).toEqual(found);
    }),
  );
  expect(findingsValue([])).toBe(0);
  expect(findingsValue(['fairness', 'fairness'])).toBe(4);
});

test('the metric math of a finding is its bit, for every value there can be', () => {
  for (const finding of ALL)
    for (let value = 0; value < 16; value += 1) {
      const sum = findingExpression(String(value), finding).replaceAll('FLOOR', 'Math.floor');
      expect(new Function(`return ${sum}`)()).toBe((value & FINDINGS[finding]) === 0 ? 0 : 1);
    }
});
