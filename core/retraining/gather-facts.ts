import { z } from 'zod';
import { GateDecisionSchema } from '../../contracts/gates.ts';
import { type DatasetDetail, DatasetDetailSchema, type LineageRecord } from '../../contracts/records.ts';
import { detailOf } from '../lineage/lineage-record.ts';
import type { PastRun } from './retraining-facts.ts';

/** The parts of a run's detail that the decision reads. */
const RunDetailSchema = z.object({
  datasetVersions: z.array(z.string()),
  decision: GateDecisionSchema.pick({ passed: true }),
});
const BilledRunSchema = z.object({ billableSeconds: z.number() });
const DecidedSchema = z.object({ decision: z.object({ decision: z.literal('retrain'), recipe: z.string() }) });

/** Dataset versions of one schema, those with the oldest data first. */
export function datasetsOf(records: readonly LineageRecord[], schemaHash: string): readonly DatasetDetail[] {
  return records
    .flatMap((record) => {
      const detail = detailOf(record, DatasetDetailSchema);
      return detail?.schemaHash === schemaHash ? [{ detail, order: detail.to ?? record.at }] : [];
    })
    .sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0))
    .map(({ detail }) => detail);
}

/** Judged runs, oldest first. */
export function runsOf(records: readonly LineageRecord[]): readonly PastRun[] {
  return records
    .flatMap((record) => {
      const detail = detailOf(record, RunDetailSchema);
      if (detail === undefined) return [];
      return [
        { id: record.id, at: record.at, datasetVersions: detail.datasetVersions, passed: detail.decision.passed },
      ];
    })
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** Billable seconds of the runs that have them, by run. */
export function billedSeconds(runs: readonly LineageRecord[]): ReadonlyMap<string, number> {
  return new Map(
    runs.flatMap((run): [string, number][] => {
      const detail = detailOf(run, BilledRunSchema);
      return detail === undefined ? [] : [[run.id, detail.billableSeconds]];
    }),
  );
}

/** The hash of code and settings that a recorded decision trained with; undefined when it waited, or is from before they were recorded. */
export const decidedRecipe = (decision: LineageRecord | undefined): string | undefined =>
  decision === undefined ? undefined : detailOf(decision, DecidedSchema)?.decision.recipe;
