import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AuditVerdictSchema, LineageGraphSchema } from '../../contracts/lineage.ts';
import { nextAuditRecord } from '../../core/lineage/audit-chain.ts';
import { idCollector } from '../../core/monitoring/id-index.ts';
import { MODEL, PACKAGE, RECORDS } from '../core/lineage/lineage-fixture.ts';
import { runCli } from './run-cli.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'modelway-lineage-'));
  const text = nextAuditRecord(
    undefined,
    { model: MODEL, what: 'x', subject: 'y', sha256: 'z' },
    '2001-01-01T00:00:00Z',
  );
  const left = (texts: readonly string[]) =>
    JSON.stringify({
      platform: 'modelway',
      model: MODEL,
      records: RECORDS,
      audit: texts.map((text) => ({ key: 'k', text })),
    });
  writeFileSync(join(folder, 'evidence.json'), left([]));
  writeFileSync(join(folder, 'broken.json'), left([text.replace('2001', '2002'), text]));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const run = (...typed: readonly string[]) => runCli(typed, folder);
const lineage = (...typed: readonly string[]) => run('lineage', ...typed, '--records', 'evidence.json');

describe('modelway lineage', () => {
  test('prints the tree of the live model in both directions', async () => {
    const { code, out } = await lineage('live');
    expect(code).toBe(0);
    expect(out).toContain('deployment#p-1, 2001-02-07 10:00: live\n\nmade from\n');
    expect(out).toContain('dataset#d-1, 2001-02-01 10:00: 1000 rows, inbox/flights/january.csv');
  });

  test('prints the graph as one JSON document', async () => {
    const graph = LineageGraphSchema.parse(JSON.parse((await lineage('3', '--json')).out));
    expect(graph.root).toBe(`package#${PACKAGE}`);
    expect(graph.nodes).toHaveLength(8);
  });

  test('prints OpenLineage events, one a line', async () => {
    const lines = (await lineage('live', '--openlineage')).out.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).eventType)).toEqual(lines.map(() => 'COMPLETE'));
  });

  test('finds the window that answered a prediction, and so the version, snapshot and data behind it', async () => {
    const ids = idCollector();
    for (const id of ['flight-1', 'flight-2', 'flight-3']) ids.add(id);
    const answered = { '2001-02-12T01:00:00Z': ids.index() };
    const left = { platform: 'modelway', model: MODEL, records: RECORDS, audit: [], answered };
    writeFileSync(join(folder, 'answered.json'), JSON.stringify(left));
    const asked = async (id: string) => run('lineage', id, '--records', 'answered.json', '--json');
    const graph = LineageGraphSchema.parse(JSON.parse((await asked('flight-2')).out));
    expect(graph.root).toBe('window#2001-02-12T01:00:00Z');
    expect(graph.nodes.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['dataset', 'snapshot', 'run', 'package', 'deployment', 'window']),
    );
    expect((await asked('flight-4')).code).toBe(2);
  });

  test('writes a page with a picture of every record', async () => {
    await lineage('dataset#d-1', '--html', 'page.html');
    const page = readFileSync(join(folder, 'page.html'), 'utf8');
    expect(page.match(/<rect /g)).toHaveLength(9);
  });

  test.each([
    [['lineage', '--records', 'evidence.json'], /V: is missing/],
    [['lineage', 'a', 'b', '--records', 'evidence.json'], /these are several/],
    [['lineage', 'nobody', '--records', 'evidence.json'], /no record of flights is named so \(got nobody\)/],
    [['lineage', 'live', '--records', 'none.json'], /none\.json: cannot be read/],
    [['audit', 'repair', '--records', 'evidence.json'], /can only verify/],
  ])('%j is wrong use and says why', async (typed, reason) => {
    const { code, err } = await run(...typed);
    expect(code).toBe(2);
    expect(err).toMatch(reason);
  });
});

describe('modelway audit verify', () => {
  test('ends 1 and names the first broken link', async () => {
    const { code, out } = await run('audit', 'verify', '--records', 'broken.json');
    expect([code, out]).toEqual([
      1,
      'broken at record 0 (k): a record is missing: k lies where audit/flights/0000000000.json belongs\n',
    ]);
  });

  test('tells lineage records that the chain does not vouch for apart from a broken chain', async () => {
    const { out } = await run('audit', 'verify', '--records', 'evidence.json', '--json');
    const verdict = AuditVerdictSchema.parse(JSON.parse(out));
    expect(verdict).toMatchObject({ verdict: 'broken', records: 0, broken: null });
    expect(verdict.differing).toHaveLength(RECORDS.length);
  });
});
