import { windowKeys } from '../../contracts/keys.ts';
import type { Label } from '../../contracts/labels.ts';
import { decodeIds, holdsId, idHash } from '../../core/monitoring/id-index.ts';
import type { Lake } from '../aws/lake.ts';
import type { LineageTable } from '../aws/lineage-table.ts';
import { windowsOnRecord } from './judged-windows.ts';

/** How many labels could be held against the ids of their window, and how many of those name none of them. */
export interface IdCheck {
  readonly checked: number;
  readonly unmatched: number;
}

/**
 * Looks labels with a known window up among the ids that were answered in it, where it was judged and its ids were kept. They are taken all
 * the same: requests may be captured late.
 */
export async function countUnmatched(
  model: string,
  byWindow: ReadonlyMap<string, readonly Label[]>,
  { lake, lineage }: { readonly lake: Lake; readonly lineage: Pick<LineageTable, 'between'> },
): Promise<IdCheck> {
  const { searchable } = await windowsOnRecord(model, [...byWindow.keys()], lineage);
  let [checked, unmatched] = [0, 0];
  for (const [to, labels] of byWindow) {
    if (!searchable.has(to)) continue;
    const ids = decodeIds(await lake.getBytes(windowKeys(model, to).ids));
    checked += labels.length;
    unmatched += labels.filter(({ inferenceId }) => !holdsId(ids, idHash(inferenceId))).length;
  }
  return { checked, unmatched };
}
