import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BATCH, binTable, emptyTally, tallyValues } from '../../../core/profile/bin-table.ts';

/** Counts by the definition: the bin of a value is the number of edges at or below it. */
function byDefinition(edges: readonly number[], values: readonly number[]): number[] {
  const counts = new Array<number>(edges.length + 1).fill(0);
  for (const value of values.filter(Number.isFinite)) {
    const bin = edges.filter((edge) => edge <= value).length;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

function counted(edges: readonly number[], values: readonly number[]) {
  const tally = emptyTally(edges.length + 1);
  tallyValues(binTable(edges), tally, Float64Array.from(values), new Uint16Array(BATCH));
  return tally;
}

const any = fc.double({ noNaN: false });
const near = fc.oneof(
  fc.double({ min: -3, max: 3, noNaN: true }),
  fc.constantFrom(0, -0, 1e-320, -1e-320, 1, 1 + 2 ** -52),
);
const edgesOf = (value: fc.Arbitrary<number>) =>
  fc
    .array(value.filter(Number.isFinite), { maxLength: 250 })
    .map((edges) => [...new Set(edges.map((edge) => edge + 0))].sort((a, b) => a - b));

describe('tallyValues', () => {
  it('finds the bin of every double, however the edges lie', () => {
    for (const value of [any, near])
      fc.assert(
        fc.property(edgesOf(value), fc.array(value, { maxLength: 100 }), (edges, values) => {
          const all = [...values, ...edges];
          expect([...counted(edges, all).counts]).toEqual(byDefinition(edges, all));
        }),
      );
  });

  it('tells an edge from the doubles beside it', () => {
    const edges = [1, 2, 3];
    const below = edges.map((edge) => edge * (1 - 2 ** -53));
    expect([...counted(edges, [...edges, ...below]).counts]).toEqual([1, 2, 2, 1]);
  });

  it('uses cells of floating width where linear ones would crowd', () => {
    const wide = Array.from({ length: 200 }, (_, i) => 1.5 ** i);
    expect(binTable(wide).cells.kind).toBe('floating');
    expect(binTable(Array.from({ length: 200 }, (_, i) => i - 100)).cells.kind).toBe('linear');
  });

  it('counts what is not finite as missing, and nothing else of it', () => {
    const { counts, moments } = counted([0], [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2]);
    expect([...counts]).toEqual([0, 1]);
    expect([...moments]).toEqual([3, 4, 2, 2]);
  });
});
