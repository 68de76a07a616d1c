import { z } from 'zod';
import { GateDecisionSchema } from '../../contracts/gates.ts';
import {
  type DatasetDetail,
  DatasetDetailSchema,
  type LineageRecord,
  type LivePointer,
  recordSort,
} from '../../contracts/records.ts';
import { detailOf } from '../lineage/lineage-record.ts';
import type { PastRun } from './decide-retraining.ts';

/** The parts of other records' details that the decision reads. */
const RunDetailSchema = z.object({
  datasetVersions: z.array(z.string()),
  decision: GateDecisionSchema.pick({ passed: true }),
});
const WindowDetailSchema = z.object({ verdict: z.string() });
const DecisionDetailSchema = z.object({ decision: z.object({ decision: z.string() }) });

/** How long a decision to train counts as a run that is about to start. */
const STARTING_MINUTES = 15;

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

/** End of the newest window with drift since the live model was made. */
export function standingDrift(windows: readonly LineageRecord[], live: LivePointer | undefined): string | undefined {
  if (live === undefined) return undefined;
  return windows
    .filter((record) => detailOf(record, WindowDetailSchema)?.verdict === 'drift')
    .filter(({ id }) => Date.parse(id) > Date.parse(live.since))
    .map(({ id }) => id)
    .sort((a, b) => Date.parse(a) - Date.parse(b))
    .at(-1);
}

/** A decision to train whose run neither ended nor had the time to show up among the running executions. */
export function startingRun(
  decisions: readonly LineageRecord[],
  ended: ReadonlySet<string>,
  now: Date,
): string | undefined {
  return decisions
    .filter((record) => detailOf(record, DecisionDetailSchema)?.decision.decision === 'retrain')
    .filter(({ at }) => now.getTime() - Date.parse(at) < STARTING_MINUTES * 60_000)
    .find(({ id }) => !ended.has(recordSort('run', id)) && !ended.has(recordSort('failure', `training-${id}`)))?.id;
}
