import { describe, expect, it } from 'vitest';
import type { LineageRecord, RecordKind } from '../../../contracts/records.ts';
import { lineageLines } from '../../../rehearsal/play/lineage-lines.ts';

const record = (kind: RecordKind, id: string, parents: readonly string[], at: string, detail = {}): LineageRecord => ({
  pk: 'model#flights',
  sk: `${kind}#${id}`,
  kind,
  id,
  at,
  parents: [...parents],
  detail: JSON.stringify(detail),
});

const history = [
  record('dataset', 'd1', [], '2001-02-01T01:00:00Z'),
  record('snapshot', 's1', ['dataset#d1'], '2001-02-01T01:01:00Z'),
  record('run', 'r1', ['snapshot#s1', 'dataset#d1'], '2001-02-01T01:20:00Z'),
  record('deployment', 'e1', ['run#r1'], '2001-02-01T01:30:00Z', { outcome: 'live' }),
  record('deployment', 'e2', ['run#r2'], '2001-03-01T01:30:00Z', { outcome: 'rolled-back' }),
];

describe('the lineage of the live model', () => {
  it('goes from the newest deployment that went live back to the uploads, each record once', () => {
    expect(lineageLines(history)).toEqual([
      'deployment e1, 2001-02-01 01:30',
      '  run r1, 2001-02-01 01:20',
      '    snapshot s1, 2001-02-01 01:01',
      '      dataset d1, 2001-02-01 01:00',
    ]);
  });

  it('names an ancestor that has no record', () => {
    const lines = lineageLines([record('deployment', 'e1', ['run#lost'], '2001-02-01T01:30:00Z', { outcome: 'live' })]);
    expect(lines.at(-1)).toBe('  run lost (no record)');
  });

  it('is empty when nothing ever went live', () => {
    expect(lineageLines(history.filter(({ id }) => id !== 'e1'))).toEqual([]);
  });
});
