import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binOf, quantileEdges } from '../../../core/profile/edges.ts';

describe('quantileEdges', () => {
  it('cuts a baseline into bins of 50 values or more and equal mass: 20 bins at least, 200 at most', () => {
    const upTo = (count: number) => quantileEdges(Float64Array.from({ length: count }, (_, i) => count - i));
    expect(upTo(500)).toHaveLength(19);
    expect(upTo(2000)).toHaveLength(39);
    expect(upTo(50_000)).toHaveLength(199);
    const edges = upTo(10_000);
    expect(edges).toHaveLength(199);
    expect(edges[0]).toBe(51);
    expect(edges[198]).toBe(9951);
  });

  it('never has −0 as an edge, which JSON would not keep', () => {
    expect(quantileEdges(Float64Array.of(-0, 1))).toEqual([0, 1]);
  });

  it('gives each value its own bin when there are no more values than bins', () => {
    expect(quantileEdges(Float64Array.from([3, 1, 2, 2, 3, 3]))).toEqual([1, 2, 3]);
  });

  it('takes a value that fills several bins once', () => {
    const edges = quantileEdges(Float64Array.from({ length: 1000 }, (_, i) => Math.max(0, i - 500)));
    expect(edges[0]).toBe(0);
    expect(new Set(edges).size).toBe(edges.length);
  });

  it('has no edges for no values, so that everything falls in one open bin', () => {
    expect(quantileEdges(new Float64Array())).toEqual([]);
    expect(binOf([], 5)).toBe(0);
  });
});

describe('binOf', () => {
  it('finds the bin with lower edge ≤ value < upper edge', () => {
    const sorted = fc.uniqueArray(fc.integer({ min: -50, max: 50 }), { maxLength: 30 });
    fc.assert(
      fc.property(sorted, fc.integer({ min: -60, max: 60 }), (numbers, value) => {
        const edges = numbers.toSorted((a, b) => a - b);
        expect(binOf(edges, value)).toBe(edges.filter((edge) => edge <= value).length);
      }),
    );
  });
});
