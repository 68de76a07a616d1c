import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Feature } from '../../../contracts/features.ts';
import type { CategoryProfile, Profile } from '../../../contracts/profile.ts';
import { buildBaseline } from '../../../core/profile/baseline.ts';
import { profileBlock } from '../../../core/profile/blocks.ts';
import { MAX_UNKNOWN, mergeCategory, profileValues } from '../../../core/profile/category.ts';
import { mergeProfiles } from '../../../core/profile/merge.ts';
import { profileRows } from '../../../core/profile/profile-rows.ts';

const features: Feature[] = [
  { kind: 'numeric', column: 'amount' },
  { kind: 'numeric', column: 'weight' },
  { kind: 'category', column: 'country' },
];
const model = { features, data: { columns: [{ name: 'note', kind: 'text' as const }] } };

const number = fc.oneof(
  fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
  fc.constantFrom(0, -0, 1, -1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 5e-324),
);
const row = fc.record({
  amount: fc.option(number, { freq: 3 }),
  weight: fc.option(number),
  country: fc.option(fc.constantFrom('US', 'DE', 'FR', '__proto__', '7', 'constructor')),
  note: fc.option(fc.string()),
});
const nothing = fc.constant({ amount: null, weight: null, country: null, note: null });
const shard = fc.oneof(fc.array(row, { maxLength: 40 }), fc.array(nothing, { maxLength: 5 }));

/** Everything that must agree bit for bit: all but sums. */
function counted(profile: Profile): unknown {
  const { pairs, ...rest } = profile;
  const features = Object.entries(profile.features).map(([name, feature]) =>
    feature.kind === 'category' ? [name, feature] : [name, { ...feature, sum: 0, sumOfSquares: 0, sums: [] }],
  );
  return { ...rest, features, paired: pairs && { ...pairs, sums: [], products: [] } };
}

function sumsOf(profile: Profile): readonly number[] {
  const numeric = Object.values(profile.features).flatMap((feature) =>
    feature.kind === 'numeric' ? [feature.sum, feature.sumOfSquares, ...feature.sums] : [],
  );
  return [...numeric, ...(profile.pairs?.sums ?? []), ...(profile.pairs?.products ?? [])];
}

type Row = { readonly amount: number | null; readonly weight: number | null; readonly note: string | null };

/** Sum of the magnitudes that sums are made of: values, squares, and products of scores of at most 6. */
function magnitudeOf(rows: readonly Row[]): number {
  return rows.reduce((total, { amount, weight, note }) => {
    const numbers = [amount ?? 0, weight ?? 0, note?.length ?? 0].filter(Number.isFinite);
    return total + 36 + numbers.reduce((sum, value) => sum + Math.abs(value) + value ** 2, 0);
  }, 0);
}

