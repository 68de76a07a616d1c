import type { LineageGraph, LineageNode } from '../../contracts/lineage.ts';
import { type LineageRecord, RECORD_KINDS, type RecordKind } from '../../contracts/records.ts';
import { impliedLinks } from './implied-links.ts';
import { recordFacts } from './record-facts.ts';

/** All records of one model with every link between them, readable in both directions. */
export interface Lineage {
  readonly model: string;
  readonly nodes: ReadonlyMap<string, LineageNode>;
  readonly parents: ReadonlyMap<string, readonly string[]>;
  readonly children: ReadonlyMap<string, readonly string[]>;
}

/**
 * Links the records of a model: by their parents, and by what their details imply. A record that is named and not there becomes a node without a time.
 */
export function linkRecords(model: string, records: readonly LineageRecord[]): Lineage {
  const read = records.map((record) => ({ record, facts: recordFacts(record) }));
  const implied = impliedLinks(read);
  const nodes = new Map<string, LineageNode>();
  const parents = new Map<string, readonly string[]>();
  const children = new Map<string, string[]>();
  for (const one of read) {
    const { record, facts } = one;
    const { summary } = facts;
    nodes.set(record.sk, { id: record.sk, kind: record.kind, at: record.at, summary, facts: { ...facts.facts } });
    parents.set(record.sk, [...new Set([...record.parents, ...implied(one)])]);
  }
  for (const [child, from] of parents)
    for (const parent of from) {
      if (!nodes.has(parent)) nodes.set(parent, missingNode(parent));
      children.set(parent, [...(children.get(parent) ?? []), child]);
    }
  return { model, nodes, parents, children };
}

function missingNode(id: string): LineageNode {
  const kind: RecordKind = RECORD_KINDS.find((known) => id.startsWith(`${known}#`)) ?? 'failure';
  return { id, kind, at: null, summary: 'no record', facts: {} };
}

/** Everything `root` was made from and everything that was made from it, oldest first. */
export function relatedTo(lineage: Lineage, root: string): LineageGraph {
  return graphOf(lineage, root, new Set([...reach(root, lineage.parents), ...reach(root, lineage.children)]));
}

/** Everything `root` was made from, oldest first. */
export function ancestorsOf(lineage: Lineage, root: string): LineageGraph {
  return graphOf(lineage, root, reach(root, lineage.parents));
}

function graphOf(lineage: Lineage, root: string, found: ReadonlySet<string>): LineageGraph {
  const nodes = [...found].flatMap((id) => lineage.nodes.get(id) ?? []);
  nodes.sort((a, b) => (a.at ?? '').localeCompare(b.at ?? '') || (a.id < b.id ? -1 : 1));
  const edges = nodes.flatMap(({ id }) =>
    (lineage.parents.get(id) ?? []).filter((parent) => found.has(parent)).map((parent) => ({ from: parent, to: id })),
  );
  return { model: lineage.model, root, nodes, edges };
}

/** What can be reached from `start` along `links`, itself included; a circle ends. */
function reach(start: string, links: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const seen = new Set([start]);
  for (const id of seen) for (const next of links.get(id) ?? []) seen.add(next);
  return seen;
}
