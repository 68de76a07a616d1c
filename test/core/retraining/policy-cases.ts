import { expect, test } from 'vitest';
import type { DatasetDetail } from '../../../contracts/records.ts';
import { retrainingWithDefaults } from '../../../contracts/retraining-config.ts';
import { decideRetraining } from '../../../core/retraining/decide-retraining.ts';
import type { Policy, RetrainingFacts } from '../../../core/retraining/retraining-facts.ts';

/** The policy of a model that says nothing about retraining. */
export const POLICY = retrainingWithDefaults(undefined);
export const dataset = (version: string): DatasetDetail => ({
  version,
  parts: [],
  rows: 10,
  schemaHash: 's',
  sources: [],
});
export const run = (id: string, at: string, datasetVersions: readonly string[], passed = true) => ({
  id,
  at,
  datasetVersions,
  passed,
});

/** A first of March. */
export const NOW = new Date('2001-03-01T00:00:00Z');

/** A model with one run and one dataset version that it has not seen. */
export function facts(changed: Partial<RetrainingFacts> = {}): RetrainingFacts {
  return {
    request: { trigger: 'new-data', cause: 'version b came' },
    now: NOW,
    // Asked for the first time, unless a test says otherwise.
    askedAt: changed.now ?? NOW,
    datasets: [dataset('a'), dataset('b')],
    runs: [run('r1', '2001-02-01T00:00:00Z', ['a'])],
    everPassed: true,
    inFlight: undefined,
    liveSince: '2001-02-02T00:00:00Z',
    standing: {},
    newestWindow: undefined,
    recipe: { live: 'as deployed', deployed: 'as deployed' },
    cost: { spent: 0, estimate: 2 },
    waiting: undefined,
    ...changed,
  };
}

/** A window that ended on the last of February, and what was found in it. */
export const window = (...found: readonly ('drift' | 'quality' | 'conceptDrift' | 'fairness' | 'business')[]) => ({
  end: '2001-02-28T00:00:00Z',
  found,
  evidence: 'wrong above 0.7; report monitoring/m/report.html',
});

/** What the policy says, with a word its reason must hold. */
export interface Case {
  readonly title: string;
  readonly facts: Partial<RetrainingFacts>;
  readonly policy?: Partial<Policy>;
  readonly decision: 'retrain' | 'wait';
  readonly reason: RegExp;
  readonly versions?: readonly string[];
  /** When it is asked again; left out: never. */
  readonly again?: string;
}

export const drift = { trigger: 'drift', cause: 'alarm drift went off' } as const;
export const manual = { trigger: 'manual', cause: 'asked by ann' } as const;
export const quality = { trigger: 'quality', cause: 'alarm quality went off' } as const;
export const concept = { trigger: 'concept-drift', cause: 'alarm concept-drift went off' } as const;
export const business = { trigger: 'business-metric', cause: 'revenue missed its target' } as const;
export const change = { trigger: 'change', cause: 'the stack was updated' } as const;
export const schedule = { trigger: 'schedule', cause: 'the weekly schedule' } as const;

/** One test for each case. */
export function testPolicy(cases: readonly Case[]): void {
  test.each(cases.map((one) => [one.title, one] as const))(
    '%s',
    (_, { facts: changed, policy, decision, reason, versions, again }) => {
      const decided = decideRetraining({ ...POLICY, ...policy }, facts(changed));
      expect(decided.decision).toBe(decision);
      expect(decided.reason).toMatch(reason);
      expect(decided.askAgainAt).toBe(again ?? null);
      if (versions !== undefined) expect(decided.datasetVersions).toEqual(versions);
      if (decision === 'wait') expect(decided.datasetVersions).toEqual([]);
    },
  );
}
