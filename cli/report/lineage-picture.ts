import type { LineageRecord } from '../../contracts/records.ts';
import { type Html, html } from '../../core/report/html.ts';
import type { Evidence } from '../../rehearsal/play/evidence.ts';
import { liveDeployment } from '../../rehearsal/play/lineage-lines.ts';

const COLUMN_WIDTH = 190;
const ROW_HEIGHT = 44;

/** What the live model was made from: every ancestor of its deployment, a column for each step back. */
export function lineagePicture(evidence: Evidence): Html {
  const bySort = new Map(evidence.records.map((record) => [record.sk, record]));
  const start = liveDeployment(evidence.records);
  if (start === undefined) return html`<p>Nothing serves.</p>`;
  const depth = ancestors(start, bySort);
  const columns = Math.max(...depth.values()) + 1;
  const placed = [...depth].map(([sk, level]) => ({ sk, level, record: bySort.get(sk) }));
  const rows = Array.from({ length: columns }, (_, level) => placed.filter((node) => node.level === level));
  const position = new Map(
    rows.flatMap((nodes, level) =>
      nodes.map(
        ({ sk }, row) => [sk, { x: (columns - 1 - level) * COLUMN_WIDTH + 6, y: row * ROW_HEIGHT + 8 }] as const,
      ),
    ),
  );
  const height = Math.max(...rows.map((nodes) => nodes.length)) * ROW_HEIGHT + 12;
  const edges = placed.flatMap(({ sk, record }) =>
    (record?.parents ?? []).map((parent) => edge(position.get(parent), position.get(sk))),
  );
  const boxes = placed.map(({ sk, record }) => box(sk, record, position.get(sk)));
  return html`<figure class="scroll"><svg viewBox="0 0 ${columns * COLUMN_WIDTH} ${height}" role="img" aria-label="lineage of the live model: ${placed.map(({ sk }) => sk).join(', ')}">${edges}${boxes}</svg>
<figcaption>From left to right: what was uploaded, frozen, trained, judged, registered and deployed. Every box is one immutable record.</figcaption></figure>`;
}

/** Distance of every ancestor from `start`, the longest path counting. */
function ancestors(start: LineageRecord, bySort: ReadonlyMap<string, LineageRecord>): Map<string, number> {
  const depth = new Map<string, number>();
  const visit = (sk: string, level: number, path: readonly string[]) => {
    if ((depth.get(sk) ?? -1) >= level || path.includes(sk)) return;
    depth.set(sk, level);
    for (const parent of bySort.get(sk)?.parents ?? []) visit(parent, level + 1, [...path, sk]);
  };
  visit(start.sk, 0, []);
  return depth;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

function edge(from: Place | undefined, to: Place | undefined): Html {
  if (from === undefined || to === undefined) return html``;
  return html`<line x1="${from.x + COLUMN_WIDTH - 30}" y1="${from.y + 15}" x2="${to.x}" y2="${to.y + 15}" stroke="var(--soft)"/>`;
}

function box(sk: string, record: LineageRecord | undefined, at: Place | undefined): Html {
  if (at === undefined) return html``;
  const [kind = '', id = ''] = sk.split('#');
  return html`<g><title>${sk} ${record?.at ?? ''}</title><rect x="${at.x}" y="${at.y}" width="${COLUMN_WIDTH - 30}" height="32" rx="4" fill="var(--band)" stroke="var(--line)"/>
<text x="${at.x + 8}" y="${at.y + 13}">${kind}</text><text x="${at.x + 8}" y="${at.y + 26}">${id.length > 22 ? `${id.slice(0, 21)}…` : id}</text></g>`;
}
