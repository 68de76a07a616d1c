import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hourOf, instantOf, weekdayOf } from '../../../core/profile/instant.ts';

describe('instantOf', () => {
  it('reads every form as UTC unless the text says otherwise', () => {
    const noon = Date.UTC(2001, 0, 31, 12, 30, 5);
    for (const text of [
      '2001-01-31T12:30:05Z',
      '2001-01-31 12:30:05',
      '2001-01-31T12:30:05',
      '2001-01-31T12:30:05.000Z',
    ])
      expect(instantOf(text), text).toBe(noon);
    expect(instantOf('2001-01-31T13:30:05+01:00')).toBe(noon);
    expect(instantOf('2001-01-31 12:30')).toBe(Date.UTC(2001, 0, 31, 12, 30));
    expect(instantOf('2001-01-31')).toBe(Date.UTC(2001, 0, 31));
    expect(instantOf(noon)).toBe(noon);
  });

  it('is NaN for what is no instant', () => {
    for (const value of [
      null,
      undefined,
      true,
      '',
      'soon',
      '2001-13-01T00:00:00Z',
      '2001-01-01T25:00:00',
      '2001-0a-01T00:00:00',
    ])
      expect(instantOf(value), String(value)).toBeNaN();
  });

  it('agrees with the platform on hours and weekdays of any instant', () => {
    fc.assert(
      fc.property(
        fc.date({ noInvalidDate: true, min: new Date('1900-01-01'), max: new Date('2100-01-01') }),
        (date) => {
          const seconds = new Date(Math.floor(date.getTime() / 1000) * 1000);
          const instant = instantOf(`${seconds.toISOString().slice(0, 19)}Z`);
          expect(instant).toBe(seconds.getTime());
          expect(hourOf(instant)).toBe(seconds.getUTCHours());
          expect(weekdayOf(instant)).toBe((seconds.getUTCDay() + 6) % 7);
        },
      ),
    );
  });
});
