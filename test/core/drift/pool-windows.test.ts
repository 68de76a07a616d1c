import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Profile } from '../../../contracts/profile.ts';
import { alarmAfter, type PastVerdict } from '../../../core/drift/alarm-after.ts';
import { MOST_POOLED, type ProfiledWindow, poolWindows } from '../../../core/drift/pool-windows.ts';
import { profileNumbers } from '../../../core/profile/numeric.ts';

const profile = (rows: number): Profile => ({
  version: 1,
  rows,
  features: { x: profileNumbers([0, 1], new Float64Array(rows).fill(0.5)) },
});

/** Hourly windows, newest first, the newest ending at noon. */
const hours = (...rows: readonly number[]): readonly ProfiledWindow[] =>
  rows.map((count, age) => {
    const at = (hour: number) => new Date(Date.UTC(2001, 1, 7, 12 - hour)).toISOString();
    return { window: { from: at(age + 1), to: at(age) }, profile: profile(count) };
  });

function pool(minimumRows: number, ...rows: readonly number[]) {
  const [newest, ...before] = hours(...rows);
  if (newest === undefined) throw new Error('expected a window');
  return poolWindows(newest, before, minimumRows);
}

describe('poolWindows', () => {
  it('leaves a window alone that has enough rows', () => {
    const pooled = pool(1000, 1000, 500);
    expect(pooled).toMatchObject({ spannedHours: 1, message: undefined, profile: { rows: 1000 } });
    expect(pooled.windows).toHaveLength(1);
  });

  it('adds the windows before it until there are enough rows, and says so', () => {
    const pooled = pool(1000, 300, 0, 400, 350, 900);
    expect(pooled.profile.rows).toBe(1050);
    expect(pooled.window).toEqual({ from: '2001-02-07T08:00:00.000Z', to: '2001-02-07T12:00:00.000Z' });
    expect(pooled.spannedHours).toBe(4);
    expect(pooled.message).toBe(
      'judged together with the 3 windows before it, since 2001-02-07T08:00:00.000Z: it has 300 rows of its own, all together 1050',
    );
  });

  it('gives up after thirty windows, and where there are no more', () => {
    expect(pool(1000, ...new Array<number>(50).fill(1)).windows).toHaveLength(MOST_POOLED);
    expect(pool(1000, 5, 6)).toMatchObject({ profile: { rows: 11 }, spannedHours: 2 });
  });

  it('never pools more than it needs', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(400), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 3000 }),
        (rows, least) => {
          const { windows, profile: pooled } = pool(least, ...rows);
          expect(pooled.rows).toBe(rows.slice(0, windows.length).reduce((sum, count) => sum + count, 0));
          const withoutOldest = pooled.rows - (rows[windows.length - 1] ?? 0);
          if (windows.length > 1) expect(withoutOldest).toBeLessThan(least);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('alarmAfter', () => {
  const two = { windows: 2, of: 3 };
  const decide = (...verdicts: readonly PastVerdict[]) => alarmAfter(verdicts, two).alarm;

  it('wants so many of the newest judged windows', () => {
    expect(decide('drift', 'none', 'drift', 'none')).toBe(true);
    expect(decide('drift', 'none', 'none', 'drift')).toBe(false);
    expect(alarmAfter(['drift'], { windows: 1, of: 1 }).alarm).toBe(true);
  });

  it('ends with the first window that is calm', () => {
    expect(decide('none', 'drift', 'drift')).toBe(false);
  });

  it('looks past windows without a verdict', () => {
    expect(decide('drift', 'too-little-data', 'no-model', 'too-little-data', 'drift')).toBe(true);
    expect(alarmAfter(['drift', 'too-little-data', 'none'], two)).toEqual({
      alarm: false,
      drifted: 1,
      judged: 2,
      message: '1 of the last 2 judged windows drifted; the alarm wants 2 of 3',
    });
    expect(alarmAfter([], two).alarm).toBe(false);
  });
});
