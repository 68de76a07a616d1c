import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findRecord } from '../../../core/lineage/find-record.ts';
import { ancestorsOf, linkRecords, relatedTo } from '../../../core/lineage/lineage-graph.ts';
import { lineageTree } from '../../../core/lineage/lineage-tree.ts';
import { lineageRecord } from '../../lambdas/memory-lineage.ts';
import { MODEL, PACKAGE, RECORDS } from './lineage-fixture.ts';

const lineage = linkRecords(MODEL, RECORDS);
const ids = (nodes: readonly { id: string }[]) => nodes.map(({ id }) => id);

describe('the lineage of a model', () => {
  it('leads from a deployment back to the upload, and forward to the windows that watched it', () => {
    const graph = relatedTo(lineage, `package#${PACKAGE}`);
    expect(ids(graph.nodes)).toEqual([
      'dataset#d-1',
      'intake#i-1',
      'decision#e-1',
      'snapshot#s-1',
      'run#e-1',
      `package#${PACKAGE}`,
      'deployment#p-1',
      'window#2001-02-12T01:00:00Z',
    ]);
    expect(graph.edges).toContainEqual({ from: 'decision#e-1', to: 'run#e-1' });
    expect(graph.edges).toContainEqual({ from: 'deployment#p-1', to: 'window#2001-02-12T01:00:00Z' });
  });

  it('leads from a window to the deployment that served it, to its amendments, and to the decision made from it', () => {
    const at = (day: number) => `2001-03-${day}T10:00:00.000Z`;
    const window = (id: string, day: number) =>
      lineageRecord(MODEL, { kind: 'window', id, at: at(day), detail: { verdict: 'drift', packageArn: PACKAGE } });
    const again = lineageRecord(MODEL, {
      kind: 'deployment',
      id: 'p-2',
      at: at(12),
      parents: [`package#${PACKAGE}`],
      detail: { outcome: 'live' },
    });
    const failed = { ...again, sk: 'deployment#p-3', id: 'p-3', at: at(13), detail: '{"outcome":"rolled-back"}' };
    const decision = lineageRecord(MODEL, {
      kind: 'decision',
      id: 'e-9',
      at: at(16),
      parents: ['window#w'],
      detail: {},
    });
    const { parents } = linkRecords(MODEL, [
      ...RECORDS,
      again,
      failed,
      decision,
      window('w', 11),
      window('w/found', 14),
      window('late/found', 15),
    ]);
    expect(parents.get('window#w')).toEqual(['deployment#p-1']);
    expect(parents.get('window#w/found')).toEqual(['window#w']);
    expect(parents.get('window#late/found')).toEqual(['deployment#p-2']);
    expect(parents.get('decision#e-9')).toEqual(['window#w']);
  });

  it('leads from a window that a deployment cut to every version that answered in it', () => {
    const other = PACKAGE.replace(/3$/, '4');
    const versions = [
      { packageArn: PACKAGE, rows: 800 },
      { packageArn: other, rows: 440 },
    ];
    const detail = { verdict: 'none', packageArn: PACKAGE, versions };
    const window = lineageRecord(MODEL, { kind: 'window', id: 'cut', at: '2001-03-01T00:00:00Z', detail });
    const { parents, nodes } = linkRecords(MODEL, [...RECORDS, window]);
    expect(parents.get('window#cut')).toEqual(['deployment#p-1', `package#${other}`]);
    expect(nodes.get('window#cut')?.facts).toMatchObject({ [`answered by ${other}`]: '440 rows' });
  });

  it('leads from a window to its package where no deployment is on record', () => {
    const records = RECORDS.filter(({ kind }) => kind !== 'deployment');
    expect(linkRecords(MODEL, records).parents.get('window#2001-02-12T01:00:00Z')).toEqual([`package#${PACKAGE}`]);
  });

  it('leads from a failure to what its execution had recorded before', () => {
    const failure = (id: string, execution: string) =>
      lineageRecord(MODEL, { kind: 'failure', id, at: '2001-02-14T00:00:00Z', detail: { execution } });
    const arn = 'arn:aws:states:us-east-1:123456789012:execution:modelway-flights-training:';
    const { parents } = linkRecords(MODEL, [...RECORDS, failure('a', `${arn}e-2`), failure('b', `${arn}none`)]);
    expect(parents.get('failure#a')).toEqual(['run#e-2']);
    expect(parents.get('failure#b')).toEqual([]);
  });

  it('leads from a dataset version forward to every run, the refused one too', () => {
    expect(ids(relatedTo(lineage, 'dataset#d-1').nodes)).toContain('run#e-2');
    expect(ids(ancestorsOf(lineage, 'run#e-2').nodes)).toEqual([
      'dataset#d-1',
      'intake#i-1',
      'snapshot#s-1',
      'run#e-2',
    ]);
  });

  it('shows a record that is named and not there, and one whose detail cannot be read', () => {
    const graph = relatedTo(lineage, 'failure#f-1');
    expect(graph.nodes).toEqual([
      { id: 'run#gone', kind: 'run', at: null, summary: 'no record', facts: {} },
      { id: 'failure#f-1', kind: 'failure', at: '2001-02-13T10:00:00.000Z', summary: '', facts: {} },
    ]);
  });

  it('keeps hashes, ids and settings as facts', () => {
    expect(lineage.nodes.get('dataset#d-1')).toMatchObject({
      summary: '1000 rows, inbox/flights/january.csv',
      facts: { schemaHash: 'ffee', 'source 1': `inbox/flights/january.csv, version v-1, SHA-256 ${'ab'.repeat(32)}` },
    });
    expect(lineage.nodes.get('snapshot#s-1')?.summary).toBe('700 train, 100 validation, 200 test');
  });

  it('ends with a circle of records, whatever it is', () => {
    const circle = fc.array(fc.tuple(fc.nat(6), fc.nat(6)), { maxLength: 20 });
    fc.assert(
      fc.property(circle, (links) => {
        const records = Array.from({ length: 7 }, (_, i) => ({
          pk: `model#${MODEL}`,
          sk: `run#${i}`,
          kind: 'run' as const,
          id: String(i),
          at: '2001-02-01T00:00:00Z',
          parents: links.filter(([child]) => child === i).map(([, parent]) => `run#${parent}`),
          detail: '{}',
        }));
        const graph = relatedTo(linkRecords(MODEL, records), 'run#0');
        expect(
          graph.edges.every(({ from, to }) => ids(graph.nodes).includes(from) && ids(graph.nodes).includes(to)),
        ).toBe(true);
        expect(lineageTree(graph).length).toBeGreaterThan(4);
      }),
    );
  });
});

