import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countGroupRow, emptyGroups, mergeGroups, noGroupRows } from '../../../core/quality/group-sums.ts';

const SEGMENTS = [
  { column: 'sex', values: ['f', 'm', 'other', 'missing'] },
  { column: 'city', values: ['a', 'other', 'missing'] },
];

const row = fc.record({
  value: fc.integer({ min: 0, max: 3 }),
  predicted: fc.constantFrom(0 as const, 1 as const),
  label: fc.constantFrom(0, 1, undefined),
});

function counted(rows: readonly { value: number; predicted: 0 | 1; label: number | undefined }[]) {
  const groups = emptyGroups(SEGMENTS, ['sex']);
  for (const { value, predicted, label } of rows) {
    const sums = groups.sex?.[value];
    if (sums !== undefined) countGroupRow(sums, predicted, label);
  }
  return groups;
}

describe('group sums', () => {
  it('are kept for protected columns alone', () => {
    expect(Object.keys(emptyGroups(SEGMENTS, ['sex']))).toEqual(['sex']);
  });

  it('count rows by what was predicted and what became of them', () => {
    const sums = counted([
      { value: 1, predicted: 1, label: 1 },
      { value: 1, predicted: 1, label: 0 },
      { value: 1, predicted: 0, label: undefined },
    ]);
    expect(sums.sex?.[1]).toEqual({
      rows: 3,
      selected: 2,
      positives: 1,
      truePositives: 1,
      negatives: 1,
      falsePositives: 1,
    });
    expect(sums.sex?.[0]).toEqual(noGroupRows());
  });

  it('add up', () => {
    fc.assert(
      fc.property(fc.array(row), fc.array(row), (a, b) => {
        expect(mergeGroups(counted(a), counted(b))).toEqual(counted([...a, ...b]));
      }),
    );
  });
});
