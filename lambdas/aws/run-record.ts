import { ModelwayError } from '../../contracts/problems.ts';
import { type LineageRecord, recordSort } from '../../contracts/records.ts';
import { type RunDetail, RunDetailSchema } from '../../contracts/reproduction.ts';
import { detailOf } from '../../core/lineage/lineage-record.ts';
import type { LineageTable } from './lineage-table.ts';

/**
 * The record of a run with all that a second run needs.
 * @throws ModelwayError `not-reproducible` when there is no such run, or it was recorded without what it was made from
 */
export async function runRecord(
  model: string,
  run: string,
  lineage: LineageTable,
): Promise<{ readonly record: LineageRecord; readonly detail: RunDetail }> {
  const record = await lineage.get(model, recordSort('run', run));
  if (record === undefined) throw notReproducible(run, `there is no such run of ${model}`);
  const detail = detailOf(record, RunDetailSchema);
  if (detail === undefined) throw notReproducible(run, 'was recorded without code, image or hyperparameters');
  return { record, detail };
}

/** What a run that cannot be run again is refused with. */
export const notReproducible = (run: string, message: string): ModelwayError =>
  new ModelwayError('not-reproducible', 'input', [
    {
      path: 'reproduce',
      message,
      got: run,
      fix: 'name a run that modelway lineage shows with its code, image and files',
    },
  ]);
