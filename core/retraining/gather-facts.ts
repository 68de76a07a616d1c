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
