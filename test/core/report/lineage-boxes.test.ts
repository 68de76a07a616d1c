import { describe, expect, test } from 'vitest';
import { linkRecords, relatedTo } from '../../../core/lineage/lineage-graph.ts';
import { lineageBoxes, shortName } from '../../../core/report/lineage-boxes.ts';
import { lineagePage } from '../../../core/report/lineage-page.ts';
import { lineageRecord } from '../../lambdas/memory-lineage.ts';
import { MODEL, PACKAGE, RECORDS } from '../lineage/lineage-fixture.ts';

const end = (day: number) => new Date(Date.UTC(2001, 2, day)).toISOString();
const window = (id: string, day: number) =>
  lineageRecord(MODEL, { kind: 'window', id, at: end(day), detail: { verdict: 'none', packageArn: PACKAGE } });
const decision = (id: string, parents: readonly string[]) =>
  lineageRecord(MODEL, { kind: 'decision', id, at: end(99), parents, detail: {} });
const graphOf = (days: number, more: Parameters<typeof linkRecords>[1] = [], root = `package#${PACKAGE}`) => {
  const windows = Array.from({ length: days }, (_, day) => window(end(day), day));
  return relatedTo(linkRecords(MODEL, [...RECORDS, ...windows, ...more]), root);
};
const boxed = (graph: ReturnType<typeof graphOf>, kind: string) =>
  lineageBoxes(graph).boxes.filter((box) => box.kind === kind);

describe('the boxes of a lineage picture', () => {
  test('hold one record each where few lie alike', () => {
    const graph = graphOf(2);
    expect(boxed(graph, 'window').map(({ nodes }) => nodes.length)).toEqual([1, 1, 1]);
    expect(lineageBoxes(graph).edges).toHaveLength(graph.edges.length);
  });

  test('hold all windows of a deployment that led to nothing, and leave those that led to a decision apart', () => {
    const graph = graphOf(400, [decision('e-9', [`window#${end(7)}`])]);
    const windows = boxed(graph, 'window');
    expect(windows.map(({ nodes }) => nodes.length).sort((a, b) => a - b)).toEqual([1, 400]);
    expect(windows.find(({ nodes }) => nodes.length === 1)?.nodes[0]?.id).toBe(`window#${end(7)}`);
    expect(windows.find(({ nodes }) => nodes.length === 400)?.name).toMatch(/^400: /);
    const { boxes, edges } = lineageBoxes(graph);
    expect(boxes.length).toBeLessThan(15);
    expect(boxes.flatMap(({ nodes }) => nodes)).toHaveLength(graph.nodes.length);
    const ids = new Set(boxes.map(({ id }) => id));
    for (const { from, to } of edges) expect([ids.has(from), ids.has(to)]).toEqual([true, true]);
  });

  test('hold amendments with the window they amend', () => {
    const amended = window(`${end(1)}/found`, 40);
    expect(boxed(graphOf(2, [amended]), 'window').map(({ nodes }) => nodes.length)).toContain(2);
  });

  test('leave the record that was asked for in a box of its own', () => {
    const root = `window#${end(3)}`;
    expect(boxed(graphOf(9, [], root), 'window').map(({ nodes }) => nodes.map(({ id }) => id))).toEqual([[root]]);
  });

  test('make a page of five hundred records that fits a screen in height', () => {
    const page = lineagePage(graphOf(500));
    const height = Number(/viewBox="0 0 \d+ (\d+)"/.exec(page)?.[1]);
    expect(height).toBeLessThan(300);
    expect(page.match(/<tr/g)?.length).toBeGreaterThan(500);
  });
});

test.each([
  ['run', '5de78043c24bc4381e52c849ab2f86b2ae93a8efe40df4796f880ec3fa148393', '5de78043c24b…'],
  ['decision', '51678644-de89-42d7-96d8-c6b384c0f738', '51678644-de8…'],
  ['window', '2001-02-05T00:00:00.000Z', '2001-02-05 00:00'],
  ['package', PACKAGE, 'modelway-flights/3'],
  ['deployment', 'p-1', 'p-1'],
] as const)('a %s named %s is called %s', (kind, id, name) => {
  expect(shortName({ id: `${kind}#${id}`, kind, at: null, summary: '', facts: {} })).toBe(name);
});
