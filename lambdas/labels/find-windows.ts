import { windowKeys } from '../../contracts/keys.ts';
import type { Label } from '../../contracts/labels.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import { recordSort } from '../../contracts/records.ts';
import { previousWindow, windowOf } from '../../core/drift/window.ts';
import { decodeIds } from '../../core/monitoring/id-index.ts';
import { unplacedLabels } from '../../core/monitoring/labels-by-hash.ts';
import { DAY } from '../../core/profile/instant.ts';
import type { Lake } from '../aws/lake.ts';
import type { LineageTable } from '../aws/lineage-table.ts';
import { judgedWindows } from './judged-windows.ts';

/** Open windows that labels may wait in: the one that is running, and those whose lag is not over or whose judging is late. */
const MOST_OPEN_WINDOWS = 3;

/** Where undated labels belong. */
export interface FoundWindows {
  readonly byWindow: ReadonlyMap<string, readonly Label[]>;
  /** Labels of no window judged so far. */
  readonly notFound: readonly Label[];
  /** Ends of the windows that were not judged yet, in which such labels wait. */
  readonly open: readonly string[];
}

/**
 * Searches the inference ids of the windows judged within the label horizon, newest first, until every label is found. Reads the index
 * of a window, eight bytes an id, never its capture files.
 */
export async function findWindows(
  { name, monitoring }: ModelConfig,
  labels: readonly Label[],
  arrivedAt: Date,
  { lake, lineage }: { readonly lake: Lake; readonly lineage: Pick<LineageTable, 'between'> },
): Promise<FoundWindows> {
  const byWindow = new Map<string, readonly Label[]>();
  if (labels.length === 0) return { byWindow, notFound: [], open: [] };
  const horizon = new Date(arrivedAt.getTime() - monitoring.quality.labelHorizonDays * DAY);
  const oldest = previousWindow(windowOf(horizon, monitoring), monitoring);
  const records = await lineage.between(name, recordSort('window', oldest.to), recordSort('window', '~'));
  const { judged, searchable } = judgedWindows(records);
  const unplaced = unplacedLabels(labels);
  for (const to of [...searchable].sort().reverse()) {
    if (unplaced.left() === 0) break;
    const found = unplaced.takeFound(decodeIds(await lake.getBytes(windowKeys(name, to).ids)));
    if (found.length > 0) byWindow.set(to, found);
  }
  return { byWindow, notFound: unplaced.rest(), open: openWindows(arrivedAt, monitoring, judged) };
}

function openWindows(arrivedAt: Date, monitoring: ModelConfig['monitoring'], judged: ReadonlySet<string>) {
  const open: string[] = [];
  let window = windowOf(arrivedAt, monitoring);
  while (open.length < MOST_OPEN_WINDOWS && !judged.has(window.to)) {
    open.push(window.to);
    window = previousWindow(window, monitoring);
  }
  return open;
}
