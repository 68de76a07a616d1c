import { describe, expect, it } from 'vitest';
import type { Instance } from '../../../contracts/serving.ts';
import { binFeature } from '../../../core/quality/feature-bins.ts';
import { featureCoders } from '../../../core/quality/row-coder.ts';

const number = {
  name: 'x',
  kind: 'numeric' as const,
  read: (row: Instance) => (row.x === null ? Number.NaN : Number(row.x)),
};
const category = {
  name: 'c',
  kind: 'category' as const,
  read: (row: Instance) => (row.c === null ? undefined : String(row.c)),
};

describe('binFeature', () => {
  it('cuts numbers at deciles and finer in the tails', () => {
    const rows = Array.from({ length: 1000 }, (_, x) => ({ x }));
    expect(binFeature(number, rows)).toEqual({
      name: 'x',
      kind: 'numeric',
      edges: [10, 40, 100, 200, 300, 400, 500, 600, 700, 800, 900, 960, 990],
    });
  });

  it('has no edge below everything it has seen, and none for a column that is always missing', () => {
    const flags = Array.from({ length: 100 }, (_, row) => ({ x: row % 4 === 0 ? 1 : 0 }));
    expect(binFeature(number, flags)).toMatchObject({ edges: [1] });
    expect(binFeature(number, [{ x: null }])).toMatchObject({ edges: [] });
  });

  it('lists the thirty most frequent values of a category', () => {
    const rows = Array.from({ length: 40 }, (_, value) =>
      Array.from({ length: 40 - value }, () => ({ c: `v${value}` })),
    ).flat();
    const feature = binFeature(category, rows);
    expect(feature.kind === 'category' && feature.values).toHaveLength(30);
    expect(feature.kind === 'category' && feature.values[0]).toBe('v0');
  });
});

describe('featureCoders', () => {
  const features = [
    { name: 'x', kind: 'numeric' as const, edges: [0, 10] },
    { name: 'c', kind: 'category' as const, values: ['a', 'b'] },
  ];
  const columnsOf = (row: Instance) => featureCoders(features, [number, category]).map((code) => code(row));

  it('lays the bins of all features side by side', () => {
    expect(columnsOf({ x: -1, c: 'a' })).toEqual([0, 5]);
    expect(columnsOf({ x: 0, c: 'b' })).toEqual([1, 6]);
    expect(columnsOf({ x: 99, c: 'a' })).toEqual([2, 5]);
  });

  it('keeps missing values, and values it does not know, apart', () => {
    expect(columnsOf({ x: null, c: null })).toEqual([3, 7]);
    expect(columnsOf({ x: 5, c: 'never seen' })).toEqual([1, 4]);
  });

  it('counts a feature whose kind has changed as missing', () => {
    const changed = { ...category, name: 'x' };
    expect(featureCoders(features, [changed, category]).map((code) => code({ x: 5, c: 'a' }))).toEqual([3, 5]);
  });
});
