import type { ModelConfig } from '../../contracts/model-config.ts';
import { type Judgement, JudgementSchema } from '../../contracts/monitoring-steps.ts';
import { type LineageRecord, recordSort } from '../../contracts/records.ts';
import type { Window } from '../../contracts/window.ts';
import { previousWindow } from '../../core/drift/window.ts';
import { detailOf } from '../../core/lineage/lineage-record.ts';
import type { LineageReader } from './read-once.ts';

/** How many windows before the one in question are read, a week of hours, whatever the age of the model: what a run costs must not grow. */
export const WINDOWS_LOOKED_BACK = 168;

/** A window's newest judgement, with the id of its record. */
export interface PastJudgement {
  readonly recordId: string;
  readonly judgement: Judgement;
}

/** Judgements of a window and the 168 before it, oldest window first; of each window only the newest. */
export async function pastWindows(
  model: Pick<ModelConfig, 'name' | 'monitoring'>,
  upTo: Window,
  lineage: LineageReader,
): Promise<readonly PastJudgement[]> {
  let first = upTo;
  for (let back = 0; back < WINDOWS_LOOKED_BACK; back += 1) first = previousWindow(first, model.monitoring);
  const records = await lineage.between(model.name, recordSort('window', first.to), endOf(upTo));
  return newestOfEach(records);
}

/** Ids of a window's records begin with its end; what follows sorts before `~`. */
const endOf = (window: Window) => recordSort('window', `${window.to}~`);

function newestOfEach(records: readonly LineageRecord[]): readonly PastJudgement[] {
  const newest = new Map<string, PastJudgement>();
  for (const record of records.toSorted((a, b) => (a.at < b.at ? -1 : 1))) {
    const judgement = detailOf(record, JudgementSchema);
    if (judgement !== undefined) newest.set(judgement.window.to, { recordId: record.id, judgement });
  }
  return [...newest.values()].sort((a, b) => (a.judgement.window.to < b.judgement.window.to ? -1 : 1));
}
