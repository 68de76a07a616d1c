import type { LineageGraph } from '../../contracts/lineage.ts';

/**
 * A lineage graph as two indented trees: what the root was made from, and what was made from it. A record that two others share is
 * written out once and named after that.
 */
export function lineageTree(graph: LineageGraph): readonly string[] {
  const from = Map.groupBy(graph.edges, ({ to }) => to);
  const into = Map.groupBy(graph.edges, ({ from: parent }) => parent);
  const made = branch(graph, (id) => (from.get(id) ?? []).map((edge) => edge.from));
  const used = branch(graph, (id) => (into.get(id) ?? []).map((edge) => edge.to));
  return [
    `${line(graph, graph.root)}`,
    '',
    'made from',
    ...(made.length > 0 ? made : ['  nothing that is recorded']),
    '',
    'went into',
    ...(used.length > 0 ? used : ['  nothing yet']),
  ];
}

function branch(graph: LineageGraph, next: (id: string) => readonly string[]): readonly string[] {
  const lines: string[] = [];
  const written = new Set<string>();
  const visit = (id: string, depth: number) => {
    const again = written.has(id);
    written.add(id);
    lines.push(`${'  '.repeat(depth)}${again ? `${id} (above)` : line(graph, id)}`);
    if (!again) for (const other of next(id)) visit(other, depth + 1);
  };
  written.add(graph.root);
  for (const id of next(graph.root)) visit(id, 1);
  return lines;
}

function line(graph: LineageGraph, id: string): string {
  const node = graph.nodes.find((candidate) => candidate.id === id);
  if (node === undefined) return id;
  const time = node.at === null ? '' : `, ${node.at.slice(0, 16).replace('T', ' ')}`;
  return `${id}${time}${node.summary === '' ? '' : `: ${node.summary}`}`;
}
