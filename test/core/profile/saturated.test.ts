import { describe, expect, it } from 'vitest';
import { ProfileSchema } from '../../../contracts/profile.ts';
import { allStatistics } from '../../../core/drift/statistics.ts';
import { mergeNumeric, profileNumbers } from '../../../core/profile/numeric.ts';
import { saturated } from '../../../core/profile/saturated.ts';

describe('saturated', () => {
  it('keeps what a number can hold, and the largest of either sign for what it cannot', () => {
    expect([1.5, Infinity, -Infinity, Number.NaN].map(saturated)).toEqual([
      1.5,
      Number.MAX_VALUE,
      -Number.MAX_VALUE,
      0,
    ]);
  });

  it('leaves profiles of the largest numbers readable, merged ones too, and their statistics finite', () => {
    const huge = profileNumbers(
      [0],
      Float64Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 1 : -1) * 1.7e308),
    );
    const feature = mergeNumeric(huge, huge);
    const profile = { version: 1, rows: 80, features: { x: feature } };
    expect(ProfileSchema.parse(JSON.parse(JSON.stringify(profile)))).toEqual(profile);
    expect(Object.values(allStatistics(feature, huge)).every(Number.isFinite)).toBe(true);
  });
});
