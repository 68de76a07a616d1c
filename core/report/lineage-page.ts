import type { LineageGraph } from '../../contracts/lineage.ts';
import { html } from './html.ts';
import { lineagePicture } from './lineage-picture.ts';
import { page, section } from './page.ts';
import { table } from './table.ts';

/** A lineage graph as a page: the picture, then every record with its hashes and ids. */
export function lineagePage(graph: LineageGraph): string {
  const rows = graph.nodes.map(({ id, at, summary, facts }) => [
    id,
    at?.slice(0, 16).replace('T', ' ') ?? 'not recorded',
    summary,
    Object.entries(facts).map(([name, value]) => html`${name}: ${value}<br>`),
  ]);
  const columns = ['record', 'recorded at', 'what', 'hashes, ids and settings'].map((heading) => ({ heading }));
  return page(
    `Lineage of ${graph.root}`,
    `Model ${graph.model}: ${graph.nodes.length} records, ${graph.edges.length} links.`,
    lineagePicture(graph),
    section('Records', table('Oldest first', columns, rows)),
  );
}
