import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blackoutEnd } from '../../../core/retraining/blackout.ts';

// 2001-03-01 was a Thursday (ISO 8601 calendar).
test.each([
  ['inside its hours', [{ fromHour: 8, toHour: 18 }], '2001-03-01T08:00:00Z', '2001-03-01T18:00:00Z'],
  ['in its last minute', [{ fromHour: 8, toHour: 18 }], '2001-03-01T17:59:59Z', '2001-03-01T18:00:00Z'],
  ['at its end', [{ fromHour: 8, toHour: 18 }], '2001-03-01T18:00:00Z', undefined],
  ['past midnight', [{ fromHour: 22, toHour: 6 }], '2001-03-02T01:30:00Z', '2001-03-02T06:00:00Z'],
  [
    'past midnight, by the weekday it began on',
    [{ weekdays: ['THU' as const], fromHour: 22, toHour: 6 }],
    '2001-03-02T01:30:00Z',
    '2001-03-02T06:00:00Z',
  ],
  [
    'past midnight, not on the night before',
    [{ weekdays: ['THU' as const], fromHour: 22, toHour: 6 }],
    '2001-03-01T01:30:00Z',
    undefined,
  ],
  [
    'from the end of the week into the next',
    [{ weekdays: ['SAT' as const, 'SUN' as const], fromHour: 0, toHour: 24 }],
    '2001-03-03T12:00:00Z',
    '2001-03-05T00:00:00Z',
  ],
  [
    'over two that touch',
    [
      { fromHour: 8, toHour: 12 },
      { fromHour: 12, toHour: 14 },
    ],
    '2001-03-01T09:00:00Z',
    '2001-03-01T14:00:00Z',
  ],
])('a blackout %s', (_, blackout, now, end) => {
  expect(blackoutEnd(blackout, new Date(now))).toEqual(end === undefined ? undefined : new Date(end));
});

test('without blackout hours none holds, and one of the whole week never ends', () => {
  expect(blackoutEnd([], new Date('2001-03-01T08:00:00Z'))).toBeUndefined();
  expect(blackoutEnd([{ fromHour: 0, toHour: 24 }], new Date('2001-03-01T08:00:00Z'))).toBe('never');
});

test('when a blackout ends, none holds', () => {
  const hours = fc.record({ fromHour: fc.integer({ min: 0, max: 23 }), toHour: fc.integer({ min: 0, max: 24 }) });
  const instant = fc.integer({ min: 0, max: 10 ** 12 }).map((milliseconds) => new Date(milliseconds));
  fc.assert(
    fc.property(
      fc.array(
        hours.filter(({ fromHour, toHour }) => fromHour !== toHour),
        { maxLength: 3 },
      ),
      instant,
      (blackout, now) => {
        const end = blackoutEnd(blackout, now);
        if (!(end instanceof Date)) return;
        expect(end.getTime()).toBeGreaterThan(now.getTime());
        expect(blackoutEnd(blackout, end)).toBeUndefined();
      },
    ),
  );
});
