import type { LineageGraph, LineageNode } from '../../contracts/lineage.ts';
import { type Html, html } from './html.ts';

const COLUMN_WIDTH = 190;
const ROW_HEIGHT = 44;

interface Place {
  readonly x: number;
  readonly y: number;
}

/**
 * A lineage graph as a picture: a column for each step from what was uploaded to what was made of it, an arrowless line for each
 * "made from". A record stands one column to the right of the last thing it was made from.
 */
export function lineagePicture(graph: LineageGraph): Html {
  const column = steps(graph);
  const columns = Map.groupBy(graph.nodes, ({ id }) => column.get(id) ?? 0);
  const width = Math.max(0, ...columns.keys()) + 1;
  const height = Math.max(1, ...[...columns.values()].map((nodes) => nodes.length));
  const places = new Map<string, Place>();
  for (const [step, nodes] of columns)
    for (const [row, { id }] of nodes.entries())
      places.set(id, { x: step * COLUMN_WIDTH + 6, y: row * ROW_HEIGHT + 8 });
  const spoken = graph.nodes.map(({ id }) => id).join(', ');
  return html`<figure class="scroll"><svg viewBox="0 0 ${width * COLUMN_WIDTH} ${height * ROW_HEIGHT + 12}" style="min-width: ${width * 140}px" role="img" aria-label="lineage: ${spoken}">${graph.edges.map(({ from, to }) => line(places.get(from), places.get(to)))}${graph.nodes.map((node) => box(node, places.get(node.id), node.id === graph.root))}</svg>
<figcaption>From left to right: what was uploaded, frozen, trained, judged, registered, deployed and watched. Every box is one immutable record.</figcaption></figure>`;
}

/** Longest way from a record without parents, by record; each record is settled once all its parents are (Kahn 1962). */
function steps(graph: LineageGraph): ReadonlyMap<string, number> {
  const waiting = new Map(graph.nodes.map(({ id }) => [id, 0]));
  for (const { to } of graph.edges) waiting.set(to, (waiting.get(to) ?? 0) + 1);
  const children = Map.groupBy(graph.edges, ({ from }) => from);
  const settled = new Map<string, number>();
  const ready = [...waiting].filter(([, parents]) => parents === 0).map(([id]) => id);
  for (const id of ready) {
    settled.set(id, settled.get(id) ?? 0);
    for (const { to } of children.get(id) ?? []) {
      settled.set(to, Math.max(settled.get(to) ?? 0, (settled.get(id) ?? 0) + 1));
      const left = (waiting.get(to) ?? 1) - 1;
      waiting.set(to, left);
      if (left === 0) ready.push(to);
    }
  }
  return settled;
}

function line(from: Place | undefined, to: Place | undefined): Html {
  if (from === undefined || to === undefined) return html``;
  return html`<line x1="${from.x + COLUMN_WIDTH - 30}" y1="${from.y + 15}" x2="${to.x}" y2="${to.y + 15}" stroke="var(--soft)"/>`;
}

function box({ id, kind, at, summary }: LineageNode, place: Place | undefined, isRoot: boolean): Html {
  if (place === undefined) return html``;
  const name = id.slice(kind.length + 1);
  const short = name.length > 22 ? `…${name.slice(-21)}` : name;
  return html`<g><title>${id} ${at ?? ''} ${summary}</title><rect x="${place.x}" y="${place.y}" width="${COLUMN_WIDTH - 30}" height="32" rx="4" fill="var(--band)" stroke="${isRoot ? 'var(--first)' : 'var(--line)'}"/>
<text x="${place.x + 8}" y="${place.y + 13}">${kind}</text><text x="${place.x + 8}" y="${place.y + 26}">${short}</text></g>`;
}
