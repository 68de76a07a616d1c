import { type LineageRecord, recordSort } from '../../contracts/records.ts';
import type { RecordFacts } from './record-facts.ts';

/** A record with what its detail says. */
export interface ReadRecord {
  readonly record: LineageRecord;
  readonly facts: RecordFacts;
}

/**
 * Links that records do not name as parents, and that follow from what they say: a run and the decision of its name; a failure and what
 * its execution had recorded before; an amended window and its first report; a window and the deployment that served it, or the package
 * where no deployment is on record.
 */
export function impliedLinks(read: readonly ReadRecord[]): (of: ReadRecord) => readonly string[] {
  const known = new Set(read.map(({ record }) => record.sk));
  const live = read
    .filter(({ record, facts }) => record.kind === 'deployment' && facts.live)
    .toSorted((a, b) => a.record.at.localeCompare(b.record.at));
  return ({ record, facts }) => {
    switch (record.kind) {
      case 'run':
        return ['decision' as const].map((kind) => recordSort(kind, record.id)).filter((sort) => known.has(sort));
      case 'failure':
        return (['run', 'decision', 'intake', 'labels', 'deployment'] as const)
          .map((kind) => recordSort(kind, facts.execution ?? ''))
          .filter((sort) => known.has(sort))
          .slice(0, 1);
      case 'window': {
        const first = firstReport(record);
        return first !== undefined && known.has(first) ? [first] : served(facts, record.at, live);
      }
      default:
        return facts.packageArns.map((packageArn) => recordSort('package', packageArn));
    }
  };
}

/** Amendments are named `<end>/<what was found>`. */
function firstReport({ id }: LineageRecord): string | undefined {
  const slash = id.indexOf('/');
  return slash < 0 ? undefined : recordSort('window', id.slice(0, slash));
}

/** The deployments of all that answered, the newest that was live when the window ended; one that came after it answered nobody in it. */
function served(
  { packageArns, windowEnd }: RecordFacts,
  judgedAt: string,
  live: readonly ReadRecord[],
): readonly string[] {
  const end = windowEnd ?? judgedAt;
  return packageArns.map((packageArn) => {
    const named = recordSort('package', packageArn);
    const deployment = live.findLast(({ record }) => record.at <= end && record.parents.includes(named));
    return deployment?.record.sk ?? named;
  });
}
