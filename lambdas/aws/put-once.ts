import { ModelwayError } from '../../contracts/problems.ts';
import type { LineageRecord } from '../../contracts/records.ts';
import { sameContent } from '../../core/lineage/lineage-record.ts';
import type { LineageTable } from './lineage-table.ts';

/**
 * Puts a record whose content follows from its name alone; the same again is no error.
 * @throws ModelwayError `record-conflict` when a record of that name says something else
 */
export async function putOnce(lineage: LineageTable, model: string, record: LineageRecord): Promise<void> {
  if ((await lineage.put(record)) === 'written') return;
  const stored = await lineage.get(model, record.sk);
  if (stored !== undefined && !sameContent(stored, record)) throw recordConflict(stored);
}

/** What a writer is told whose record is there already and says something else. */
export const recordConflict = ({ sk, at }: LineageRecord): ModelwayError =>
  new ModelwayError('record-conflict', 'modelway', [
    {
      path: sk,
      message: `was recorded at ${at} and says something else; records are never changed`,
      fix: 'see both in the lineage table and in the execution that wanted to write; what is new needs a name of its own',
    },
  ]);
