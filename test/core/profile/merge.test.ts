import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Feature } from '../../../contracts/features.ts';
import type { FeatureProfile } from '../../../contracts/profile.ts';
import { buildBaseline } from '../../../core/profile/baseline.ts';
import { mergeProfiles } from '../../../core/profile/merge.ts';
import { profileRows } from '../../../core/profile/profile-rows.ts';

const features: Feature[] = [
  { kind: 'numeric', column: 'amount' },
  { kind: 'category', column: 'country' },
];
const model = { features, data: { columns: [] } };

const row = fc.record({
  amount: fc.option(fc.double({ noNaN: true, min: -1e6, max: 1e6 })),
  country: fc.option(fc.constantFrom('US', 'DE', 'FR', '__proto__', '7', 'constructor')),
});
const rowsOf = fc.array(row, { maxLength: 60 });

const numeric = (feature: FeatureProfile | undefined) => {
  if (feature?.kind !== 'numeric') throw new Error('expected a numeric profile');
  return feature;
};

describe('mergeProfiles', () => {
  it('gives the profile of all rows: counts bit for bit, sums within 1e-12 of the sum of magnitudes', () => {
    fc.assert(
      fc.property(rowsOf, rowsOf, rowsOf, (baselineRows, a, b) => {
        const bins = buildBaseline(model, baselineRows).profile;
        const merged = mergeProfiles(profileRows(bins, model, a), profileRows(bins, model, b));
        const whole = profileRows(bins, model, [...a, ...b]);
        expect(merged.rows).toBe(whole.rows);
        expect(merged.features.country).toEqual(whole.features.country);
        const [left, right] = [numeric(merged.features.amount), numeric(whole.features.amount)];
        expect({ ...left, sum: 0, sums: [], sumOfSquares: 0 }).toEqual({ ...right, sum: 0, sums: [], sumOfSquares: 0 });
        const magnitude = [...a, ...b].reduce((total, { amount }) => total + Math.abs(amount ?? 0), 1);
        expect(Math.abs(left.sum - right.sum)).toBeLessThanOrEqual(1e-12 * magnitude);
        expect(Math.abs(left.sumOfSquares - right.sumOfSquares)).toBeLessThanOrEqual(1e-12 * right.sumOfSquares);
      }),
    );
  });

  it('puts every row in exactly one place: a bin, other, or missing', () => {
    fc.assert(
      fc.property(rowsOf, rowsOf, (baselineRows, rows) => {
        const profile = profileRows(buildBaseline(model, baselineRows).profile, model, rows);
        for (const feature of Object.values(profile.features)) {
          const counted = feature.counts.reduce((total, count) => total + count, feature.missing);
          expect(counted + (feature.kind === 'category' ? feature.other : 0)).toBe(rows.length);
        }
      }),
    );
  });

  it('refuses profiles over different bins', () => {
    const [a, b] = [[{ amount: 1 }], [{ amount: 2 }]].map((rows) => buildBaseline(model, rows).profile);
    if (a === undefined || b === undefined) throw new Error('expected two profiles');
    expect(() => mergeProfiles(a, b)).toThrow(/were not made over the same bins/);
    expect(() => mergeProfiles(a, { ...b, features: {} })).toThrow(/name different features/);
  });
});
