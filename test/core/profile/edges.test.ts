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
    expect(quantileEdges(Float64Array.of(-0, 1)).slice(0, 2)).toEqual([0, 1]);
    expect(Object.is(quantileEdges(Float64Array.of(-0, 1))[0], 0)).toBe(true);
  });

  it('gives each value its own bin when there are no more values than bins', () => {
    const edges = quantileEdges(Float64Array.from([3, 1, 2, 2, 3, 3]));
    expect([1, 2, 3].map((value) => binOf(edges, value))).toEqual([1, 2, 3]);
  });

  it('keeps apart from few values what lies above or below all of them', () => {
    const value = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 });
    fc.assert(
      fc.property(
        fc.uniqueArray(value, { minLength: 1, maxLength: 12 }),
        fc.double({ min: 0.001, max: 9 }),
        (known, share) => {
          const edges = quantileEdges(Float64Array.from(known));
          const [low, high] = [Math.min(...known), Math.max(...known)];
          const step = Math.max(1, Math.abs(low), Math.abs(high)) * share;
          const held = new Set(known.map((one) => binOf(edges, one)));
          expect(held.has(binOf(edges, high + step))).toBe(false);
          expect(held.has(binOf(edges, low - step))).toBe(false);
        },
      ),
    );
    expect(binOf(quantileEdges(Float64Array.of(1.5, 1.5)), 2.5)).toBe(2);
    expect(quantileEdges(Float64Array.of(Number.MAX_VALUE))).toEqual([Number.MAX_VALUE]);
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
