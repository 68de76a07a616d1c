import { describe, expect, test } from 'vitest';
import type { DatasetDetail } from '../../../contracts/records.ts';
import { retrainingWithDefaults } from '../../../contracts/retraining-config.ts';
import { decideRetraining, type RetrainingFacts } from '../../../core/retraining/decide-retraining.ts';

const POLICY = retrainingWithDefaults(undefined);
const dataset = (version: string): DatasetDetail => ({ version, parts: [], rows: 10, schemaHash: 's', sources: [] });
const run = (id: string, at: string, datasetVersions: readonly string[], passed = true) => ({
  id,
  at,
  datasetVersions,
  passed,
});

function facts(changed: Partial<RetrainingFacts> = {}): RetrainingFacts {
  return {
    request: { trigger: 'new-data', cause: 'version b came' },
    now: new Date('2001-03-01T00:00:00Z'),
    datasets: [dataset('a'), dataset('b')],
    runs: [run('r1', '2001-02-01T00:00:00Z', ['a'])],
    inFlight: undefined,
    driftStands: undefined,
    ...changed,
  };
}

/** What the policy says, with a word its reason must hold. */
interface Case {
  readonly title: string;
  readonly facts: Partial<RetrainingFacts>;
  readonly policy?: Partial<{
    onNewData: 'always' | 'first' | 'never';
    onDrift: boolean;
    cooldownHours: number;
    newestVersions: number;
  }>;
  readonly decision: 'retrain' | 'wait';
  readonly reason: RegExp;
  readonly versions?: readonly string[];
}

const drift = { trigger: 'drift', cause: 'alarm drift went off' } as const;
const manual = { trigger: 'manual', cause: 'asked by ann' } as const;
const schedule = { trigger: 'schedule', cause: 'the weekly schedule' } as const;

const CASES: readonly Case[] = [
  {
    title: 'the first data trains',
    facts: { runs: [] },
    decision: 'retrain',
    reason: /first model/,
    versions: ['a', 'b'],
  },
  {
    title: 'a first run that was refused leaves the next data to be the first',
    facts: { runs: [run('r', '2001-02-01T00:00:00Z', ['a'], false)] },
    decision: 'retrain',
    reason: /first model/,
  },
  { title: 'later data alone waits', facts: {}, decision: 'wait', reason: /only the first run, and no drift stands/ },
  {
    title: 'later data while drift stands trains',
    facts: { driftStands: '2001-02-20T00:00:00Z' },
    decision: 'retrain',
    reason: /drift stands since the window that ended 2001-02-20/,
  },
  {
    title: 'standing drift does not matter to a model that does not retrain on drift',
    facts: { driftStands: '2001-02-20T00:00:00Z' },
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
    facts: { runs: [] },
    policy: { onNewData: 'never' },
    decision: 'wait',
    reason: /does not train on new data/,
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
    reason: /does not retrain on drift/,
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
    title: 'cooldown waits, and says how long is left',
    facts: { request: drift, now: new Date('2001-02-01T06:00:00Z') },
    decision: 'wait',
    reason: /6\.0 hours ago, and 24 hours must lie between/,
  },
  {
    title: 'cooldown is over at its last minute',
    facts: { request: drift, now: new Date('2001-02-02T00:00:00Z') },
    decision: 'retrain',
    reason: /alarm/,
  },
  {
    title: 'one run at a time',
    facts: { inFlight: 'r9', driftStands: '2001-02-20T00:00:00Z' },
    decision: 'wait',
    reason: /r9 is in flight/,
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
  test.each(CASES.map((one) => [one.title, one] as const))(
    '%s',
    (_, { facts: changed, policy, decision, reason, versions }) => {
      const decided = decideRetraining({ ...POLICY, ...policy }, facts(changed));
      expect(decided.decision).toBe(decision);
      expect(decided.reason).toMatch(reason);
      if (versions !== undefined) expect(decided.datasetVersions).toEqual(versions);
      if (decision === 'wait') expect(decided.datasetVersions).toEqual([]);
    },
  );
});
