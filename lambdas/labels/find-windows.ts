import { windowKeys } from '../../contracts/keys.ts';
import type { Label } from '../../contracts/labels.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import { JudgementSchema } from '../../contracts/monitoring-steps.ts';
import { type LineageRecord, recordSort } from '../../contracts/records.ts';
import { previousWindow, windowOf } from '../../core/drift/window.ts';
import { detailOf } from '../../core/lineage/lineage-record.ts';
import { decodeIds, holdsId, idHash } from '../../core/monitoring/id-index.ts';
import { DAY } from '../../core/profile/instant.ts';
import type { Lake } from '../aws/lake.ts';
import type { LineageTable } from '../aws/lineage-table.ts';

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
  { lake, lineage }: { readonly lake: Lake; readonly lineage: LineageTable },
): Promise<FoundWindows> {
  const byWindow = new Map<string, readonly Label[]>();
  if (labels.length === 0) return { byWindow, notFound: [], open: [] };
  const horizon = new Date(arrivedAt.getTime() - monitoring.quality.labelHorizonDays * DAY);
  const oldest = previousWindow(windowOf(horizon, monitoring), monitoring);
  const records = await lineage.between(name, recordSort('window', oldest.to), recordSort('window', '~'));
  const { judged, searchable } = judgedWindows(records);
  let rest = labels.map((label) => ({ label, hash: idHash(label.inferenceId) }));
  for (const to of [...searchable].sort().reverse()) {
    if (rest.length === 0) break;
    const ids = decodeIds(await lake.getBytes(windowKeys(name, to).ids));
    const here = rest.filter(({ hash }) => holdsId(ids, hash));
    if (here.length === 0) continue;
    byWindow.set(
      to,
      here.map(({ label }) => label),
    );
    rest = rest.filter(({ hash }) => !holdsId(ids, hash));
  }
  return { byWindow, notFound: rest.map(({ label }) => label), open: openWindows(arrivedAt, monitoring, judged) };
}

/** Ends of the windows that were judged, and of those whose ids were kept. */
export function judgedWindows(records: readonly LineageRecord[]): {
  readonly judged: ReadonlySet<string>;
  readonly searchable: ReadonlySet<string>;
} {
  const judgements = records.flatMap((record) => detailOf(record, JudgementSchema) ?? []);
  const kept = judgements.filter(({ idsKept }) => idsKept === true);
  return {
    judged: new Set(judgements.map(({ window }) => window.to)),
    searchable: new Set(kept.map(({ window }) => window.to)),
  };
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
