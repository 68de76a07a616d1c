import type { LineageGraph } from '../../contracts/lineage.ts';
import { type Html, html } from './html.ts';
import { type LineageBox, type LineageBoxes, lineageBoxes } from './lineage-boxes.ts';

const COLUMN_WIDTH = 190;
const ROW_HEIGHT = 44;
/** Records that a box names when it is pointed at. */
const MOST_TOLD = 20;

interface Place {
  readonly x: number;
  readonly y: number;
}

/**
 * A lineage graph as a picture: a column for each step from what was uploaded to what was made of it, an arrowless line for each
 * "made from". A box stands one column to the right of the last thing it was made from; records that lie alike share one, so that a
 * year of windows is a box and not a wall.
 */
export function lineagePicture(graph: LineageGraph): Html {
  const { boxes, edges } = lineageBoxes(graph);
  const column = steps(boxes, edges);
  const columns = Map.groupBy(boxes, ({ id }) => column.get(id) ?? 0);
  const width = Math.max(0, ...columns.keys()) + 1;
  const height = Math.max(1, ...[...columns.values()].map((inColumn) => inColumn.length));
  const places = new Map<string, Place>();
  for (const [step, inColumn] of columns)
    for (const [row, { id }] of inColumn.entries())
      places.set(id, { x: step * COLUMN_WIDTH + 6, y: row * ROW_HEIGHT + 8 });
  const spoken = boxes.map(({ kind, name }) => `${kind} ${name}`).join(', ');
  return html`<figure class="scroll"><svg viewBox="0 0 ${width * COLUMN_WIDTH} ${height * ROW_HEIGHT + 12}" style="min-width: ${width * COLUMN_WIDTH}px" role="img" aria-label="lineage: ${spoken}">${edges.map(({ from, to }) => line(places.get(from), places.get(to)))}${boxes.map((drawn) => box(drawn, places.get(drawn.id), graph.root))}</svg>
<figcaption>From left to right: what was uploaded, frozen, trained, judged, registered, deployed and watched. A box is one immutable record, or as many as its number says that lie alike; the table below has them all.</figcaption></figure>`;
}

/** Longest way from a record without parents, by record; each record is settled once all its parents are (Kahn 1962). */
function steps(boxes: LineageBoxes['boxes'], edges: LineageBoxes['edges']): ReadonlyMap<string, number> {
  const waiting = new Map(boxes.map(({ id }) => [id, 0]));
  for (const { to } of edges) waiting.set(to, (waiting.get(to) ?? 0) + 1);
  const children = Map.groupBy(edges, ({ from }) => from);
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

function box({ kind, name, nodes }: LineageBox, place: Place | undefined, root: string): Html {
  if (place === undefined) return html``;
  const isRoot = nodes.some(({ id }) => id === root);
  const told = nodes.slice(0, MOST_TOLD).map(({ id, at, summary }) => `${id} ${at ?? ''} ${summary}`);
  const more = nodes.length > MOST_TOLD ? [`and ${nodes.length - MOST_TOLD} more`] : [];
  return html`<g><title>${[...told, ...more].join('\n')}</title><rect x="${place.x}" y="${place.y}" width="${COLUMN_WIDTH - 30}" height="32" rx="4" fill="var(--band)" stroke="${isRoot ? 'var(--first)' : 'var(--line)'}"/>
<text x="${place.x + 8}" y="${place.y + 13}">${kind}</text><text x="${place.x + 8}" y="${place.y + 26}">${name}</text></g>`;
}
