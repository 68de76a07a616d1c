import { ModelwayError } from '../../contracts/problems.ts';
import type { Lineage } from './lineage-graph.ts';

/** Candidates named in a problem; more would not be read. */
const SHOWN = 8;

/**
 * The record a person means: a sort key, an id, the number of a model package, `live`, or the beginning of an id that only one
 * record has.
 * @param live ARN of the package that serves now, when it is known
 * @throws ModelwayError `unknown-record` with records that come close, or `ambiguous-record` with all that fit
 */
export function findRecord(lineage: Lineage, wanted: string, live: string | undefined): string {
  const name = wanted === 'live' ? live : wanted;
  const ids = [...lineage.nodes.keys()];
  const fitting = name === undefined ? [] : (exact(ids, name) ?? ids.filter((id) => idOf(id).startsWith(name)));
  const [only, ...others] = fitting;
  if (only !== undefined && others.length === 0) return only;
  const [code, message, shown] =
    only === undefined
      ? (['unknown-record', `no record of ${lineage.model} is named so`, ids.slice(-SHOWN)] as const)
      : (['ambiguous-record', 'several records begin so', fitting.slice(0, SHOWN)] as const);
  throw new ModelwayError(code, 'input', [
    {
      path: 'V',
      message,
      got: wanted,
      fix:
        shown.length === 0 ? 'nothing is recorded yet' : `use live, a package number, or one of: ${shown.join(', ')}`,
    },
  ]);
}

function exact(ids: readonly string[], name: string): readonly string[] | undefined {
  const fits = [
    (id: string) => id === name,
    (id: string) => id.startsWith('package#') && id.endsWith(`/${name}`),
    (id: string) => idOf(id) === name,
  ];
  return fits.map((fit) => ids.filter(fit)).find((found) => found.length > 0);
}

const idOf = (sort: string): string => sort.slice(sort.indexOf('#') + 1);
