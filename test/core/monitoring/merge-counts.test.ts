import { describe, expect, it } from 'vitest';
import type { WindowCounts } from '../../../contracts/window.ts';
import { KEPT_BAD_RECORDS, mergeCounts } from '../../../core/monitoring/merge-counts.ts';

const counts = (n: number, changed: Partial<WindowCounts> = {}): WindowCounts => ({
  captured: { files: n, requests: n, rows: n, explained: n, otherModel: n, smokeTests: n, bad: n, partial: n },
  badRecords: Array.from({ length: n }, (_, index) => ({ reason: `${n}`, line: `${index}` })),
  profile: { version: 1, rows: n, features: {} },
  ids: '',
  quality: null,
  labels: { distinct: 50, repeated: 3, contradicting: 2, matched: n },
  ...changed,
});

describe('mergeCounts', () => {
  it('adds what was captured, and keeps the first bad records', () => {
    const { captured, badRecords, profile } = mergeCounts(counts(15), counts(12));
    expect(new Set(Object.values(captured))).toEqual(new Set([27]));
    expect(profile.rows).toBe(27);
    expect(badRecords).toHaveLength(KEPT_BAD_RECORDS);
    expect(badRecords.map(({ reason }) => reason)).toEqual([...Array(15).fill('15'), ...Array(5).fill('12')]);
  });

  it('adds labels that found their row; how labels agree is the same in every part', () => {
    expect(mergeCounts(counts(4), counts(6)).labels).toEqual({
      distinct: 50,
      repeated: 3,
      contradicting: 2,
      matched: 10,
    });
  });

  it('has no quality when a part has none, and no ids when a part gave them up', () => {
    const quality = { version: 1 as const, days: [], segments: {}, arrival: [1] };
    expect(mergeCounts(counts(1, { quality }), counts(1)).quality).toBe(null);
    expect(mergeCounts(counts(1), counts(1, { quality })).quality).toBe(null);
    expect(mergeCounts(counts(1, { quality }), counts(1, { quality })).quality).toMatchObject({ arrival: [2] });
    expect(mergeCounts(counts(1, { ids: null }), counts(1)).ids).toBe(null);
  });
});
