import { describe, expect, it } from 'vitest';
import type { VersionCounts, WindowCounts } from '../../../contracts/window.ts';
import { KEPT_BAD_RECORDS, mergeCounts } from '../../../core/monitoring/merge-counts.ts';

const version = (packageArn: string, n: number, changed: Partial<VersionCounts> = {}): VersionCounts => ({
  packageArn,
  runId: `run of ${packageArn}`,
  rows: n,
  explained: n,
  lastAt: `2001-02-03T00:00:${String(n).padStart(2, '0')}.000Z`,
  profile: { version: 1, rows: n, features: {} },
  quality: null,
  ...changed,
});

const counts = (
  n: number,
  versions: readonly VersionCounts[] = [],
  changed: Partial<WindowCounts> = {},
): WindowCounts => ({
  captured: { files: n, requests: n, rows: n, explained: n, smokeTests: n, bad: n, partial: n },
  badRecords: Array.from({ length: n }, (_, index) => ({ reason: `${n}`, line: `${index}` })),
  versions: [...versions],
  ids: '',
  labels: { distinct: n, repeated: 2 * n, contradicting: 3 * n, matched: 4 * n },
  ...changed,
});

describe('mergeCounts', () => {
  it('adds what was captured, and keeps the first bad records', () => {
    const { captured, badRecords } = mergeCounts(counts(15), counts(12));
    expect(new Set(Object.values(captured))).toEqual(new Set([27]));
    expect(badRecords).toHaveLength(KEPT_BAD_RECORDS);
    expect(badRecords.map(({ reason }) => reason)).toEqual([...Array(15).fill('15'), ...Array(5).fill('12')]);
  });

  it('adds labels: each was counted in one part alone', () => {
    expect(mergeCounts(counts(4), counts(6)).labels).toEqual({
      distinct: 10,
      repeated: 20,
      contradicting: 30,
      matched: 40,
    });
  });

  it('adds what each version answered, and keeps the later of its last answers', () => {
    const { versions } = mergeCounts(
      counts(1, [version('b', 7), version('c', 1)]),
      counts(1, [version('a', 2), version('b', 5)]),
    );
    expect(versions.map(({ packageArn, rows, lastAt }) => [packageArn, rows, lastAt.slice(17, 19)])).toEqual([
      ['a', 2, '02'],
      ['b', 12, '07'],
      ['c', 1, '01'],
    ]);
    expect(versions[1]?.profile?.rows).toBe(12);
  });

  it('has no quality of a version when a part has none, and no ids when a part gave them up', () => {
    const quality = { version: 1 as const, days: [], segments: {}, arrival: [1] };
    const [known, without] = [counts(1, [version('a', 1, { quality })]), counts(1, [version('a', 1)])];
    expect(mergeCounts(known, without).versions[0]?.quality).toBe(null);
    expect(mergeCounts(without, known).versions[0]?.quality).toBe(null);
    expect(mergeCounts(known, known).versions[0]?.quality).toMatchObject({ arrival: [2] });
    expect(mergeCounts(counts(1, [], { ids: null }), counts(1)).ids).toBe(null);
  });
});
