import { type LineageRecord, recordSort } from '../../contracts/records.ts';
import { decodeIds, holdsId, idHash } from '../monitoring/id-index.ts';

/**
 * Sort key of the window in which a prediction was answered, newest window first; undefined when no window that kept its ids holds it.
 * Ids are kept as 64-bit hashes: among a million predictions, another one is taken for it with a chance of 5e-14.
 * @param idsOf the stored index of a window by its end, undefined when there is none
 */
export async function answeringWindow(
  records: readonly LineageRecord[],
  idsOf: (windowEnd: string) => Promise<Uint8Array | undefined>,
  inferenceId: string,
): Promise<string | undefined> {
  const hash = idHash(inferenceId);
  for (const end of windowEnds(records).toReversed()) {
    const ids = await idsOf(end);
    if (ids !== undefined && holdsId(decodeIds(ids), hash)) return recordSort('window', end);
  }
  return undefined;
}

/** Ends of all windows on record, oldest first; an amended window counts once. */
export function windowEnds(records: readonly LineageRecord[]): readonly string[] {
  const ends = records.filter(({ kind }) => kind === 'window').map(({ id }) => id.split('/')[0] ?? id);
  return [...new Set(ends)].sort();
}
