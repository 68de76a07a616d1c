import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Instance } from '../../../contracts/serving.ts';
import { baselineOfFeatures, profileOfFeatures } from '../../../core/monitoring/profile-of-features.ts';
import { buildBaseline } from '../../../core/profile/baseline.ts';
import { profileRows } from '../../../core/profile/profile-rows.ts';

const NAMES = ['a', 'b', 'c', 'd'] as const;
const modelOf = (names: readonly string[]) => ({
  features: names.map((column) => ({ kind: 'numeric' as const, column })),
  data: { columns: [], time: 'day' },
});
const row = (index: number): Instance => ({
  a: (index * 7) % 11,
  b: index % 5,
  c: (index * index) % 13,
  d: index % 3 === 0 ? null : index,
  day: `2001-01-0${1 + (index % 4)}T00:00:00Z`,
});
const rows = Array.from({ length: 200 }, (_, index) => row(index));
const baseline = buildBaseline(modelOf(NAMES), rows);

describe('a baseline of some features', () => {
  it('is the one that these features alone would have given, pairs and days included', () => {
    fc.assert(
      fc.property(fc.subarray([...NAMES], { minLength: 1 }), (names) => {
        const some = baselineOfFeatures(baseline, new Set(names));
        expect(some).toEqual(buildBaseline(modelOf(names), rows));
      }),
    );
  });

  it('counts rows as the whole does', () => {
    const names = ['b', 'd'];
    const window = profileRows(baseline.profile, modelOf(NAMES), rows.slice(0, 50));
    const some = baselineOfFeatures(baseline, new Set(names)).profile;
    expect(profileOfFeatures(window, new Set(names))).toEqual(profileRows(some, modelOf(names), rows.slice(0, 50)));
  });

  it('is the same object when nothing is left out', () => {
    expect(baselineOfFeatures(baseline, new Set([...NAMES, 'more']))).toBe(baseline);
  });
});
