import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Feature } from '../../../contracts/features.ts';
import { driftSettings, falseDiscoveryRate, windowsPerMonth } from '../../../core/drift/settings.ts';
import {
  isWithin,
  MOST_WINDOWS,
  newestMatureWindow,
  windowBefore,
  windowOf,
  windowsWithin,
} from '../../../core/drift/window.ts';

const every = (unit: 'hour' | 'day' | 'week', lagMinutes = 30) => ({ every: unit, lagMinutes });

describe('windowBefore', () => {
  it('is the last whole hour, day or ISO week that had ended the lag before', () => {
    const fired = new Date('2001-02-07T10:45:00Z');
    expect(windowBefore(fired, every('hour'))).toEqual({
      from: '2001-02-07T09:00:00.000Z',
      to: '2001-02-07T10:00:00.000Z',
    });
    expect(windowBefore(fired, every('day'))).toEqual({
      from: '2001-02-06T00:00:00.000Z',
      to: '2001-02-07T00:00:00.000Z',
    });
    // 2001-02-05 was a Monday.
    expect(windowBefore(fired, every('week'))).toEqual({
      from: '2001-01-29T00:00:00.000Z',
      to: '2001-02-05T00:00:00.000Z',
    });
  });

  it('waits for late files: a minute before the lag is over it is still the window before', () => {
    expect(windowBefore(new Date('2001-02-07T10:29:59Z'), every('hour')).to).toBe('2001-02-07T09:00:00.000Z');
    expect(windowBefore(new Date('2001-02-07T10:30:00Z'), every('hour')).to).toBe('2001-02-07T10:00:00.000Z');
  });

  it('always ends at least the lag and less than one window more before it fired', () => {
    const units = { hour: 3_600_000, day: 86_400_000, week: 604_800_000 };
    const date = fc.date({ noInvalidDate: true, min: new Date('1980-01-01'), max: new Date('2080-01-01') });
    fc.assert(
      fc.property(
        date,
        fc.constantFrom('hour', 'day', 'week'),
        fc.integer({ min: 15, max: 720 }),
        (fired, unit, lag) => {
          const { from, to } = windowBefore(fired, every(unit, lag));
          const behind = fired.getTime() - lag * 60_000 - Date.parse(to);
          expect(behind).toBeGreaterThanOrEqual(0);
          expect(behind).toBeLessThan(units[unit]);
          expect(Date.parse(to) - Date.parse(from)).toBe(units[unit]);
          if (unit === 'week') expect(new Date(from).getUTCDay()).toBe(1);
        },
      ),
    );
  });
});

describe('windowsWithin', () => {
  const now = new Date('2001-03-01T00:00:00Z');

  it('gives the whole windows of a range, oldest first, and leaves pieces at both ends out', () => {
    const range = { from: '2001-02-05T10:00:00Z', to: '2001-02-08T23:59:59Z' };
    expect(windowsWithin(range, every('day'), now).map(({ from }) => from.slice(0, 10))).toEqual([
      '2001-02-06',
      '2001-02-07',
    ]);
    expect(
      windowsWithin({ from: '2001-01-31T00:00:00+02:00', to: '2001-02-20T00:00:00Z' }, every('week'), now),
    ).toEqual([
      { from: '2001-02-05T00:00:00.000Z', to: '2001-02-12T00:00:00.000Z' },
      { from: '2001-02-12T00:00:00.000Z', to: '2001-02-19T00:00:00.000Z' },
    ]);
  });

  it.each([
    [
      'a range too short for a window',
      '2001-02-05T10:00:00Z',
      '2001-02-06T23:00:00Z',
      /^invalid-range: to: holds no whole day/,
    ],
    ['a range that runs backwards', '2001-02-05T00:00:00Z', '2001-02-01T00:00:00Z', /holds no whole day/],
    [
      'a window that has not closed',
      '2001-02-27T00:00:00Z',
      '2001-03-01T00:00:00Z',
      /lies beyond .* end the range at 2001-02-28T00/,
    ],
    [
      'more windows than one execution can judge',
      '1998-01-01T00:00:00Z',
      '2001-02-01T00:00:00Z',
      /is 1127 windows before the end, at most 744/,
    ],
  ])('refuses %s and says what to change', (_, from, to, message) => {
    expect(() => windowsWithin({ from, to }, every('day'), now)).toThrow(message);
  });

  it('takes as many windows as one execution can judge', () => {
    const range = { from: '2001-01-01T00:00:00Z', to: '2001-02-01T00:00:00Z' };
    expect(windowsWithin(range, every('hour'), now)).toHaveLength(MOST_WINDOWS);
  });

  it('gives windows that follow each other without a gap, each the window of its own instants', () => {
    const date = fc.date({ noInvalidDate: true, min: new Date('1995-01-01'), max: new Date('2000-12-01') });
    fc.assert(
      fc.property(date, fc.integer({ min: 14, max: 60 }), fc.constantFrom('day', 'week'), (start, days, unit) => {
        const to = new Date(start.getTime() + days * 86_400_000).toISOString();
        const windows = windowsWithin({ from: start.toISOString(), to }, every(unit), now);
        windows.forEach((window, index) => {
          expect(windowOf(new Date(window.from), every(unit))).toEqual(window);
          if (index > 0) expect(window.from).toBe(windows[index - 1]?.to);
        });
      }),
      { numRuns: 50 },
    );
  });
});

