import { describe, expect, it } from 'vitest';
import type { Instance } from '../../../contracts/serving.ts';
import { totalOf } from '../../../core/quality/outcome-counts.ts';
import { fitSegment, segmentReader } from '../../../core/quality/segments.ts';

const coded = { bin: 0, offset: 0, columns: new Uint16Array(), expected: 0, variance: 0 };
const known = (cells: readonly (Instance[string] | undefined)[], column = 'c') =>
  cells.map((cell, row) => ({ instance: cell === undefined ? {} : { [column]: cell }, coded, label: row % 2 }));

describe('fitSegment', () => {
  it('follows the values of the reference, most frequent first, with the rest together', () => {
    const segment = fitSegment('c', known(['a', 'b', 'b', null, undefined, '']), 1);
    expect(segment.values).toEqual(['b', 'a', 'other', 'missing']);
    expect(segment.reference.map(({ scored }) => totalOf(scored))).toEqual([2, 1, 0, 3]);
    const read = segmentReader(segment);
    expect([read({ c: 'a' }), read({ c: 'new' }), read({})]).toEqual([1, 2, 3]);
  });

  it('keeps thirty values', () => {
    expect(fitSegment('c', known(Array.from({ length: 50 }, (_, i) => `v${i}`)), 1).values).toHaveLength(32);
  });

  it('cuts a numeric column of many values into quarters, and names them', () => {
    const segment = fitSegment('c', known(Array.from({ length: 100 }, (_, i) => i)), 1);
    expect(segment.values).toEqual(['below 25', '25 to 50', '50 to 75', 'from 75', 'other', 'missing']);
    expect(segment.reference.slice(0, 4).map(({ scored }) => totalOf(scored))).toEqual([25, 25, 25, 25]);
    const read = segmentReader(segment);
    expect([read({ c: -5 }), read({ c: 25 }), read({ c: '80' }), read({ c: 'x' }), read({ c: null })]).toEqual([
      0, 1, 3, 4, 5,
    ]);
  });

  it('takes few numbers, and truth values, as they are', () => {
    expect(fitSegment('c', known([1, 2, 1]), 1)).toMatchObject({ edges: null, values: ['1', '2', 'other', 'missing'] });
    expect(fitSegment('c', known([true, false, true]), 1).values).toEqual(['true', 'false', 'other', 'missing']);
  });

  it('lets a value that is called other join the rest', () => {
    expect(fitSegment('c', known(['other', 'a', 'missing']), 1).values).toEqual(['a', 'missing', 'other']);
  });

  it('reads nothing from an object’s prototype', () => {
    const segment = fitSegment('constructor', [{ instance: {}, coded, label: 0 }], 1);
    expect(segmentReader(segment)({ a: 1 })).toBe(segment.values.indexOf('missing'));
  });
});
