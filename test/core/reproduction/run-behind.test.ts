import { describe, expect, test } from 'vitest';
import { linkRecords } from '../../../core/lineage/lineage-graph.ts';
import { runBehind } from '../../../core/reproduction/run-behind.ts';
import { MODEL, PACKAGE, RECORDS } from '../lineage/lineage-fixture.ts';

const lineage = linkRecords(MODEL, RECORDS);
const LIVE = 'deployment#p-1';

describe('the run behind what a person names', () => {
  test.each([
    ['live', 'e-1'],
    ['3', 'e-1'],
    [`package#${PACKAGE}`, 'e-1'],
    ['window#2001-02-12T01:00:00Z', 'e-1'],
    ['run#e-2', 'e-2'],
    // The decision that started it has the same id.
    ['e-1', 'e-1'],
  ])('is, for %s, %s', (wanted, run) => {
    expect(runBehind(lineage, wanted, LIVE)).toBe(run);
  });

  test('is found by the beginning of its id, when that is long enough to mean it', () => {
    const long = linkRecords(
      MODEL,
      ['3f1234abcd', '3f12349999'].flatMap((id) =>
        RECORDS.filter(({ sk }) => sk === 'run#e-1').map((record) => ({ ...record, id, sk: `run#${id}` })),
      ),
    );
    expect(runBehind(long, '3f1234a', undefined)).toBe('3f1234abcd');
    expect(() => runBehind(long, '3f1234', undefined)).toThrow(/several records begin so/);
  });

  test.each(['dataset#d-1', 'snapshot#s-1', 'failure#f-1'])('is none for %s', (wanted) => {
    expect(() => runBehind(lineage, wanted, LIVE)).toThrow(/was not made by a training run.*name live/);
  });
});
