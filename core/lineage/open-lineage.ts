import type { LineageGraph, LineageNode } from '../../contracts/lineage.ts';
import { sha256 } from './canonical-json.ts';

const PRODUCER = 'https://modelway.invalid/modelway';
const RUN_EVENT = 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent';

/** An OpenLineage run event (specification 2-0-2): the job that made one record, what it read and what it wrote. */
export interface OpenLineageEvent {
  readonly eventType: 'COMPLETE';
  readonly eventTime: string;
  readonly run: { readonly runId: string; readonly facets: Readonly<Record<string, Facet>> };
  readonly job: { readonly namespace: string; readonly name: string };
  readonly inputs: readonly OpenLineageDataset[];
  readonly outputs: readonly OpenLineageDataset[];
  readonly producer: string;
  readonly schemaURL: string;
}

interface Facet {
  readonly _producer: string;
  readonly _schemaURL: string;
  readonly [fact: string]: string;
}

interface OpenLineageDataset {
  readonly namespace: string;
  readonly name: string;
}

/**
 * One event for each recorded node of a graph, oldest first: reading a record's parents and writing the record. Other tools build
 * the same graph from them.
 */
export function openLineageEvents(platform: string, graph: LineageGraph): readonly OpenLineageEvent[] {
  const namespace = `${platform}/${graph.model}`;
  return graph.nodes.flatMap((node) =>
    node.at === null ? [] : [runEvent(namespace, node, node.at, parentsOf(graph, node.id))],
  );
}

function runEvent(namespace: string, node: LineageNode, at: string, parents: readonly string[]): OpenLineageEvent {
  const facet: Facet = { ...node.facts, summary: node.summary, _producer: PRODUCER, _schemaURL: `${PRODUCER}#facts` };
  return {
    eventType: 'COMPLETE',
    eventTime: at,
    run: { runId: runId(`${namespace} ${node.id}`), facets: { modelway_facts: facet } },
    job: { namespace, name: node.kind },
    inputs: parents.map((name) => ({ namespace, name })),
    outputs: [{ namespace, name: node.id }],
    producer: PRODUCER,
    schemaURL: RUN_EVENT,
  };
}

const parentsOf = (graph: LineageGraph, id: string) =>
  graph.edges.filter(({ to }) => to === id).map(({ from }) => from);

/** A UUID of version 8 (RFC 9562: custom), the same for the same name, so that an event sent twice is one run. */
function runId(name: string): string {
  const hex = sha256(name);
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
