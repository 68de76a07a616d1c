import { ModelwayError } from '../../contracts/problems.ts';
import { ancestorsOf, type Lineage } from '../lineage/lineage-graph.ts';

/**
 * Id of the run that made what a record is about: the record itself, or the newest run among all that it was made from.
 * @param root sort key of a record, as `findRecord` gives it
 * @throws ModelwayError `no-run` when no run stands behind the record
 */
export function runBehind(lineage: Lineage, root: string): string {
  const runs = ancestorsOf(lineage, root).nodes.filter(({ kind, at }) => kind === 'run' && at !== null);
  const run = lineage.nodes.get(root)?.kind === 'run' ? root : runs.at(-1)?.id;
  if (run !== undefined) return run.slice(run.indexOf('#') + 1);
  throw new ModelwayError('no-run', 'input', [
    {
      path: 'V',
      message: 'was not made by a training run',
      got: root,
      fix: 'name live, the number of a package, or the id of a run',
    },
  ]);
}
