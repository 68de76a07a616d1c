import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TRIGGERS } from '../../../contracts/machines.ts';
import { decideRetraining } from '../../../core/retraining/decide-retraining.ts';
import { type Case, dataset, drift, facts, manual, NOW, POLICY, run, schedule, testPolicy } from './policy-cases.ts';

const CASES: readonly Case[] = [
  {
    title: 'the first data trains',
    facts: { runs: [], everPassed: false },
    decision: 'retrain',
    reason: /first model/,
    versions: ['a', 'b'],
  },
  {
    title: 'a first run that was refused leaves the next data to be the first',
    facts: { runs: [run('r', '2001-02-01T00:00:00Z', ['a'], false)], everPassed: false },
    decision: 'retrain',
    reason: /first model/,
  },
  { title: 'later data alone waits', facts: {}, decision: 'wait', reason: /only the first run, and no drift stands/ },
  {
    title: 'later data while drift stands trains',
    facts: { standing: { drift: '2001-02-20T00:00:00Z' } },
    decision: 'retrain',
    reason: /drift stands since the window that ended 2001-02-20/,
  },
  {
    title: 'standing drift does not matter to a model that does not retrain on drift',
    facts: { standing: { drift: '2001-02-20T00:00:00Z' } },
    policy: { onDrift: false },
    decision: 'wait',
    reason: /no drift stands/,
  },
  {
    title: 'every new version trains when asked to',
    facts: {},
    policy: { onNewData: 'always' },
    decision: 'retrain',
    reason: /new data/,
  },
  {
    title: 'new data never trains when asked not to, not even the first',
    facts: { runs: [], everPassed: false },
    policy: { onNewData: 'never' },
    decision: 'wait',
    reason: /does not train on new data/,
  },
  {
    title: 'a first run that passed long ago leaves later data waiting, though it is not among the last runs',
    facts: { runs: [run('r', '2001-02-01T00:00:00Z', ['a'], false)], everPassed: true },
    decision: 'wait',
    reason: /only the first run/,
  },
  {
    title: 'an old version that is not trained on any more is nothing new',
    facts: { datasets: [dataset('never used'), dataset('a')] },
    policy: { onNewData: 'always', newestVersions: 1 },
    decision: 'wait',
    reason: /no labelled data that no run has seen/,
  },
  {
    title: 'the same file twice brings nothing new',
    facts: { datasets: [dataset('a')] },
    policy: { onNewData: 'always' },
    decision: 'wait',
    reason: /no labelled data that no run has seen/,
  },
  {
    title: 'a drift alarm with new labelled data trains',
    facts: { request: drift },
    decision: 'retrain',
    reason: /alarm drift went off, and there is labelled data/,
  },
  {
    title: 'a drift alarm without new labelled data waits',
    facts: { request: drift, datasets: [dataset('a')] },
    decision: 'wait',
    reason: /no labelled data that no run has seen/,
  },
  {
    title: 'a drift alarm is left alone when asked to',
    facts: { request: drift },
    policy: { onDrift: false },
    decision: 'wait',
    reason: /does not retrain on that \(onDrift\)/,
  },
  {
    title: 'the schedule trains when there is new data',
    facts: { request: schedule },
    decision: 'retrain',
    reason: /weekly/,
  },
  {
    title: 'the schedule waits when there is none',
    facts: { request: schedule, datasets: [dataset('a')] },
    decision: 'wait',
    reason: /no labelled data/,
  },
  {
    title: 'nothing trains without data',
    facts: { datasets: [], runs: [] },
    decision: 'wait',
    reason: /no dataset version/,
  },
  {
    title: 'by hand trains on just what was named',
    facts: { request: { ...manual, datasetVersions: ['b'] } },
    decision: 'retrain',
    reason: /by hand/,
    versions: ['b'],
  },
  {
    title: 'by hand with an unknown version waits and names it',
    facts: { request: { ...manual, datasetVersions: ['b', 'zz'] } },
    decision: 'wait',
    reason: /not known or of another schema: zz/,
  },
  {
    title: 'by hand without data waits',
    facts: { request: manual, datasets: [] },
    decision: 'wait',
    reason: /no dataset version/,
  },
  {
    title: 'only the newest versions are taken when asked to',
    facts: { request: schedule, datasets: [dataset('a'), dataset('b'), dataset('c')] },
    policy: { newestVersions: 2 },
    decision: 'retrain',
    reason: /weekly/,
    versions: ['b', 'c'],
  },
];

describe('the retraining policy', () => {
  testPolicy(CASES);

  test('never trains while a run is in flight, and always says why', () => {
    const anything = fc.record({
      trigger: fc.constantFrom(...TRIGGERS),
      inFlight: fc.option(fc.constant('r9'), { nil: undefined }),
      cooldownHours: fc.integer({ min: 0, max: 2000 }),
      spent: fc.integer({ min: 0, max: 20 }),
    });
    fc.assert(
      fc.property(anything, ({ trigger, inFlight, cooldownHours, spent }) => {
        const policy = { ...POLICY, cooldownHours, budgetPerMonthDollars: 10 };
        const given = facts({ request: { trigger, cause: 'c' }, inFlight, cost: { spent, estimate: 2 } });
        const { decision, reason, askAgainAt, datasetVersions } = decideRetraining(policy, given);
        expect(reason.length).toBeGreaterThan(0);
        if (inFlight !== undefined) expect(decision).toBe('wait');
        if (askAgainAt !== null) expect(Date.parse(askAgainAt)).toBeGreaterThan(NOW.getTime());
        expect(datasetVersions.length > 0).toBe(decision === 'retrain');
      }),
    );
  });
});
