import { describe } from 'vitest';
import { type Case, dataset, drift, manual, testPolicy, window } from './policy-cases.ts';

const CASES: readonly Case[] = [
  {
    title: 'cooldown waits, and says how long is left',
    facts: { request: drift, now: new Date('2001-02-01T06:00:00Z') },
    decision: 'wait',
    reason: /alarm drift .*, but run r1 was judged 6\.0 hours ago, and 24 hours must lie between/,
    again: '2001-02-02T00:00:00.000Z',
  },
  {
    title: 'cooldown is over at its last minute',
    facts: { request: drift, now: new Date('2001-02-02T00:00:00Z') },
    decision: 'retrain',
    reason: /alarm/,
  },
  {
    title: 'one run at a time; what came meanwhile is asked again after the cooldown',
    facts: { inFlight: 'r9', standing: { drift: '2001-02-20T00:00:00Z' } },
    decision: 'wait',
    reason: /r9 is in flight/,
    again: '2001-03-02T00:00:00.000Z',
  },
  {
    title: 'also when asked by hand',
    facts: { request: manual, inFlight: 'r9' },
    decision: 'wait',
    reason: /r9 is in flight/,
  },
  {
    title: 'by hand trains despite cooldown and without new data',
    facts: { request: manual, datasets: [dataset('a')], now: new Date('2001-02-01T01:00:00Z') },
    decision: 'retrain',
    reason: /asked by ann/,
    versions: ['a'],
  },
  {
    title: 'blackout hours wait until they end, even on a weekend’s way',
    facts: { request: drift, now: new Date('2001-03-03T10:20:00Z') },
    policy: { blackout: [{ weekdays: ['SAT', 'SUN'], fromHour: 0, toHour: 24 }] },
    decision: 'wait',
    reason: /blackout hours, which last until 2001-03-05T00:00:00/,
    again: '2001-03-05T00:00:00.000Z',
  },
  {
    title: 'outside its blackout hours a run starts',
    facts: { request: drift, now: new Date('2001-03-05T00:00:00Z') },
    policy: { blackout: [{ weekdays: ['SAT', 'SUN'], fromHour: 0, toHour: 24 }] },
    decision: 'retrain',
    reason: /alarm drift/,
  },
  {
    title: 'a blackout without end is not waited for',
    facts: { request: drift },
    policy: { blackout: [{ fromHour: 0, toHour: 24 }] },
    decision: 'wait',
    reason: /leave no hour of the week/,
  },
  {
    title: 'a run that would pass the budget waits for the next month',
    facts: { request: drift, cost: { spent: 9, estimate: 2 } },
    policy: { budgetPerMonthDollars: 10 },
    decision: 'wait',
    reason: /costs at most \$2\.00, and \$9\.00 of this month's \$10\.00 are spent/,
    again: '2001-04-01T00:00:00.000Z',
  },
  {
    title: 'a run that just fits the budget starts',
    facts: { request: drift, cost: { spent: 8, estimate: 2 } },
    policy: { budgetPerMonthDollars: 10 },
    decision: 'retrain',
    reason: /alarm drift/,
  },
  {
    title: 'a budget smaller than one run is not waited for',
    facts: { request: drift, cost: { spent: 0, estimate: 12 } },
    policy: { budgetPerMonthDollars: 10 },
    decision: 'wait',
    reason: /the budget allows no run at all/,
  },
  {
    title: 'a budget without a price cannot be kept, so it holds',
    facts: { request: drift, cost: { spent: 0, estimate: null } },
    policy: { budgetPerMonthDollars: 10 },
    decision: 'wait',
    reason: /not in the list/,
  },
  {
    title: 'without a budget nobody asks for the price',
    facts: { request: drift, cost: { spent: null, estimate: null } },
    decision: 'retrain',
    reason: /alarm drift/,
  },
  {
    title: 'several reasons to wait are all told, and the last to end decides when to ask again',
    facts: { request: drift, now: new Date('2001-02-01T06:00:00Z'), cost: { spent: 9, estimate: 2 } },
    policy: { budgetPerMonthDollars: 10, blackout: [{ fromHour: 5, toHour: 7 }] },
    decision: 'wait',
    reason: /judged 6\.0 hours ago.*; and no run starts in blackout.*; and a run costs/,
    again: '2001-03-01T00:00:00.000Z',
  },
  {
    title: 'by hand goes past blackout and budget',
    facts: { request: manual, cost: { spent: 100, estimate: 2 } },
    policy: { budgetPerMonthDollars: 10, blackout: [{ fromHour: 0, toHour: 24 }] },
    decision: 'retrain',
    reason: /asked by ann/,
  },
  {
    title: 'one execution asks again, not everyone who came meanwhile',
    facts: { request: drift, now: new Date('2001-02-01T06:00:00Z'), waiting: 'x1' },
    decision: 'wait',
    reason: /execution x1, which waits for drift too, asks again/,
  },
  {
    title: 'nobody asks for ever',
    facts: {
      request: drift,
      askedAt: new Date('2001-01-15T00:00:00Z'),
      cost: { spent: 9, estimate: 2 },
      liveSince: undefined,
    },
    policy: { budgetPerMonthDollars: 10 },
    decision: 'wait',
    reason: /asked for 40 days and is not asked again/,
  },
  {
    title: 'asked again, an alarm is void once another model serves',
    facts: { request: drift, askedAt: new Date('2001-02-01T00:00:00Z') },
    decision: 'wait',
    reason: /another model serves since 2001-02-02/,
  },
  {
    title: 'asked again, an alarm is void once a window is well',
    facts: { request: drift, askedAt: new Date('2001-02-27T00:00:00Z'), newestWindow: window() },
    decision: 'wait',
    reason: /window that ended 2001-02-28T00:00:00Z does not show it any more/,
  },
  {
    title: 'asked again, an alarm that still stands trains',
    facts: { request: drift, askedAt: new Date('2001-02-27T00:00:00Z'), newestWindow: window('drift') },
    decision: 'retrain',
    reason: /alarm drift/,
  },
  {
    title: 'asked again without a newer window, the alarm is all there is',
    facts: {
      request: drift,
      askedAt: new Date('2001-02-28T12:00:00Z'),
      newestWindow: window(),
    },
    decision: 'retrain',
    reason: /alarm drift/,
  },
];

describe('what holds a wanted run back', () => {
  testPolicy(CASES);
});
