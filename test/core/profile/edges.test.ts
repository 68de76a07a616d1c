import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binOf, quantileEdges } from '../../../core/profile/edges.ts';

describe('quantileEdges', () => {
  it('cuts a small baseline into 20 bins and a large one into 50, of equal mass', () => {
    expect(quantileEdges(Float64Array.from({ length: 2000 }, (_, i) => i))).toHaveLength(19);
    const edges = quantileEdges(Float64Array.from({ length: 10_000 }, (_, i) => 10_000 - i));
    expect(edges).toHaveLength(49);
    expect(edges[0]).toBe(201);
    expect(edges[48]).toBe(9801);
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