describe('mergeProfiles', () => {
  it('gives the profile of all rows from any shards: counts bit for bit, sums within 1e-12 of their magnitudes', () => {
    fc.assert(
      fc.property(shard, fc.array(shard, { minLength: 1, maxLength: 4 }), (baselineRows, shards) => {
        const bins = buildBaseline(model, baselineRows).profile;
        const merged = shards.map((rows) => profileRows(bins, model, rows)).reduce(mergeProfiles);
        const whole = profileRows(bins, model, shards.flat());
        expect(counted(merged)).toEqual(counted(whole));
        const expected = sumsOf(whole);
        const allowed = 1e-12 * magnitudeOf(shards.flat());
        sumsOf(merged).forEach((sum, index) => {
          expect(Math.abs(sum - (expected[index] ?? Number.NaN))).toBeLessThanOrEqual(allowed);
        });
      }),
    );
  });

  it('keeps sums of positive numbers within 1e-12 of themselves', () => {
    const positive = fc.array(fc.record({ amount: fc.double({ noNaN: true, min: 1e-3, max: 1e6 }) }), {
      maxLength: 50,
    });
    fc.assert(
      fc.property(positive, positive, positive, (baselineRows, a, b) => {
        const bins = buildBaseline(model, baselineRows).profile;
        const merged = mergeProfiles(profileRows(bins, model, a), profileRows(bins, model, b)).features.amount;
        const whole = profileRows(bins, model, [...a, ...b]).features.amount;
        if (merged?.kind !== 'numeric' || whole?.kind !== 'numeric') throw new Error('expected numeric profiles');
        for (const name of ['sum', 'sumOfSquares'] as const)
          expect(Math.abs(merged[name] - whole[name])).toBeLessThanOrEqual(1e-12 * whole[name]);
        for (const [bin, sum] of whole.sums.entries())
          expect(Math.abs((merged.sums[bin] ?? 0) - sum)).toBeLessThanOrEqual(1e-12 * sum);
      }),
    );
  });

  it('puts every row in exactly one place: a bin, other, or missing', () => {
    fc.assert(
      fc.property(shard, shard, (baselineRows, rows) => {
        const profile = profileRows(buildBaseline(model, baselineRows).profile, model, rows);
        for (const feature of Object.values(profile.features)) {
          const placed = feature.counts.reduce((total, count) => total + count, feature.missing);
          expect(placed + (feature.kind === 'category' ? feature.other : 0)).toBe(rows.length);
        }
      }),
    );
  });

  it('merges blocks with blocks to the block of all rows', () => {
    fc.assert(
      fc.property(shard, shard, shard, (baselineRows, a, b) => {
        const bins = buildBaseline(model, baselineRows).profile;
        const block = (rows: typeof a) => profileBlock(bins, profileRows(bins, model, rows));
        expect(counted(mergeProfiles(block(a), block(b)))).toEqual(counted(block([...a, ...b])));
      }),
    );
  });

  it('refuses profiles over different bins', () => {
    const [a, b] = [[{ amount: 1 }], [{ amount: 2 }]].map((rows) => buildBaseline(model, rows).profile);
    if (a === undefined || b === undefined) throw new Error('expected two profiles');
    expect(() => mergeProfiles(a, b)).toThrow(/were not made over the same bins/);
    expect(() => mergeProfiles(a, { ...b, features: {} })).toThrow(/name different features/);
    const rescaled = { ...a, ...(a.pairs && { pairs: { ...a.pairs, scales: a.pairs.scales.map(() => 3) } }) };
    expect(() => mergeProfiles(a, rescaled)).toThrow(/centers and scales/);
  });

  it('has no pairs when one side has none, since they would be of a part of the rows', () => {
    const bins = buildBaseline(model, [{ amount: 1, weight: 2 }]).profile;
    const { pairs, ...without } = bins;
    expect(pairs?.names).toEqual(['amount', 'weight', 'note.length']);
    expect(mergeProfiles(bins, without).pairs).toBeUndefined();
  });
});

describe('unknown values', () => {
  const unknownOf = (profile: CategoryProfile) => profile.unknown;
  const numbered = (from: number, count: number) => Array.from({ length: count }, (_, i) => `v${from + i}`);

  it('are counted one by one, by value', () => {
    expect(unknownOf(profileValues(['a'], ['z', 'a', 'b', 'z', undefined]))).toEqual([
      ['b', 1],
      ['z', 2],
    ]);
  });

  it('are given up when there are more than 10 000 of them, in one go or by merging', () => {
    expect(unknownOf(profileValues([], numbered(0, MAX_UNKNOWN)))).toHaveLength(MAX_UNKNOWN);
    const many = profileValues([], numbered(0, MAX_UNKNOWN + 1));
    expect(many.unknown).toBeUndefined();
    expect(many.other).toBe(MAX_UNKNOWN + 1);
    const half = profileValues([], numbered(0, 6000));
    expect(mergeCategory(half, half).unknown).toHaveLength(6000);
    const merged = mergeCategory(half, profileValues([], numbered(6000, 6000)));
    expect(merged.unknown).toBeUndefined();
    expect(merged.other).toBe(12_000);
    expect(mergeCategory(many, half).unknown).toBeUndefined();
  });
});
