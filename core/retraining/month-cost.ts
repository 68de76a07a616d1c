import { z } from 'zod';
import type { LineageRecord } from '../../contracts/records.ts';
import { detailOf } from '../lineage/lineage-record.ts';
import type { PastDecision } from './past-decisions.ts';

const BilledRunSchema = z.object({ billableSeconds: z.number() });

/**
 * Estimated dollars of the runs begun in the calendar month (UTC) of `now`: by their billable seconds where those were recorded, else
 * what the decision to train estimated, which is the most they can cost. Null when a price was not known.
 */
export function spentThisMonth(
  decisions: readonly PastDecision[],
  runs: readonly LineageRecord[],
  now: Date,
  costOf: (billableSeconds: number) => number | null,
): number | null {
  const month = now.toISOString().slice(0, 7);
  const billed = new Map(runs.map((run) => [run.id, detailOf(run, BilledRunSchema)?.billableSeconds]));
  return decisions
    .filter(({ decision, at }) => decision === 'retrain' && new Date(at).toISOString().startsWith(month))
    .reduce<number | null>((sum, { execution, estimatedDollars }) => {
      const seconds = billed.get(execution);
      const cost = seconds === undefined ? estimatedDollars : costOf(seconds);
      return sum === null || cost === null ? null : sum + cost;
    }, 0);
}
