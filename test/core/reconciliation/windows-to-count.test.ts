import { describe, expect, test } from 'vitest';
import { dayOf, judgedWindowEnding, settledWindows } from '../../../core/reconciliation/windows-to-count.ts';

const due = new Date('2001-05-02T01:30:00Z');

describe('windows to count', () => {
  test('are the last day of hours that have settled by then, oldest first', () => {
    const hours = settledWindows(due, { countEvery: 'hour', lagMinutes: 30 });
    expect(hours).toHaveLength(24);
    expect(hours[0]?.from).toBe('2001-05-01T01:00:00.000Z');
    expect(hours.at(-1)).toEqual({ from: '2001-05-02T00:00:00.000Z', to: '2001-05-02T01:00:00.000Z' });
  });

  test('are three days, or two weeks, where the model counts more rarely', () => {
    const from = (countEvery: 'day' | 'week') =>
      settledWindows(due, { countEvery, lagMinutes: 30 }).map((window) => window.from.slice(0, 10));
    expect(from('day')).toEqual(['2001-04-29', '2001-04-30', '2001-05-01']);
    // The first of May 2001 was a Tuesday.
    expect(from('week')).toEqual(['2001-04-16', '2001-04-23']);
  });

  test('wait for late files as long as the model’s windows do', () => {
    const newest = settledWindows(due, { countEvery: 'hour', lagMinutes: 120 }).at(-1);
    expect(newest?.to).toBe('2001-05-01T23:00:00.000Z');
  });
});

test('a judged window is looked for when the last counted one in it ends, and only then', () => {
  const last = { from: '2001-05-01T23:00:00.000Z', to: '2001-05-02T00:00:00.000Z' };
  const earlier = { from: '2001-05-01T22:00:00.000Z', to: '2001-05-01T23:00:00.000Z' };
  expect(judgedWindowEnding(last, { every: 'day' })).toEqual({ ...last, from: '2001-05-01T00:00:00.000Z' });
  expect(judgedWindowEnding(earlier, { every: 'day' })).toBeUndefined();
  expect(judgedWindowEnding(earlier, { every: 'hour' })).toEqual(earlier);
  expect(judgedWindowEnding(last, { every: 'week' })).toBeUndefined();
  expect(dayOf(last)).toBe('2001-05-01');
});