describe('finding a record', () => {
  it.each([
    ['live', `package#${PACKAGE}`],
    ['3', `package#${PACKAGE}`],
    ['snapshot#s-1', 'snapshot#s-1'],
    ['s-1', 'snapshot#s-1'],
    ['2001-02-12', 'window#2001-02-12T01:00:00Z'],
  ])('%s means %s', (wanted, found) => {
    expect(findRecord(lineage, wanted, `package#${PACKAGE}`)).toBe(found);
  });

  it('refuses a beginning that several records have, naming them', () => {
    expect(() => findRecord(lineage, 'e-', undefined)).toThrow(/decision#e-1, run#e-1, run#e-2/);
  });

  it('refuses a name nobody has, and live when nothing serves', () => {
    expect(() => findRecord(lineage, 'nothing', undefined)).toThrow(/no record of flights is named so/);
    expect(() => findRecord(lineage, 'live', undefined)).toThrow(/no record/);
  });
});

describe('the tree of a record', () => {
  it('writes a shared record once and then says above', () => {
    const lines = lineageTree(relatedTo(lineage, 'run#e-1'));
    expect(lines[0]).toBe('run#e-1, 2001-02-04 10:00: passed its gates');
    expect(lines.filter((line) => line.includes('dataset#d-1'))).toEqual([
      '    dataset#d-1, 2001-02-01 10:00: 1000 rows, inbox/flights/january.csv',
      '    dataset#d-1 (above)',
    ]);
    expect(lines.slice(lines.indexOf('went into') + 1)[0]).toContain(`  package#${PACKAGE}`);
  });
});
