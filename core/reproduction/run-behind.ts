import { ModelwayError } from '../../contracts/problems.ts';
import { recordSort } from '../../contracts/records.ts';
import { findRecord } from '../lineage/find-record.ts';
import { ancestorsOf, type Lineage } from '../lineage/lineage-graph.ts';

/** From this length on, the beginning of a run's id is taken for it; shorter ones are numbers of packages. */
const SHORTEST_BEGINNING = 6;

/**
 * Id of the run that made what a person names: a run by its id or the beginning of it (a decision and an intake may share that id),
 * or the newest run among all that another record was made from.
 * @param live sort key of what serves now, when it is known
 * @throws ModelwayError `no-run` when no run stands behind the record, or as `findRecord` does
 */
export function runBehind(lineage: Lineage, wanted: string, live: string | undefined): string {
  const runs = [...lineage.nodes.values()].filter(({ kind, at }) => kind === 'run' && at !== null).map(({ id }) => id);
  const named = recordSort('run', wanted);
  const begun = wanted.length < SHORTEST_BEGINNING ? [] : runs.filter((id) => id.startsWith(named));
  const run = runs.includes(named) ? named : begun.length === 1 ? begun[0] : ancestorRun(lineage, wanted, live);
  if (run !== undefined) return run.slice(run.indexOf('#') + 1);
  throw new ModelwayError('no-run', 'input', [
    {
      path: 'V',
      message: 'was not made by a training run',
      got: wanted,
      fix: 'name live, the number of a package, or the id of a run',
    },
  ]);
}

function ancestorRun(lineage: Lineage, wanted: string, live: string | undefined): string | undefined {
  const root = findRecord(lineage, wanted, live);
  return ancestorsOf(lineage, root)
    .nodes.filter(({ kind, at }) => kind === 'run' && at !== null)
    .at(-1)?.id;
}