describe('newestMatureWindow', () => {
  const mature = (fired: string, labelHorizonDays: number) =>
    newestMatureWindow(new Date(fired), { ...every('day'), quality: { labelHorizonDays } }).to;

  it('ended the label horizon before the newest window', () => {
    expect(mature('2001-03-05T00:30:00Z', 30)).toBe('2001-02-03T00:00:00.000Z');
    expect(mature('2001-03-05T00:30:00Z', 1.5)).toBe('2001-03-03T00:00:00.000Z');
  });

  it('is the newest window itself when labels are there at once', () => {
    expect(mature('2001-03-05T00:30:00Z', 0)).toBe('2001-03-05T00:00:00.000Z');
  });
});

describe('isWithin', () => {
  it('takes the start in and leaves the end out', () => {
    const window = { from: '2001-02-07T09:00:00.000Z', to: '2001-02-07T10:00:00.000Z' };
    expect(isWithin(window, '2001-02-07T09:00:00Z')).toBe(true);
    expect(isWithin(window, '2001-02-07T09:59:59Z')).toBe(true);
    expect(isWithin(window, '2001-02-07T10:00:00Z')).toBe(false);
    expect(isWithin(window, '2001-02-07T08:59:59Z')).toBe(false);
  });
});

describe('driftSettings', () => {
  const features: Feature[] = [
    { kind: 'hour', column: 'at' },
    { kind: 'weekday', column: 'at' },
    { kind: 'numeric', column: 'x' },
  ];
  const settings = (unit: 'hour' | 'day' | 'week', falseAlarmsPerMonth = 1) =>
    driftSettings({
      features,
      monitoring: { every: unit, minimumRows: 1000, falseAlarmsPerMonth, effectFloor: 0.02 },
    });

  it('divides the monthly budget among the windows, and never goes beyond 5 % a window', () => {
    expect(falseDiscoveryRate(settings('hour'))).toBeCloseTo(1 / 730.5, 9);
    expect(falseDiscoveryRate(settings('day'))).toBeCloseTo(24 / 730.5, 9);
    expect(falseDiscoveryRate(settings('week'))).toBe(0.05);
    expect(windowsPerMonth(settings('week'))).toBeCloseTo(4.348, 3);
    expect(falseDiscoveryRate(settings('week', 0.1))).toBeCloseTo(0.1 / 4.348, 4);
  });

  it('does not compare cycles that are longer than the window', () => {
    expect(settings('hour').notComparable).toEqual(['at.hour', 'at.weekday']);
    expect(settings('day').notComparable).toEqual(['at.weekday']);
    expect(settings('week').notComparable).toEqual([]);
  });
});
