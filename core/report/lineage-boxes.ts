import type { LineageGraph, LineageNode } from '../../contracts/lineage.ts';

/** One box of a picture: a record, or several that lie alike between the same others. */
export interface LineageBox {
  /** Id of its first record. */
  readonly id: string;
  readonly kind: LineageNode['kind'];
  /** What it is called, short enough to be read in a box. */
  readonly name: string;
  /** Every record in it, oldest first; amendments of a window's report stand with the window. */
  readonly nodes: readonly LineageNode[];
}

/** A graph as it is drawn. */
export interface LineageBoxes {
  readonly boxes: readonly LineageBox[];
  readonly edges: readonly { readonly from: string; readonly to: string }[];
}

/** So many records that lie alike are still drawn one by one. */
const MOST_ALIKE = 3;

/**
 * Puts records into boxes: amendments with what they amend, and records of one kind with the same parents and the same children, when
 * they are more than three, into one box. The root has a box of its own.
 */
export function lineageBoxes(graph: LineageGraph): LineageBoxes {
  const amended = withoutAmendments(graph);
  const parents = Map.groupBy(amended.edges, ({ to }) => to);
  const children = Map.groupBy(amended.edges, ({ from }) => from);
  const place = (node: LineageNode) =>
    node.id === amended.root
      ? node.id
      : JSON.stringify([
          node.kind,
          (parents.get(node.id) ?? []).map(({ from }) => from).sort(),
          (children.get(node.id) ?? []).map(({ to }) => to).sort(),
        ]);
  const boxes = [...Map.groupBy(amended.nodes, place).values()]
    .flatMap((alike) => (alike.length > MOST_ALIKE ? [alike] : alike.map((node) => [node])))
    .flatMap((nodes) => boxOf(nodes, amended.behind));
  const boxOfNode = new Map(boxes.flatMap(({ id, nodes }) => nodes.map((node) => [node.id, id] as const)));
  const edges = amended.edges.map(({ from, to }) => [boxOfNode.get(from) ?? from, boxOfNode.get(to) ?? to] as const);
  const unlike = new Map(edges.map(([from, to]) => [`${from} ${to}`, { from, to }] as const));
  return { boxes, edges: [...unlike.values()] };
}

interface Amended extends LineageGraph {
  /** Amendments by the id of what they amend. */
  readonly behind: ReadonlyMap<string, readonly LineageNode[]>;
}

/** The graph with every amendment (`window#<end>/<what was found>`) taken for the record it amends. */
function withoutAmendments(graph: LineageGraph): Amended {
  const known = new Set(graph.nodes.map(({ id }) => id));
  const first = (id: string): string => {
    const slash = id.startsWith('window#') ? id.indexOf('/') : -1;
    const amended = id.slice(0, slash);
    return slash > 0 && known.has(amended) ? amended : id;
  };
  const edges = graph.edges.map(({ from, to }) => ({ from: first(from), to: first(to) }));
  const unlike = new Map(edges.map(({ from, to }) => [`${from} ${to}`, { from, to }] as const));
  return {
    ...graph,
    root: first(graph.root),
    nodes: graph.nodes.filter(({ id }) => first(id) === id),
    edges: [...unlike.values()].filter(({ from, to }) => from !== to),
    behind: Map.groupBy(
      graph.nodes.filter(({ id }) => first(id) !== id),
      ({ id }) => first(id),
    ),
  };
}

function boxOf(nodes: readonly LineageNode[], behind: Amended['behind']): readonly LineageBox[] {
  const [first] = nodes;
  const last = nodes.at(-1);
  if (first === undefined || last === undefined) return [];
  const { id, kind } = first;
  const name = nodes.length === 1 ? shortName(first) : `${nodes.length}: ${shortName(first)} …`;
  return [{ id, kind, name, nodes: nodes.flatMap((node) => [node, ...(behind.get(node.id) ?? [])]) }];
}

const HASH = /^[0-9a-f-]{20,}/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

/** A record's id without its kind: hashes by their beginning, which is enough to name a record by; packages by group and number. */
export function shortName({ id, kind }: LineageNode): string {
  const name = id.slice(kind.length + 1);
  if (INSTANT.test(name)) return name.slice(0, 16).replace('T', ' ');
  if (HASH.test(name)) return `${name.slice(0, 12)}…`;
  const short = name.slice(name.indexOf('model-package/') < 0 ? 0 : name.indexOf('model-package/') + 14);
  return short.length > 22 ? `…${short.slice(-21)}` : short;
}
